-- What is due names days: at each of them, and now, all customers are told apart as they are in customer_classes. Where nothing is
-- due no history is read.
CREATE VIEW workspace.strategy_review AS
WITH due AS MATERIALIZED (
    SELECT x.kind, x.name, x.valid_from, x.review_by, x.campaign, r.as_of, CASE WHEN x.valid_from > make_date(1900, 1, 1) AND x.valid_from < r.as_of THEN x.valid_from END AS day
    FROM (
        SELECT 'policy'::text AS kind, p.cell AS name, p.valid_from, p.review_by, p.campaign FROM workspace.policies p
        UNION ALL SELECT 'approach'::text, a.customers, a.valid_from, a.review_by, a.campaign FROM workspace.approaches a
        UNION ALL SELECT 'tier'::text, t.tier, t.valid_from, t.review_by, t.campaign FROM workspace.tiers t WHERE t.policy = 'current') x
    CROSS JOIN workspace.reporting_date r
    WHERE x.review_by <= r.as_of
), ladder AS MATERIALIZED (
    SELECT l.tiers, l.rules FROM workspace.tier_ladder l WHERE l.policy = 'current'
), histories AS MATERIALIZED (
    SELECT h.customer, h.history, h.profit_history FROM workspace.customer_history h WHERE (SELECT count(d.day) FROM due d) > 0
), moment AS MATERIALIZED (
    SELECT y.day, _clientele.class_rules(ARRAY[y.day], s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b, s.xyz_by, s.frequency_within,
        s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by,
        s.rfm_bins, s.risk_gaps) AS rules
    FROM (SELECT d.day FROM due d WHERE d.day IS NOT NULL UNION SELECT d.as_of FROM due d WHERE d.day IS NOT NULL) y
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
), standing AS MATERIALIZED (
    SELECT f.day, f.customer, _clientele.figure_abc(f.figures) || _clientele.figure_xyz(f.figures) AS cell, _clientele.figure_stage(f.figures) AS stage,
        _clientele.figure_at_risk(f.figures) AS at_risk, _clientele.figure_purchases(f.figures) AS purchases,
        _clientele.figure_purchases(f.figures) = 1 AND _clientele.figure_stage(f.figures) <> 'lost' AND _clientele.figure_days_since_last(f.figures)
            >= coalesce(_clientele.usual_gap_of_shop(f.rules), f.day - (f.day - s.new_within)::date) AS second_order_due,
        f.place
    FROM (
        SELECT l.day, l.rules, h.customer, _clientele.customer_figures(h.history, h.profit_history, l.rules) AS figures,
            _clientele.tier_place(h.history, l.day, (SELECT y.rules FROM ladder y)) AS place
        FROM (
            SELECT m.day, _clientele.class_limits(x.history, x.profit_history, m.rules) AS rules
            FROM moment m CROSS JOIN histories x
            GROUP BY m.day) l
        CROSS JOIN histories h
        OFFSET 0) f
    CROSS JOIN (SELECT x.new_within FROM workspace.applied_settings x LIMIT 1) s
    WHERE f.figures IS NOT NULL
), stood AS (
    SELECT o.day, o.customer, k.kind, k.name, k.rank
    FROM standing o
    CROSS JOIN LATERAL (
        VALUES ('policy'::text, o.cell, _clientele.cell_rank(o.cell)), ('approach', o.stage, _clientele.stage_rank(o.stage)),
            ('approach', CASE WHEN o.at_risk THEN 'at_risk' END, 1), ('approach', CASE WHEN o.second_order_due THEN 'second_order_due' END, 1),
            ('tier', CASE WHEN o.place > 0 THEN (SELECT y.tiers FROM ladder y)[1 + o.place] END, o.place)) k(kind, name, rank)
    WHERE k.name IS NOT NULL
), became AS (
    SELECT d.kind, d.name, count(*) AS customers,
        count(*) FILTER (WHERE n.stage <> 'lost' AND b.rank >= o.rank) AS kept_customers,
        count(*) FILTER (WHERE n.stage <> 'lost' AND b.rank < o.rank) AS worse_customers,
        count(*) FILTER (WHERE n.stage = 'lost') AS gone_customers,
        sum(clientele.revenue(h.history, CASE WHEN d.as_of - d.day < 2000000 THEN d.day - (d.as_of - d.day) ELSE '-infinity' END, d.day)) AS revenue_before,
        sum(clientele.revenue(h.history, d.day, d.as_of)) AS revenue_since
    FROM due d
    JOIN stood o ON o.kind = d.kind AND o.name = d.name AND o.day = d.day
    JOIN standing n ON n.customer = o.customer AND n.day = d.as_of
    JOIN histories h ON h.customer = o.customer
    CROSS JOIN LATERAL (
        SELECT CASE WHEN d.kind = 'policy' THEN _clientele.cell_rank(n.cell) WHEN d.kind = 'tier' THEN n.place
            WHEN d.name = 'at_risk' THEN CASE WHEN n.at_risk THEN 0 ELSE 1 END
            WHEN d.name = 'second_order_due' THEN CASE WHEN n.purchases > 1 THEN 1 ELSE 0 END
            ELSE _clientele.stage_rank(n.stage) END AS rank) b
    GROUP BY d.kind, d.name
), reviewed AS MATERIALIZED (
    SELECT d.kind, d.name, d.valid_from, d.review_by, d.as_of, d.campaign, d.day,
        b.customers, b.kept_customers, b.worse_customers, b.gone_customers, b.revenue_before, b.revenue_since
    FROM due d
    LEFT JOIN became b ON b.kind = d.kind AND b.name = d.name
)
SELECT row_number() OVER (ORDER BY d.review_by, d.kind, d.name) AS "position",
    d.kind, d.name, d.valid_from, d.review_by, d.as_of - d.review_by AS days_overdue, d.campaign, d.as_of - d.day AS days,
    coalesce(d.customers, 0) AS customers, coalesce(d.kept_customers, 0) AS kept_customers, coalesce(d.worse_customers, 0) AS worse_customers,
    coalesce(d.gone_customers, 0) AS gone_customers, coalesce(d.revenue_before, 0.00) AS revenue_before, coalesce(d.revenue_since, 0.00) AS revenue_since,
    round(d.revenue_before / d.customers, 2) AS revenue_before_per_customer, round(d.revenue_since / d.customers, 2) AS revenue_since_per_customer,
    s.words ->> 'strategy_review.note' AS note, coalesce(d.customers, 0) >= s.enough AS enough
FROM reviewed d
CROSS JOIN (SELECT x.enough, _clientele.workspace_words(x.language) AS words FROM workspace.applied_settings x LIMIT 1) s;
COMMENT ON VIEW workspace.strategy_review IS 'Policies, approaches and tiers that are due for a review, and what became of the customers who stood under them when they came into force: no effect, as nobody knows what would have become of them without';
COMMENT ON COLUMN workspace.strategy_review."position" IS 'Order in which they are due';
COMMENT ON COLUMN workspace.strategy_review.kind IS 'policy: of a cell of the matrix; approach: to a stage or a list; tier: of the programme';
COMMENT ON COLUMN workspace.strategy_review.name IS 'Which one: the cell, the stage or list, the tier';
COMMENT ON COLUMN workspace.strategy_review.valid_from IS 'Since when it holds';
COMMENT ON COLUMN workspace.strategy_review.customers IS 'Number of customers who stood under it then, by what is known now of that day';
COMMENT ON COLUMN workspace.strategy_review.note IS 'What the figures do not say';
COMMENT ON COLUMN workspace.strategy_review.campaign IS 'The campaign that proved it; empty where none did';
