-- Whoever answers twice at the same time is counted with the lower score. Windows by customer let a condition on the
-- customer reach an index, and both joins go away where nobody asks for their columns (see orders_enriched). Histories
-- are joined last, and what begins with WITH is planned by itself: nothing carries a history on with each answer.
-- As one CASE the planner takes the conditions on a row for half of the rows. Of ranges one by one it would expect next to
-- none while there are no statistics, and then loop over all customers for each answer.
-- stored by: customer, answer_number
-- belongs to: answers
CREATE VIEW workspace.answers_enriched AS
WITH numbered AS (
    SELECT o.*, c.abc, c.xyz, c.cell, row_number() OVER one_by_one AS answer_number,
        o.customer IS NULL OR lead(o.day) OVER one_by_one IS NULL AS is_latest,
        o.customer IS NULL OR lead(o.period_start) OVER one_by_one IS DISTINCT FROM o.period_start AS is_latest_of_period,
        o.customer IS NULL OR lead(o.day) OVER by_touchpoint IS NULL AS is_latest_of_touchpoint
    FROM (
        SELECT e.customer, e.answered_at AS at, e.day, clientele.period_start(e.day, s.period) AS period_start, e.score, e.nps_group,
            e.touchpoint, e.channel, e.employee, nullif(btrim(e.comment), '') AS comment, e.kind, e.wish, e.owner,
            coalesce(e.replied_on < r.as_of, false) AS replied, CASE WHEN e.replied_on < r.as_of AND e.reply_hours >= 0 THEN e.reply_hours END AS reply_hours,
            coalesce(e.resolved_on < r.as_of, false) AS resolved, CASE WHEN e.resolved_on < r.as_of AND e.resolve_hours >= 0 THEN e.resolve_hours END AS resolve_hours,
            s.nps_answers, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by
        FROM workspace.answer_rows e
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        CROSS JOIN (SELECT x.as_of FROM workspace.reporting_date x LIMIT 1) r
        WHERE CASE WHEN e.usable THEN e.day < r.as_of ELSE false END
    ) o
    LEFT JOIN (
        SELECT k.customer, k.as_of, min(k.abc) AS abc, min(k.xyz) AS xyz, min(k.cell) AS cell
        FROM workspace.class_history k
        GROUP BY k.customer, k.as_of) c ON c.customer = CASE WHEN o.score >= 0 THEN o.customer END AND c.as_of = o.period_start
    WINDOW one_by_one AS (PARTITION BY o.customer ORDER BY o.day, o.at, o.score DESC, o.touchpoint, o.channel, o.employee,
            o.comment, o.kind, o.wish, o.owner, o.replied, o.reply_hours, o.resolved, o.resolve_hours),
        by_touchpoint AS (PARTITION BY o.customer, o.touchpoint ORDER BY o.day, o.at, o.score DESC, o.channel, o.employee,
            o.comment, o.kind, o.wish, o.owner, o.replied, o.reply_hours, o.resolved, o.resolve_hours)
)
SELECT a.customer, a.answer_number, a.day, a.period_start, a.score, a.nps_group, a.touchpoint, a.channel, a.employee,
    a.comment, a.kind, a.wish, a.owner, a.replied, a.reply_hours, a.resolved, a.resolve_hours / 24 AS resolve_days,
    a.kind IS NOT NULL AND a.kind IN ('negative', 'criticism', 'question', 'lead')
        OR a.kind IS NULL AND a.comment IS NOT NULL AND CASE WHEN a.nps_group IS NOT NULL THEN a.nps_group = 'detractor' ELSE a.score < (SELECT (w.lowest + w.highest) / 2.0::double precision FROM workspace.answer_window w) END AS needs_reply,
    clientele.lifecycle_stage(h.history, a.day, a.new_within, a.lost_after, a.regular_within, a.regular_purchases, a.count_by) AS stage,
    a.abc, a.xyz, a.cell, a.is_latest,
    a.is_latest OR a.nps_answers = 'all' AS counts_overall,
    a.is_latest_of_period OR a.nps_answers = 'all' AS counts_in_period,
    a.is_latest_of_touchpoint OR a.nps_answers = 'all' AS counts_at_touchpoint
FROM numbered a
LEFT JOIN workspace.customer_history h ON h.customer = a.customer;
COMMENT ON VIEW workspace.answers_enriched IS 'The answers one by one, with what the customer was at that time';
COMMENT ON COLUMN workspace.answers_enriched.customer IS 'The customer, as in the orders; empty where nobody knows who answered';
COMMENT ON COLUMN workspace.answers_enriched.period_start IS 'First day of the period of the answer';
COMMENT ON COLUMN workspace.answers_enriched.score IS 'How likely the customer is to recommend, 0 to 10; or the rating, where attach_answers() was told of another scale';
COMMENT ON COLUMN workspace.answers_enriched.resolved IS 'Whether it was resolved before the reporting date; where no column tells, whether there was a reply';
COMMENT ON COLUMN workspace.answers_enriched.resolve_days IS 'Days from the answer until it was resolved; empty where it was not';
COMMENT ON COLUMN workspace.answers_enriched.needs_reply IS 'Whether somebody should reply: a negative, criticism, question or lead, or a comment of no kind by a detractor, or by whose rating is below the middle of the scale';
COMMENT ON COLUMN workspace.answers_enriched.stage IS 'Stage of the lifecycle at the start of that day; empty before the first order and without a customer';
COMMENT ON COLUMN workspace.answers_enriched.abc IS 'ABC class at the start of that period, for the period under way and the eleven before it';
COMMENT ON COLUMN workspace.answers_enriched.xyz IS 'XYZ class at the start of that period';
COMMENT ON COLUMN workspace.answers_enriched.cell IS 'Cell of the matrix at the start of that period';
COMMENT ON COLUMN workspace.answers_enriched.is_latest IS 'Whether it is the customer''s latest answer; true without a customer';
COMMENT ON COLUMN workspace.answers_enriched.counts_overall IS 'Whether it counts in figures over all touchpoints: the latest, or all as the settings say';
COMMENT ON COLUMN workspace.answers_enriched.counts_in_period IS 'Whether it counts in the figures of its period';
COMMENT ON COLUMN workspace.answers_enriched.counts_at_touchpoint IS 'Whether it counts in the figures of its touchpoint';
