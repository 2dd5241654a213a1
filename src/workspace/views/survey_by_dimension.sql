-- stored by: question, dimension, value, answer_position
-- belongs to: survey
CREATE VIEW workspace.survey_by_dimension AS
WITH answer AS MATERIALIZED (
    SELECT a.question, a.answer, a.customer, a.answer_number
    FROM workspace.survey_answers a
    LEFT JOIN workspace.questions k ON k.question = a.question
    WHERE k.kind IS DISTINCT FROM 'free'
), classified AS MATERIALIZED (
    SELECT k.question, k.answer, k.stage, k.abc, k.xyz, k.cell, k.segment, k.known, count(*) AS answers,
        count(*) FILTER (WHERE k.answer_number = 1) AS first_answers
    FROM (
        SELECT a.question, a.answer, a.answer_number, c.stage, c.abc, c.xyz, c.cell, c.segment, c.customer IS NOT NULL AS known
        FROM answer a
        FULL JOIN (SELECT x.customer, x.stage, x.abc, x.xyz, x.cell, x.segment FROM workspace.customers x) c ON c.customer = a.customer
        WHERE coalesce(a.question, '') <> ''
        OFFSET 0) k
    GROUP BY k.question, k.answer, k.stage, k.abc, k.xyz, k.cell, k.segment, k.known
), divided AS MATERIALIZED (
    SELECT k.question, k.answer, k.dimension, k.value, count(*) AS answers, count(*) FILTER (WHERE k.answer_number = 1) AS first_answers
    FROM (
        SELECT a.question, a.answer, a.answer_number, d.dimension, d.value
        FROM answer a
        FULL JOIN (
            SELECT x.customer, x.value,
                CASE WHEN x.dimension IN ('stage', 'abc', 'xyz', 'cell', 'rfm_segment') THEN 'customer_' ELSE '' END || x.dimension AS dimension
            FROM workspace.customer_dimensions x
            WHERE x.value IS NOT NULL) d ON d.customer = a.customer
        OFFSET 0) k
    GROUP BY k.question, k.answer, k.dimension, k.value
),
tallied AS (
    SELECT c.question, c.answer, sum(c.answers)::bigint AS answers, sum(c.first_answers)::bigint AS first_answers
    FROM classified c GROUP BY c.question, c.answer
), cell AS (
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
),
base AS (
    SELECT c.question, c.dimension, c.value, sum(c.first_answers)::bigint AS respondents
    FROM cell c WHERE c.answer IS NOT NULL GROUP BY c.question, c.dimension, c.value
)
SELECT q.questionnaire, q.question_position, q.question, q.question_text, q.kind, c.answer_position, c.answer,
    b.dimension, b.value, coalesce(t.answers, 0) AS respondents, b.respondents AS base_respondents,
    100 * i.estimate AS pct_of_respondents, 100 * i.lower AS pct_lower, 100 * i.upper AS pct_upper,
    b.respondents >= s.enough AS enough
FROM (
    SELECT coalesce(t.question, q.question) AS question, q.questionnaire, q."position" AS question_position,
        coalesce(q.question_text, t.question) AS question_text,
        coalesce(q.kind, CASE WHEN t.choices > 50 THEN 'free' WHEN t.base_answers > t.base_respondents THEN 'multiple' ELSE 'single' END) AS kind,
        t.question IS NOT NULL AS asked, coalesce(t.base_respondents, 0) AS base_respondents,
        coalesce(t.base_answers, 0) AS base_answers, coalesce(t.skipped, 0) AS skipped
    FROM (
        SELECT x.question, count(x.answer) AS choices, coalesce(sum(x.first_answers) FILTER (WHERE x.answer IS NOT NULL), 0)::bigint AS base_respondents,
            coalesce(sum(x.answers) FILTER (WHERE x.answer IS NOT NULL), 0)::bigint AS base_answers,
            coalesce(sum(x.answers) FILTER (WHERE x.answer IS NULL), 0)::bigint AS skipped
        FROM tallied x GROUP BY x.question) t
    FULL JOIN workspace.questions q ON q.question = t.question
) q
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
JOIN base b ON b.question = q.question
JOIN (
    SELECT c.question, c.answer, c.answers,
        row_number() OVER (PARTITION BY c.question ORDER BY c.option_position, c.answers DESC, c.answer COLLATE "C") AS answer_position
    FROM (
        SELECT coalesce(t.question, p.question) AS question, coalesce(t.answer, p.answer) AS answer, coalesce(t.answers, 0) AS answers, p.option_position
        FROM (SELECT x.question, x.answer, x.answers FROM tallied x WHERE x.answer IS NOT NULL) t
        FULL JOIN (
            SELECT q.question, _clientele.workspace_said(btrim(u.answer)) AS answer, min(u."position") AS option_position
            FROM workspace.questions q CROSS JOIN LATERAL unnest(q.options) WITH ORDINALITY u(answer, "position")
            GROUP BY q.question, 2) p ON p.question = t.question AND p.answer = t.answer) c
) c ON c.question = q.question
LEFT JOIN cell t ON t.question = q.question AND t.answer = c.answer AND t.dimension = b.dimension AND t.value = b.value
CROSS JOIN LATERAL clientele.wilson_interval(coalesce(t.answers, 0), b.respondents, 0.95::double precision) i
WHERE q.kind <> 'free' AND b.respondents > 0;
COMMENT ON VIEW workspace.survey_by_dimension IS 'How often each answer was given by customers of each stage, class and segment as they are now, and of each dimension; free text is not split';
COMMENT ON COLUMN workspace.survey_by_dimension.kind IS 'single, multiple or free, from the table questions; for others by the data: free with more than fifty different answers, multiple where somebody gave several';
COMMENT ON COLUMN workspace.survey_by_dimension.dimension IS 'stage, abc, xyz, cell or rfm_segment, as they are now, or one of customer_dimensions';
COMMENT ON COLUMN workspace.survey_by_dimension.value IS 'Its value for the respondents: unknown for those who are no customers or have none, none for customers without a class';
COMMENT ON COLUMN workspace.survey_by_dimension.respondents IS 'Number of respondents with that value who gave the answer';
COMMENT ON COLUMN workspace.survey_by_dimension.base_respondents IS 'Number of respondents with that value who answered the question';
COMMENT ON COLUMN workspace.survey_by_dimension.enough IS 'Whether there are enough respondents to go by';
