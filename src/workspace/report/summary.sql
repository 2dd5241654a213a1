-- workspace report: the same in thirteen rows for psql. Each is a query of topics/, whose $1 is the words; it gives a finding and advice.

-- First what may make all the rest wrong, last what there is nothing to say about.
CREATE FUNCTION _clientele.report_rank(topic text, place bigint, finding text, words jsonb) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN finding IS NULL THEN 100 + place
        WHEN topic = 'rows' AND words -> 'settings' ->> 'missed_since' IS NOT NULL THEN 0
        ELSE place END
$$;

CREATE FUNCTION loyalty_summary(workspace text DEFAULT 'loyalty', language text DEFAULT NULL) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
ROWS 13
AS $$
DECLARE
    words CONSTANT jsonb := _clientele.report_words(workspace, language);
    topic record;
    said record;
    ranked jsonb := '[]';
BEGIN
    FOR topic IN
        SELECT t.name, t.place, q.query FROM unnest('{light,shares,pareto,growth,call,lost,nps,touchpoint,offer,tried,programme,worth,rows}'::text[]) WITH ORDINALITY t(name, place)
        LEFT JOIN _clientele.report_queries(workspace, 'topics') q ON q.name = t.name
    LOOP
        SELECT NULL::text AS finding, NULL::text AS advice INTO said;
        IF topic.query IS NOT NULL THEN
            EXECUTE format('SELECT t.* FROM (VALUES (1)) one LEFT JOIN (%s) t(finding, advice) ON true', topic.query) INTO said USING words;
        END IF;
        ranked := ranked || jsonb_build_object('rank', _clientele.report_rank(topic.name, topic.place, said.finding, words), 'topic', _clientele.report_word(words, 'summary.' || topic.name),
            'finding', coalesce(said.finding, _clientele.report_word(words, 'summary.nothing')),
            'advice', CASE WHEN said.finding IS NULL THEN words ->> format('summary.%s.missing', topic.name) ELSE said.advice END);
    END LOOP;
    RETURN QUERY SELECT r.topic, r.finding, r.advice FROM jsonb_to_recordset(ranked) r(rank bigint, topic text, finding text, advice text) ORDER BY r.rank;
END
$$;
COMMENT ON FUNCTION loyalty_summary(text, text) IS
'What the report says, in thirteen rows: the light of the express test and why, one-time and regular customers, who carries 80 %, growth, whom to call, what is at stake with the lost, the Net Promoter Score and its change, the worst touchpoint, what goes together, what the last campaign brought, whom one purchase lifts into the next tier, what some points of retention are worth, and rows that do not count. The most important first; last those that there is nothing to say about, with what would change that.
Arguments: workspace: name of the schema; language: en or ru, that of the settings unless given.
Result: rows of topic, finding and advice.
Errors: 22004 if workspace is NULL, 3F000 if it is not a workspace, 55000 between detach_orders() and upgrade_workspace(), 22P05 for a language whose letters the database does not have, 22023 for an unknown one, 42501 for who may not read the workspace.';
