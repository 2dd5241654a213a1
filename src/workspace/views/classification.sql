-- What classes, scores and shares compare comes to this one row. Nothing else of a customer is stored that is another on the next day.
-- belongs to: materialized
-- stored by: as_of
-- internal
CREATE VIEW workspace.classification AS
SELECT min(r.as_of) AS as_of, _clientele.class_limits(x.history, x.profit_history, r.rules) AS rules,
    _clientele.pareto_curve(x.history, x.profit_history, r.rules) AS curve
FROM (
    SELECT d.as_of, _clientele.class_rules(ARRAY[d.as_of], s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b, s.xyz_by, s.frequency_within,
        s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by,
        s.rfm_bins, s.risk_gaps) AS rules
    FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
    LIMIT 1) r
CROSS JOIN workspace.customer_history x;
COMMENT ON VIEW workspace.classification IS 'One row: by what customer_classes tells customers apart at the reporting date';
COMMENT ON COLUMN workspace.classification.rules IS 'The settings, and the limits that all customers come to, as the functions of classes read them';
COMMENT ON COLUMN workspace.classification.curve IS 'The values that decide ABC classes, the largest first, with what they come to together';
