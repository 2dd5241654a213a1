-- The answers are read once.
-- stored by: question, answer_position
-- belongs to: survey
CREATE VIEW workspace.survey_tallies AS
WITH answer AS MATERIALIZED (
    SELECT a.question, a.answer, a.questionnaire, a.respondent, a.answer_number FROM workspace.survey_answers a
), tallied AS (
    SELECT a.question, a.answer, count(*) AS answers, count(*) FILTER (WHERE a.answer_number = 1) AS first_answers
    FROM answer a GROUP BY a.question, a.answer
), everybody AS (
    SELECT x.questionnaire, count(*) AS respondents
    FROM (SELECT DISTINCT a.questionnaire, a.respondent FROM answer a WHERE a.answer_number = 1 AND a.questionnaire IS NOT NULL) x
    GROUP BY x.questionnaire
),
asked AS (
    SELECT q.*, r.respondents AS questionnaire_respondents
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
    LEFT JOIN everybody r ON r.questionnaire = q.questionnaire
    WHERE q.asked OR r.respondents > 0
)
SELECT q.questionnaire, q.question_position, q.question, q.question_text, q.kind, c.answer_position, c.answer,
    CASE WHEN q.kind = 'free' THEN q.base_answers ELSE coalesce(c.answers, 0) END AS answers, n.respondents,
    q.base_respondents, q.base_answers,
    100 * i.estimate AS pct_of_respondents, 100 * i.lower AS pct_lower, 100 * i.upper AS pct_upper,
    100 * c.answers::double precision / nullif(q.base_answers, 0)::double precision AS pct_of_answers,
    q.skipped, q.questionnaire_respondents - q.base_respondents - q.skipped AS not_asked, q.base_respondents >= s.enough AS enough
FROM asked q
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (
    SELECT c.question, c.answer, c.answers,
        row_number() OVER (PARTITION BY c.question ORDER BY c.option_position, c.answers DESC, c.answer COLLATE "C") AS answer_position
    FROM (
        SELECT coalesce(t.question, p.question) AS question, coalesce(t.answer, p.answer) AS answer, coalesce(t.answers, 0) AS answers, p.option_position
        FROM (SELECT x.question, x.answer, x.answers FROM tallied x WHERE x.answer IS NOT NULL) t
        FULL JOIN (
            SELECT q.question, _clientele.workspace_said(btrim(u.answer)) AS answer, min(u."position") AS option_position
            FROM workspace.questions q CROSS JOIN LATERAL unnest(q.options) WITH ORDINALITY u(answer, "position")
            GROUP BY q.question, 2) p ON p.question = t.question AND p.answer = t.answer) c
) c ON c.question = q.question AND q.kind <> 'free'
CROSS JOIN LATERAL (SELECT CASE WHEN q.kind = 'free' THEN q.base_respondents ELSE coalesce(c.answers, 0) END AS respondents) n
CROSS JOIN LATERAL clientele.wilson_interval(CASE WHEN q.kind <> 'free' THEN n.respondents END, q.base_respondents, 0.95::double precision) i;
COMMENT ON VIEW workspace.survey_tallies IS 'How often each answer was given: shares of those who answered the question, and of all answers to it. Free text is not split: one row per question';
COMMENT ON COLUMN workspace.survey_tallies.kind IS 'single, multiple or free, from the table questions; for others by the data: free with more than fifty different answers, multiple where somebody gave several';
COMMENT ON COLUMN workspace.survey_tallies.answers IS 'Number of answers';
COMMENT ON COLUMN workspace.survey_tallies.respondents IS 'Number of respondents who gave it; for free text, who wrote something';
COMMENT ON COLUMN workspace.survey_tallies.base_respondents IS 'Number of those who answered the question';
COMMENT ON COLUMN workspace.survey_tallies.base_answers IS 'Number of all answers to the question, more than respondents where several can be given';
COMMENT ON COLUMN workspace.survey_tallies.pct_of_answers IS 'Share of all answers to the question, 0 to 100; they add up to 100';
COMMENT ON COLUMN workspace.survey_tallies.skipped IS 'Number of respondents who were asked the question and gave no answer';
COMMENT ON COLUMN workspace.survey_tallies.not_asked IS 'Number of respondents of the questionnaire without a row for the question; empty where the question is of none';
COMMENT ON COLUMN workspace.survey_tallies.enough IS 'Whether there are enough respondents to go by';
