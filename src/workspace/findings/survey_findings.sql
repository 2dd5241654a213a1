-- Where parts of cells stand in other cells too, most of them, somebody chose them one by one: what a sentence with commas falls into
-- does not come again. A question with more than 5000 different answers is one for texts. What stands apart in an array is parted already.
-- belongs to: survey
WITH part AS (
    SELECT s.separator, c.question, c.cell_rows, btrim(u.part) AS part, u.place, strpos(c.answer, s.separator) > 0 AS is_parted,
        count(*) OVER (PARTITION BY s.separator, c.question, btrim(u.part)) AS cells
    FROM (
        SELECT r.question, r.answer, count(*) AS cell_rows, count(*) OVER (PARTITION BY r.question) AS different
        FROM workspace.survey_rows r
        LEFT JOIN workspace.questions k ON k.question = r.question
        WHERE r.usable AND length(r.answer) <= 200 AND coalesce(k.kind = 'multiple', true)
        GROUP BY r.question, r.answer) c
    CROSS JOIN unnest('{"; ",", ",";",",","|"}'::text[]) s(separator)
    CROSS JOIN LATERAL unnest(string_to_array(c.answer, s.separator)) WITH ORDINALITY u(part, place)
    WHERE c.different <= 5000
        AND NOT (SELECT x.type::text LIKE '%[]' FROM _clientele.workspace_role_column(_clientele.workspace_attached($1, 'survey'::text), 'answer'::text) x)
)
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT 0 AS "position", 'answers' AS topic, 'none yet' AS finding, 'The views are empty until there are answers' AS advice
    WHERE NOT EXISTS (SELECT r.usable FROM workspace.survey_rows r)
    UNION ALL
    SELECT q."position", replace(q.reason, '_', ' '), 'rows: ' || _clientele.workspace_row_share(q.answer_rows, nullif(sum(q.answer_rows) OVER ()::bigint, 0)),
        _clientele.workspace_words('en'::text) ->> ('survey_rows.' || q.reason)
    FROM (SELECT q.* FROM workspace.survey_quality q WHERE q.answer_rows > 0 OR q.reason = 'used') q
    UNION ALL
    SELECT 1001, 'empty times', 'rows with 0001-01-01, 1899-12-30 or 1970-01-01: ' || _clientele.workspace_row_share(nullif(count(*) FILTER (WHERE r.is_empty_time), 0), count(*)), 'Systems write them where there is no time: such rows are left out, as those without one'
    FROM workspace.survey_rows r
    UNION ALL
    SELECT 1002, 'separator', format('several answers seem to be in one cell, "%s" between them: %s rows, of %s', c.separator, c.cell_rows, c.questions),
        format('If so: SELECT * FROM attach_survey(%L, workspace => %L, separator => %L)', (SELECT a.relation FROM workspace.attached a WHERE a.relation_role = 'survey'), $1, c.separator)
    FROM (
        SELECT q.separator, sum(q.cell_rows) AS cell_rows, string_agg(quote_ident(left(q.question, 60)), ', ' ORDER BY q.question) AS questions
        FROM (
            SELECT p.separator, p.question, sum(p.cell_rows) FILTER (WHERE p.place = 1 AND p.is_parted) AS cell_rows
            FROM part p
            GROUP BY p.separator, p.question
            HAVING 2 * count(DISTINCT p.part) FILTER (WHERE p.is_parted AND p.cells > 1) > count(DISTINCT p.part) FILTER (WHERE p.is_parted)) q
        GROUP BY q.separator
        ORDER BY sum(q.cell_rows) DESC, length(q.separator) DESC LIMIT 1) c
    UNION ALL
    SELECT 1003, 'respondents', 'customers with orders: ' || _clientele.workspace_row_share(r.known, nullif(r.respondents, 0)),
        CASE WHEN r.known < r.respondents
            THEN 'The others are unknown in survey_by_dimension; if they are customers, attach a view with their key in the type of the orders''' END
    FROM (
        SELECT count(a.respondent) AS respondents, count(a.respondent) FILTER (WHERE c.customer IS NOT NULL) AS known
        FROM (SELECT s.respondent, s.customer FROM workspace.survey_answers s GROUP BY s.respondent, s.customer) a
        FULL JOIN workspace.customer_figures c ON c.customer = a.customer) r
    UNION ALL
    SELECT 1004, 'questions', 'not in the table questions: ' || string_agg(DISTINCT quote_ident(left(t.question, 60)), ', '),
        format('To give them a text, an order and options: INSERT INTO %I.questions', $1)
    FROM workspace.survey_tallies t
    WHERE t.questionnaire IS NULL) v
WHERE v.finding IS NOT NULL
ORDER BY v."position"
