-- What compares all customers, kept so that the classes of one are told from that one's history.
-- belongs to: materialized
-- stored by: one_row
CREATE VIEW workspace.class_limits AS
SELECT true AS one_row, _clientele.class_limits(h.history, h.profit_history, r.rules) AS rules
FROM workspace.class_rules r
CROSS JOIN workspace.customer_history h;
COMMENT ON VIEW workspace.class_limits IS 'The lowest values of the classes A and B at the ends of the last twelve complete periods: what class_history reads';
COMMENT ON COLUMN workspace.class_limits.one_row IS 'true';
COMMENT ON COLUMN workspace.class_limits.rules IS 'Of class_limits()';
