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
    workspace text DEFAULT 'loyalty')
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    found @extschema@.attach_finding;
BEGIN
    IF answers IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'answers and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of answers: attach_answers(''sales.answers'').';
    END IF;
    FOR found IN
        SELECT f.* FROM @extschema@.workspace_attach_relation(workspace, 'answers', answers, jsonb_build_object(
            'customer', customer, 'answered_at', answered_at, 'score', score, 'touchpoint', touchpoint, 'channel', channel, 'employee', employee,
            'comment', comment, 'kind', kind, 'wish', wish, 'owner', owner, 'replied_at', replied_at, 'resolved_at', resolved_at)) f
    LOOP
        IF found.topic = 'customer' THEN
            found.advice := @extschema@.workspace_answers_index_advice(workspace, answers);
        END IF;
        RETURN NEXT found;
    END LOOP;
    IF to_regclass(format('%I.answer_quality', workspace)) IS NOT NULL THEN
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_answers(workspace) f;
    END IF;
END
$$;
COMMENT ON FUNCTION attach_answers(regclass, text, text, text, text, text, text, text, text, text, text, text, text, text) IS
'Attaches answers to "How likely are you to recommend us?" to a workspace, which makes nps_summary, nps_by_period, nps_by_touchpoint, nps_by_segment, improvements, voice_of_customer, feedback_inbox, response_times, answers_enriched and answer_quality, and fills nps in overview. Can be run again.
Arguments: answers: a table, partitioned or foreign table, view or materialized view with one row per answer; customer (who may be NULL: nobody knows who answered), answered_at, score (a number, 0 to 10): names of its columns, where left out those of the last time, else found by their usual names; workspace: name of the schema. Further columns that an answer may have, found by their usual names where left out, none where empty (''''): touchpoint: what it is about; channel: how it came; employee: who served; comment; kind: positive, negative, question, criticism, idea, lead or another; wish: what would make it a 10; owner: who has to reply; replied_at, resolved_at: when that was done.
Where nobody is asked for a name, attach a view with NULL::integer AS customer.
Result: rows of topic, finding and advice: what was found and chosen, how many answers count, and why others do not.
Errors: 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else, 22004 for NULL.';

CREATE FUNCTION workspace_answers_index_advice(workspace text, answers regclass) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@.workspace_index_advice(answers,
        @extschema@.workspace_given_column(answers, 'customer', @extschema@.workspace_attached_columns(workspace, answers, 'answers')->>'customer'),
        'the answers of one customer are found at once')
$$;
COMMENT ON FUNCTION workspace_answers_index_advice(text, regclass) IS
'Internal to attach_answers(): The statement that would index the customer of the attached answers, NULL where a usable index is there or none can be.';

CREATE FUNCTION workspace_diagnose_answers(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
BEGIN
    EXECUTE format($query$
        SELECT coalesce(sum(q.answers), 0) AS answers, coalesce(sum(q.answers) FILTER (WHERE q.counted), 0) AS counted,
            string_agg(q.answers || ' ' || q.description, '; ' ORDER BY q."position") FILTER (WHERE NOT q.counted AND q.answers > 0) AS left_out,
            sum(q.answers) FILTER (WHERE q.reason = 'unknown_customer') AS strangers
        FROM %I.answer_quality q
        $query$, workspace) INTO found;
    RETURN QUERY VALUES ('answers', format('%s rows, %s of them counted', found.answers, found.counted), 'Left out: ' || found.left_out);
    IF found.strangers > 0 THEN
        RETURN QUERY VALUES ('unknown customers', format('%s answers of customers without an order before the reporting date', found.strangers),
            'They count, as unknown in nps_by_segment; if there are many, look whether the column is the customer of the orders');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_answers(name) IS
'Internal to attach_answers(): What is there to tell about the rows of the answers.';

CREATE FUNCTION detach_answers(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    IF to_regclass(format('%I.nps_of_period', workspace)) IS NOT NULL THEN
        PERFORM @extschema@.workspace_create_no_answers(workspace);
    END IF;
    PERFORM @extschema@.workspace_detach_relation(workspace, 'answers', '{open_questions,nps_summary,nps_by_period,nps_by_touchpoint,nps_by_segment,improvements,voice_of_customer,feedback_inbox,response_times,answer_quality,answers_enriched}');
END
$$;
COMMENT ON FUNCTION detach_answers(text) IS
'Takes the answers from a workspace: the table stays as it is, the views that read it go, and nps in overview is empty. The texts of nps_advice are kept.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if something else stands on the views.';

CREATE FUNCTION workspace_create_answers_views(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'answers', orders_customer);
BEGIN
    PERFORM @extschema@.workspace_create_nps_advice(workspace);
    PERFORM @extschema@.workspace_create_answers_enriched(workspace, attached);
    PERFORM @extschema@.workspace_create_answer_quality(workspace, attached);
    PERFORM @extschema@.workspace_create_nps_of_period(workspace);
    PERFORM @extschema@.workspace_create_nps_by_period(workspace);
    PERFORM @extschema@.workspace_create_nps_summary(workspace);
    PERFORM @extschema@.workspace_create_nps_by_touchpoint(workspace);
    PERFORM @extschema@.workspace_create_nps_by_segment(workspace);
    PERFORM @extschema@.workspace_create_improvements(workspace);
    PERFORM @extschema@.workspace_create_voice_of_customer(workspace);
    PERFORM @extschema@.workspace_create_feedback_inbox(workspace);
    PERFORM @extschema@.workspace_create_response_times(workspace);
    PERFORM @extschema@.workspace_create_open_questions(workspace, orders_customer);
END
$$;
COMMENT ON FUNCTION workspace_create_answers_views(name, order_column) IS
'Internal to attach_answers(): Makes the views of a workspace that read the attached answers.
Errors: as workspace_attached_relation().';
