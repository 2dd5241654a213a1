-- belongs to: answers
CREATE VIEW workspace.nps_by_segment AS
WITH counted AS MATERIALIZED (
    SELECT a.stage AS stage_then, a.abc AS abc_then, a.xyz AS xyz_then, a.cell AS cell_then,
        c.stage AS stage_now, c.abc AS abc_now, c.xyz AS xyz_now, c.cell AS cell_now,
        count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'promoter') AS promoters,
        count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'passive') AS passives,
        count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'detractor') AS detractors,
        count(c.customer) FILTER (WHERE a.is_latest IS NOT FALSE) AS customers,
        count(c.customer) FILTER (WHERE a.is_latest) AS answered_customers,
        sum(c.last_year_revenue) FILTER (WHERE a.is_latest AND a.nps_group = 'detractor') AS value_at_risk
    FROM (
        SELECT DISTINCT ON (k.customer) k.customer, k.stage, k.abc, k.xyz, k.cell, k.last_year_revenue FROM workspace.customer_classes k) c
    FULL JOIN (
        SELECT e.customer, e.stage, e.abc, e.xyz, e.cell, e.nps_group, e.counts_overall, e.is_latest
        FROM workspace.answers_enriched e
        CROSS JOIN workspace.answer_window w
        WHERE e.day >= w.from_date) a ON a.customer = c.customer
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), behind AS (
    SELECT d.dimension, coalesce(d.value, 'unknown') AS value, sum(k.promoters)::bigint AS promoters, sum(k.passives)::bigint AS passives,
        sum(k.detractors)::bigint AS detractors, sum(k.value_at_risk) AS value_at_risk
    FROM counted k
    CROSS JOIN LATERAL (VALUES ('stage', k.stage_then), ('abc', k.abc_then), ('xyz', k.xyz_then), ('cell', k.cell_then)) d(dimension, value)
    GROUP BY 1, 2
), member AS (
    SELECT d.dimension, coalesce(d.value, 'unknown') AS value, sum(k.customers)::bigint AS customers,
        sum(k.answered_customers)::bigint AS answered_customers
    FROM counted k
    CROSS JOIN LATERAL (VALUES ('stage', k.stage_now), ('abc', k.abc_now), ('xyz', k.xyz_now), ('cell', k.cell_now)) d(dimension, value)
    GROUP BY 1, 2
)
SELECT v."position"::integer AS "position", v.dimension, v.value, clientele.nps_responses(q.answers) AS responses, clientele.nps_promoters(q.answers) AS promoters, clientele.nps_passives(q.answers) AS passives,
    clientele.nps_detractors(q.answers) AS detractors, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
    coalesce(m.customers, 0) AS customers, coalesce(m.answered_customers, 0) AS answered_customers,
    m.answered_customers::double precision / nullif(m.customers, 0)::double precision AS response_rate,
    coalesce(b.value_at_risk, 0.00) AS value_at_risk, clientele.nps_responses(q.answers) >= s.enough AS enough
FROM (VALUES (1, 'stage', 'new'), (2, 'stage', 'occasional'), (3, 'stage', 'regular'), (4, 'stage', 'lost'), (5, 'stage', 'unknown'), (6, 'abc', 'A'), (7, 'abc', 'B'), (8, 'abc', 'C'), (9, 'abc', 'unknown'), (10, 'xyz', 'X'), (11, 'xyz', 'Y'), (12, 'xyz', 'Z'), (13, 'xyz', 'unknown'), (14, 'cell', 'AX'), (15, 'cell', 'AY'), (16, 'cell', 'AZ'), (17, 'cell', 'BX'), (18, 'cell', 'BY'), (19, 'cell', 'BZ'), (20, 'cell', 'CX'), (21, 'cell', 'CY'), (22, 'cell', 'CZ'), (23, 'cell', 'unknown')) v("position", dimension, value)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN behind b ON b.dimension = v.dimension AND b.value = v.value
LEFT JOIN member m ON m.dimension = v.dimension AND m.value = v.value
CROSS JOIN LATERAL (SELECT clientele.nps(coalesce(b.promoters, 0), coalesce(b.passives, 0), coalesce(b.detractors, 0)) AS answers) q
CROSS JOIN LATERAL clientele.nps_interval(q.answers, 0.95::double precision, 'score'::text) i
ORDER BY v."position";
COMMENT ON VIEW workspace.nps_by_segment IS 'The Net Promoter Score of the last twelve months (nps_window) by what customers were when they answered: stage, classes and cell, each with a row unknown. The rows of a dimension add up to nps_summary';
COMMENT ON COLUMN workspace.nps_by_segment."position" IS 'Order in which to show the rows';
COMMENT ON COLUMN workspace.nps_by_segment.dimension IS 'stage, abc, xyz or cell';
COMMENT ON COLUMN workspace.nps_by_segment.value IS 'Stage at the start of the day of the answer; class or cell at the start of its period; unknown where the customer was in none, or is not known';
COMMENT ON COLUMN workspace.nps_by_segment.customers IS 'Number of customers who are in it at the reporting date; unknown: in none';
COMMENT ON COLUMN workspace.nps_by_segment.answered_customers IS 'Number of those who answered in the window';
COMMENT ON COLUMN workspace.nps_by_segment.enough IS 'Whether there are enough answers to go by';
