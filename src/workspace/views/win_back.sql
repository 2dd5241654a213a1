-- A silence of g days that began a days ago was, after s days, one whose outcome within the next w days is known now
-- if s <= least(g, a - w); and it ended within them if besides s > g - w. So both counts are running sums over s.
CREATE VIEW workspace.win_back AS
WITH classified AS MATERIALIZED (
    SELECT c.customer, c.history, c.as_of, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
        c.last_year_revenue, c.cell, c.stage, c.as_of - (c.as_of - s.lost_after)::date AS lost_days
    FROM workspace.customer_classes c CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    ),
silence AS (
    SELECT least(g.days, c.as_of - g.from_date - c.lost_days) AS known_days, g.days - c.lost_days AS too_early, g.ended
    FROM classified c CROSS JOIN LATERAL clientele.history_gaps(c.history, c.as_of, c.lost_days) g
),
change AS (
    SELECT i.known_days AS days, 1 AS known, i.ended::integer AS came_back FROM silence i
    UNION ALL SELECT i.too_early AS days, 0 AS known, -1 AS came_back FROM silence i WHERE i.ended
    UNION ALL SELECT DISTINCT c.days_since_last AS days, 0 AS known, 0 AS came_back FROM classified c WHERE c.stage = 'lost'
),
equal_silence AS (
    SELECT d.days, d.known, d.came_back, i.estimate, i.lower, i.upper
    FROM (SELECT x.days, sum(sum(x.known)) OVER longest_first::bigint AS known,
              sum(sum(x.came_back)) OVER longest_first::bigint AS came_back
          FROM change x GROUP BY x.days
          WINDOW longest_first AS (ORDER BY x.days DESC)) d
    CROSS JOIN LATERAL clientele.wilson_interval(d.came_back, d.known, 0.95::double precision) i
)
SELECT row_number() OVER (ORDER BY c.last_year_revenue * e.came_back / nullif(e.known, 0) DESC NULLS LAST,
        c.last_year_revenue DESC, c.days_since_last, c.customer) AS "position",
    c.customer, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
    c.last_year_revenue, round(c.last_year_revenue * e.came_back / nullif(e.known, 0), 2) AS expected_value, c.cell, p.action AS policy,
    e.known AS equal_silences, e.came_back, e.estimate AS return_share, e.lower AS return_share_lower,
    e.upper AS return_share_upper, e.known >= s.enough AS enough, d.customer_name, d.contact, a.approach
FROM classified c
JOIN equal_silence e ON e.days = c.days_since_last
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN workspace.policies p ON p.cell = c.cell
LEFT JOIN workspace.approaches a ON a.customers = 'lost'
LEFT JOIN workspace.customer_details d ON d.customer = c.customer
WHERE c.stage = 'lost';
COMMENT ON VIEW workspace.win_back IS 'Lost customers, first those with the highest expected value: revenue of the last year times the share of customers who came back after as long a silence';
COMMENT ON COLUMN workspace.win_back.purchases IS 'Number of purchases';
COMMENT ON COLUMN workspace.win_back.revenue IS 'Revenue of the whole life';
COMMENT ON COLUMN workspace.win_back.equal_silences IS 'Number of silences that lasted as long, by anybody, whose outcome within the next span of lost_after (six months) is known';
COMMENT ON COLUMN workspace.win_back.came_back IS 'Number of those that ended within it';
COMMENT ON COLUMN workspace.win_back.enough IS 'Whether there are enough equal silences to go by';
