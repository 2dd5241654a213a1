-- workspace: attaching what customers answer

CREATE FUNCTION attach_answers(
    answers regclass,
    customer text DEFAULT NULL,
    answered_at text DEFAULT NULL,
    score text DEFAULT NULL,
    touchpoint text DEFAULT NULL,
    channel text DEFAULT NULL,
    employee text DEFAULT NULL,
    comment text DEFAULT NULL,
    kind text DEFAULT NULL,
    wish text DEFAULT NULL,
    owner text DEFAULT NULL,
    replied_at text DEFAULT NULL,
    resolved_at text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    scale text DEFAULT NULL,
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT f.*
    FROM _clientele.workspace_attach_other(workspace, 'answers', answers, jsonb_build_object(
        'customer', customer, 'answered_at', answered_at, 'score', score, 'touchpoint', touchpoint, 'channel', channel, 'employee', employee,
        'comment', comment, 'kind', kind, 'wish', wish, 'owner', owner, 'replied_at', replied_at, 'resolved_at', resolved_at, 'scale', scale, 'stored_in', stored_in)) f
$$;
COMMENT ON FUNCTION attach_answers(regclass, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text) IS
'Attaches answers to "How likely are you to recommend us?" to a workspace, which makes nps_summary, rating_summary, nps_by_period, nps_by_touchpoint, nps_by_segment, improvements, voice_of_customer, feedback_inbox, response_times, answers_enriched and answer_quality, and fills nps in overview. Can be run again.
Arguments: answers: a table, partitioned or foreign table, view or materialized view with one row per answer; customer (who may be NULL: nobody knows who answered), answered_at, score (a number, 0 to 10 unless scale says otherwise): names of its columns, where left out those of the last time, else found by their usual names; workspace: name of the schema. Further columns that an answer may have, found by their usual names where left out, none where empty (''''): touchpoint: what it is about; channel: how it came; employee: who served; comment; kind: positive, negative, question, criticism, idea, lead or another; wish: what would make it a 10; owner: who has to reply; replied_at, resolved_at: when that was done. scale: the lowest and the highest score there can be, such as 1-5; where left out that of the last time, else the 0-10 of the question. Ratings on another scale fill rating_summary, and the Net Promoter Score stays empty. stored_in: the time zone whose clock a column of timestamps without a zone shows, a full IANA name or UTC, where left out that of the last time; it has to be told where the days of the workspace are not those of UTC, unless the clock only ever shows midnight.
Where nobody is asked for a name, attach a view with NULL::integer AS customer.
Result: rows of topic, finding and advice: what was found and chosen, how many answers count, and why others do not.
Errors: 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 55000 where what is stored is distributed and other nodes do not know of it, 42501 without SELECT on the columns or for a workspace of somebody else, 22004 for NULL, 22023 for a scale or time zone that is none, for scores that do not look like 0 to 10 without scale, and for a clock without stored_in.';

CREATE FUNCTION detach_answers(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'answers');
END
$$;
COMMENT ON FUNCTION detach_answers(text) IS
'Takes the answers from a workspace: the table stays as it is, the views that read it go, and nps in overview is empty. The texts of nps_advice are kept.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if something else stands on the views.';
