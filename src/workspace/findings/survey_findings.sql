-- belongs to: survey
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT 0 AS "position", 'answers' AS topic, 'none yet' AS finding, 'The views are empty until there are answers' AS advice
    WHERE NOT EXISTS (SELECT FROM workspace.survey_rows)
    UNION ALL
    SELECT q."position", replace(q.reason, '_', ' '), 'rows: ' || _clientele.workspace_row_share(q.answer_rows, nullif(sum(q.answer_rows) OVER ()::bigint, 0)),
        _clientele.workspace_words('en'::text) ->> ('survey_rows.' || q.reason)
    FROM (SELECT q.* FROM workspace.survey_quality q WHERE q.answer_rows > 0 OR q.reason = 'used') q
    UNION ALL
    SELECT 1001, 'respondents', 'customers with orders: ' || _clientele.workspace_row_share(r.known, nullif(r.respondents, 0)),
        CASE WHEN r.known < r.respondents
            THEN 'The others are unknown in survey_by_dimension; if they are customers, attach a view with their key in the type of the orders''' END
    FROM (
        SELECT count(a.respondent) AS respondents, count(a.respondent) FILTER (WHERE c.customer IS NOT NULL) AS known
        FROM (SELECT s.respondent, s.customer FROM workspace.survey_answers s GROUP BY s.respondent, s.customer) a
        FULL JOIN workspace.customer_figures c ON c.customer = a.customer) r
    UNION ALL
    SELECT 1002, 'questions', 'not in the table questions: ' || string_agg(DISTINCT quote_ident(left(t.question, 60)), ', '),
        format('To give them a text, an order and options: INSERT INTO %I.questions', $1)
    FROM workspace.survey_tallies t
    WHERE t.questionnaire IS NULL) v
WHERE v.finding IS NOT NULL
ORDER BY v."position"
