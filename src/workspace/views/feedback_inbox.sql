-- The full join is never a loop over all customers for each answer. OFFSET 0 keeps the planner from making less of it.
-- belongs to: answers
CREATE VIEW workspace.feedback_inbox AS
SELECT row_number() OVER (ORDER BY q.last_year_revenue DESC NULLS LAST, q.day, q.customer, q.answer_number) AS "position",
    q.customer, q.answer_number, q.day, r.as_of - q.day AS age_days, q.kind, q.score, q.nps_group, q.comment, q.touchpoint, q.channel,
    q.employee, q.owner, q.replied, q.reply_hours, q.last_year_revenue, q.stage, q.cell, p.action AS policy, d.customer_name, d.contact
FROM (
    SELECT a.customer, a.answer_number, a.day, a.kind, a.score, a.nps_group, a.comment, a.touchpoint, a.channel, a.employee, a.owner,
        a.replied, a.reply_hours, c.last_year_revenue, c.stage, c.cell
    FROM (
        SELECT e.customer, e.answer_number, e.day, e.kind, e.score, e.nps_group, e.comment, e.touchpoint, e.channel, e.employee,
            e.owner, e.replied, e.reply_hours
        FROM workspace.answers_enriched e
        WHERE e.needs_reply AND NOT e.resolved) a
    FULL JOIN (
        SELECT k.customer, k.last_year_revenue, k.stage, k.cell FROM workspace.customer_classes k) c ON c.customer = a.customer
    OFFSET 0) q
CROSS JOIN workspace.reporting_date r
LEFT JOIN workspace.policies p ON p.cell = q.cell
LEFT JOIN workspace.customer_details d ON d.customer = q.customer
WHERE q.answer_number IS NOT NULL;
COMMENT ON VIEW workspace.feedback_inbox IS 'What waits for somebody, the most valuable customer first: negatives, criticism, questions and leads that are not resolved, and detractors'' comments of no kind';
COMMENT ON COLUMN workspace.feedback_inbox.customer IS 'The customer, as in the orders; empty where nobody knows who answered';
COMMENT ON COLUMN workspace.feedback_inbox.age_days IS 'Days from the answer to the reporting date';
COMMENT ON COLUMN workspace.feedback_inbox.score IS 'How likely the customer is to recommend, 0 to 10; or the rating, where attach_answers() was told of another scale';
COMMENT ON COLUMN workspace.feedback_inbox.last_year_revenue IS 'Revenue of the twelve months that end with the customer''s last order; empty for those not known';
COMMENT ON COLUMN workspace.feedback_inbox.stage IS 'Stage of the lifecycle at the reporting date';
