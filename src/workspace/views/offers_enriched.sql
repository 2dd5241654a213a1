-- A window by customer lets a condition on the customer reach an index. Histories are joined last, and nobody pays for them who does not
-- ask for what is read from them (see answers_enriched). What it took to be in a class is found once for each period, and the class of a
-- customer then is told from the own history. As one CASE the planner takes the conditions on a row for half of the rows.
-- stored by: customer, offer_number
-- belongs to: offers
CREATE VIEW workspace.offers_enriched AS
SELECT n.customer, n.offer_number, n.day, n.offer, n.outcome, n.reason, n.order_id, n.employee,
    clientele.lifecycle_stage(h.history, n.day, n.new_within, n.lost_after, n.regular_within, n.regular_purchases, n.count_by) AS stage,
    (SELECT c.cell FROM _clientele.class_points(h.history, h.profit_history, l.rules) c WHERE h.history IS NOT NULL AND l.rules IS NOT NULL) AS cell
FROM (
    SELECT o.customer, o.day, o.offer, o.outcome, o.reason, o.order_id, o.employee,
        row_number() OVER (PARTITION BY o.customer ORDER BY o.day, o.instant, o.offer, o.outcome, o.reason, o.order_id, o.employee) AS offer_number,
        clientele.period_start(o.day, s.period) AS period_start, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by
    FROM workspace.offer_rows o
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN (SELECT x.as_of FROM workspace.reporting_date x LIMIT 1) r
    WHERE CASE WHEN o.usable THEN o.day < r.as_of ELSE false END) n
LEFT JOIN (
    SELECT DISTINCT ON (m.as_of) m.as_of, _clientele.class_rules_with(_clientele.class_rules(ARRAY[m.as_of], s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
            s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
            s.regular_purchases, s.count_by, NULL::integer, NULL::double precision), ARRAY[m.lowest_a], ARRAY[m.lowest_b]) AS rules
    FROM workspace.class_limits m
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s) l ON l.as_of = n.period_start
LEFT JOIN workspace.customer_history h ON h.customer = n.customer;
COMMENT ON VIEW workspace.offers_enriched IS 'The offers one by one, with what became of them and what the customer was at that time';
COMMENT ON COLUMN workspace.offers_enriched.customer IS 'The customer, as in the orders; some may not have ordered yet';
COMMENT ON COLUMN workspace.offers_enriched.day IS 'Day of the offer';
COMMENT ON COLUMN workspace.offers_enriched.reason IS 'Why it was refused; empty where unknown';
COMMENT ON COLUMN workspace.offers_enriched.order_id IS 'Number of the order that came of it; empty where unknown';
COMMENT ON COLUMN workspace.offers_enriched.employee IS 'Who made it; empty where unknown';
COMMENT ON COLUMN workspace.offers_enriched.stage IS 'Stage of the lifecycle at the start of that day; empty before the first order';
COMMENT ON COLUMN workspace.offers_enriched.cell IS 'Cell of the matrix at the start of that period, for the period under way and the eleven before it';
