-- belongs to: answers
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT coalesce(sum(q.answers), 0) AS answers, coalesce(sum(q.answers) FILTER (WHERE q.counted), 0) AS counted,
        string_agg(q.answers || ' ' || (_clientele.workspace_words('en'::text) ->> ('answer_rows.' || q.reason)), '; ' ORDER BY q."position") FILTER (WHERE NOT q.counted AND q.answers > 0) AS left_out,
        nullif(sum(q.answers) FILTER (WHERE q.reason = 'unknown_customer'), 0) AS strangers
    FROM workspace.answer_quality q) f
CROSS JOIN LATERAL (VALUES
    (1, 'answers', format('%s rows, %s of them counted', f.answers, f.counted), 'Left out: ' || f.left_out),
    (2, 'unknown customers', f.strangers || ' answers of customers without an order before the reporting date',
        'They count, as unknown in nps_by_segment; if there are many, look whether the column is the customer of the orders')) v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"
