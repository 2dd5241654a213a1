-- stored by: reason
-- belongs to: survey
CREATE VIEW workspace.survey_quality AS
SELECT v."position", v.reason, l.words ->> ('survey_rows.' || v.reason) AS description, v.answer_rows,
    100 * v.answer_rows::double precision / nullif(c.all_rows, 0)::double precision AS pct_of_rows
FROM (
    SELECT count(*) AS all_rows, count(*) FILTER (WHERE r.left_out = 'no_respondent') AS no_respondent,
        count(*) FILTER (WHERE r.left_out = 'no_question') AS no_question,
        count(*) FILTER (WHERE r.left_out = 'no_time') AS no_time,
        count(*) FILTER (WHERE r.left_out = 'invalid_time') AS invalid_time,
        count(*) FILTER (WHERE r.left_out IS NULL AND r.day >= (SELECT d.as_of FROM workspace.reporting_date d)) AS future
    FROM workspace.survey_rows r) c
CROSS JOIN (SELECT count(*) AS used FROM workspace.survey_answers) u
CROSS JOIN (SELECT _clientele.workspace_words(x.language) AS words FROM workspace.applied_settings x LIMIT 1) l
CROSS JOIN LATERAL (VALUES
    (1, 'used', u.used),
    (2, 'no_respondent', c.no_respondent),
    (3, 'no_question', c.no_question),
    (4, 'no_time', c.no_time),
    (5, 'invalid_time', c.invalid_time),
    (6, 'future', c.future),
    (7, 'replaced',
        c.all_rows - c.no_respondent - c.no_question - c.no_time - c.invalid_time - c.future - u.used)
) v("position", reason, answer_rows);
COMMENT ON VIEW workspace.survey_quality IS 'The rows of the answers to questionnaires by what became of them: each row is under exactly one reason';
COMMENT ON COLUMN workspace.survey_quality."position" IS 'Order in which to show the reasons';
COMMENT ON COLUMN workspace.survey_quality.answer_rows IS 'Number of rows';
