-- belongs to: answers
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT coalesce(sum(q.answers), 0) AS answers, coalesce(sum(q.answers) FILTER (WHERE q.counted), 0) AS counted,
        string_agg(q.answers || ' ' || (_clientele.workspace_words('en'::text) ->> ('answer_rows.' || q.reason)), '; ' ORDER BY q."position") FILTER (WHERE NOT q.counted AND q.answers > 0) AS left_out,
        nullif(sum(q.answers) FILTER (WHERE q.reason = 'unknown_customer'), 0) AS strangers,
        (SELECT ARRAY[w.lowest, w.highest] FROM workspace.answer_window w WHERE w.lowest <> 0 OR w.highest <> 10) AS scale,
        (SELECT nullif(count(*), 0) FROM workspace.answer_rows r WHERE r.is_empty_time) AS empty_times
    FROM workspace.answer_quality q) f
CROSS JOIN LATERAL (VALUES
    (1, 'answers', format('%s rows, %s of them counted', f.answers, f.counted), 'Left out: ' || f.left_out),
    (2, 'scale', CASE WHEN f.scale IS NOT NULL THEN format('ratings of %s to %s: rating_summary counts them, nps_summary and its kin have no score', f.scale[1], f.scale[2]) END,
        'If they do answer whether customers would recommend you, from 0 to 10: attach again with scale => ''0-10'''),
    (3, 'empty times', 'answers with 0001-01-01, 1899-12-30 or 1970-01-01: ' || f.empty_times, 'Systems write them where there is no time: such rows are left out, as those without one'),
    (4, 'unknown customers', f.strangers || ' answers of customers without an order before the reporting date',
        'They count, as unknown in nps_by_segment; if there are many, look whether the column is the customer of the orders')) v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"
