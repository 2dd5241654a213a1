-- workspace: the answers to surveys by what the respondents are as customers

CREATE FUNCTION workspace_create_survey_by_dimension(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'survey_by_dimension', format($view$
        WITH answer AS MATERIALIZED (
            SELECT a.question, a.answer, a.customer, a.answer_number
            FROM %1$I.survey_answers a
            LEFT JOIN %1$I.questions k ON k.question = a.question
            WHERE k.kind IS DISTINCT FROM 'free'
        ), classified AS MATERIALIZED (%2$s), divided AS MATERIALIZED (%3$s),
        tallied AS (
            SELECT c.question, c.answer, sum(c.answers)::bigint AS answers, sum(c.first_answers)::bigint AS first_answers
            FROM classified c GROUP BY c.question, c.answer
        ), cell AS (%4$s),
        base AS (
            SELECT c.question, c.dimension, c.value, sum(c.first_answers)::bigint AS respondents
            FROM cell c WHERE c.answer IS NOT NULL GROUP BY c.question, c.dimension, c.value
        )
        SELECT q.questionnaire, q.question_position, q.question, q.question_text, q.kind, c.answer_position, c.answer,
            b.dimension, b.value, coalesce(t.answers, 0) AS respondents, b.respondents AS base_respondents,
            100 * i.estimate AS pct_of_respondents, 100 * i.lower AS pct_lower, 100 * i.upper AS pct_upper,
            b.respondents >= s.enough AS enough
        FROM (%5$s) q
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        JOIN base b ON b.question = q.question
        JOIN (%6$s) c ON c.question = q.question
        LEFT JOIN cell t ON t.question = q.question AND t.answer = c.answer AND t.dimension = b.dimension AND t.value = b.value
        CROSS JOIN LATERAL %7$s.wilson_interval(coalesce(t.answers, 0), b.respondents) i
        WHERE q.kind <> 'free' AND b.respondents > 0
        $view$, workspace, @extschema@.workspace_classified_answers_sql(workspace), @extschema@.workspace_divided_answers_sql(workspace),
            @extschema@.workspace_survey_cells_sql(), @extschema@.workspace_asked_questions_sql(workspace, 'tallied'),
            @extschema@.workspace_choices_sql(workspace, 'tallied'), '@extschema@'),
        'How often each answer was given by customers of each stage, class and segment as they are now, and of each dimension; free text is not split',
        @extschema@.workspace_tally_comments() || ARRAY[
            ['dimension', 'stage, abc, xyz, cell or rfm_segment, as they are now, or one of customer_dimensions'],
            ['value', 'Its value for the respondents: unknown for those who are no customers or have none, none for customers without a class'],
            ['respondents', 'Number of respondents with that value who gave the answer'],
            ['base_respondents', 'Number of respondents with that value who answered the question']]);
END
$$;
COMMENT ON FUNCTION workspace_create_survey_by_dimension(name) IS
'Internal to attach_survey(): Makes the view survey_by_dimension of a workspace.';

-- A full join is never a loop over all customers for each answer, however few the planner expects; coalesce() keeps it
-- from being made a simpler one. There are few combinations of classes, so the answers are counted by all of them at once.
-- OFFSET 0 makes columns of one relation of them, of which the planner expects a tenth as many combinations as rows; for
-- those of two it multiplies.
CREATE FUNCTION workspace_classified_answers_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT k.question, k.answer, k.stage, k.abc, k.xyz, k.cell, k.segment, k.known, count(*) AS answers,
            count(*) FILTER (WHERE k.answer_number = 1) AS first_answers
        FROM (
            SELECT a.question, a.answer, a.answer_number, c.stage, c.abc, c.xyz, c.cell, c.segment, c.customer IS NOT NULL AS known
            FROM answer a
            FULL JOIN (SELECT x.customer, x.stage, x.abc, x.xyz, x.cell, x.segment FROM %1$I.customers x) c ON c.customer = a.customer
            WHERE coalesce(a.question, '') <> ''
            OFFSET 0) k
        GROUP BY k.question, k.answer, k.stage, k.abc, k.xyz, k.cell, k.segment, k.known
        $query$, workspace)
$$;
COMMENT ON FUNCTION workspace_classified_answers_sql(name) IS
'Internal to attach_survey(): The query for the number of answers by the classes of the respondents.';

CREATE FUNCTION workspace_divided_answers_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT k.question, k.answer, k.dimension, k.value, count(*) AS answers, count(*) FILTER (WHERE k.answer_number = 1) AS first_answers
        FROM (
            SELECT a.question, a.answer, a.answer_number, d.dimension, d.value
            FROM answer a
            FULL JOIN (
                SELECT x.customer, x.value,
                    CASE WHEN x.dimension IN ('stage', 'abc', 'xyz', 'cell', 'rfm_segment') THEN 'customer_' ELSE '' END || x.dimension AS dimension
                FROM %1$I.customer_dimensions x
                WHERE x.value IS NOT NULL) d ON d.customer = a.customer
            OFFSET 0) k
        GROUP BY k.question, k.answer, k.dimension, k.value
        $query$, workspace)
$$;
COMMENT ON FUNCTION workspace_divided_answers_sql(name) IS
'Internal to attach_survey(): The query for the number of answers by the dimensions of the respondents.';

CREATE FUNCTION workspace_survey_cells_sql() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Who has no value in a dimension is who is missing in it from all who gave the answer. An answer is never ''.
    SELECT $query$
        SELECT x.question, x.answer, x.dimension, x.value, sum(x.answers)::bigint AS answers, sum(x.first_answers)::bigint AS first_answers
        FROM (
            SELECT c.question, c.answer, v.dimension, CASE WHEN c.known THEN coalesce(v.value, 'none') ELSE 'unknown' END AS value,
                c.answers, c.first_answers
            FROM classified c
            CROSS JOIN LATERAL (VALUES ('stage', c.stage), ('abc', c.abc), ('xyz', c.xyz), ('cell', c.cell), ('rfm_segment', c.segment)) v(dimension, value)
            UNION ALL
            SELECT d.question, d.answer, d.dimension, d.value, d.answers, d.first_answers
            FROM divided d WHERE d.question IS NOT NULL AND d.dimension IS NOT NULL
            UNION ALL
            SELECT t.question, t.answer, d.dimension, 'unknown' AS value, t.answers - coalesce(k.answers, 0) AS answers,
                t.first_answers - coalesce(k.first_answers, 0) AS first_answers
            FROM tallied t
            CROSS JOIN (SELECT DISTINCT n.dimension FROM divided n WHERE n.dimension IS NOT NULL) d
            LEFT JOIN (
                SELECT n.question, n.answer, n.dimension, sum(n.answers) AS answers, sum(n.first_answers) AS first_answers
                FROM divided n GROUP BY n.question, n.answer, n.dimension) k
                ON k.question = t.question AND coalesce(k.answer, '') = coalesce(t.answer, '') AND k.dimension = d.dimension
            WHERE t.answers > coalesce(k.answers, 0)) x
        GROUP BY x.question, x.answer, x.dimension, x.value
        $query$
$$;
COMMENT ON FUNCTION workspace_survey_cells_sql() IS
'Internal to attach_survey(): The query for the number of answers by each value of each dimension.';
