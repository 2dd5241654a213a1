-- A full join is never a loop over all customers for each answer, however few the planner expects.
-- stored by: reason
-- belongs to: answers
CREATE VIEW workspace.answer_quality AS
WITH report AS MATERIALIZED (SELECT x.as_of, x.refreshed_at FROM workspace.reporting_date x LIMIT 1)
SELECT v."position", v.reason, l.words ->> ('answer_rows.' || v.reason) AS description, v.counted, v.answers,
    100 * v.answers::double precision / nullif(sum(v.answers) OVER (), 0)::double precision AS pct_of_answers, r.refreshed_at
FROM report r
CROSS JOIN (SELECT _clientele.workspace_words(x.language) AS words FROM workspace.applied_settings x LIMIT 1) l
CROSS JOIN (
    SELECT count(*) FILTER (WHERE a.reason = 'used' AND h.ordered) AS used,
        count(*) FILTER (WHERE a.reason = 'used' AND a.customer IS NULL) AS no_customer,
        count(*) FILTER (WHERE a.reason = 'used' AND a.customer IS NOT NULL AND h.ordered IS NOT TRUE) AS unknown_customer,
        count(*) FILTER (WHERE a.reason = 'no_time') AS no_time,
        count(*) FILTER (WHERE a.reason = 'invalid_time') AS invalid_time,
        count(*) FILTER (WHERE a.reason = 'no_score') AS no_score,
        count(*) FILTER (WHERE a.reason = 'invalid_score') AS invalid_score,
        count(*) FILTER (WHERE a.reason = 'future') AS future
    FROM (
        SELECT o.customer, CASE WHEN o.left_out IS NOT NULL THEN o.left_out WHEN o.day >= d.as_of THEN 'future' ELSE 'used' END AS reason
        FROM workspace.answer_rows o CROSS JOIN report d) a
    FULL JOIN (
        SELECT c.customer, clientele.first_order(c.history, d.as_of) IS NOT NULL AS ordered
        FROM workspace.customer_history c CROSS JOIN report d) h ON h.customer = a.customer) f
CROSS JOIN LATERAL (VALUES
    (1, 'used', true, f.used),
    (2, 'no_customer', true, f.no_customer),
    (3, 'unknown_customer', true, f.unknown_customer),
    (4, 'no_time', false, f.no_time),
    (5, 'invalid_time', false, f.invalid_time),
    (6, 'no_score', false, f.no_score),
    (7, 'invalid_score', false, f.invalid_score),
    (8, 'future', false, f.future)
) v("position", reason, counted, answers)
ORDER BY v."position";
COMMENT ON VIEW workspace.answer_quality IS 'The rows of the answers by what became of them: each row is under exactly one reason';
COMMENT ON COLUMN workspace.answer_quality."position" IS 'Order in which to show the reasons';
COMMENT ON COLUMN workspace.answer_quality.reason IS 'used, no_customer and unknown_customer count; the others say why rows are left out';
COMMENT ON COLUMN workspace.answer_quality.counted IS 'Whether such answers count';
COMMENT ON COLUMN workspace.answer_quality.answers IS 'Number of rows';
COMMENT ON COLUMN workspace.answer_quality.pct_of_answers IS 'Share of all rows, 0 to 100';
COMMENT ON COLUMN workspace.answer_quality.refreshed_at IS 'When the answers were read: now, with stored figures at the last refresh';
