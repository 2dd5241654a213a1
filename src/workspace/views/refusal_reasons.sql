-- belongs to: offers
CREATE VIEW workspace.refusal_reasons AS
SELECT row_number() OVER (ORDER BY q.offer_refusals DESC, q.offer, q.refusals DESC, q.reason) AS "position",
    q.offer, q.reason, q.refusals, q.customers, q.offer_refusals, i.estimate AS share, i.lower, i.upper, q.offer_refusals >= s.enough AS enough
FROM (
    SELECT c.offer, c.reason, sum(c.refusals)::bigint AS refusals, count(*) AS customers, sum(sum(c.refusals)) OVER (PARTITION BY c.offer)::bigint AS offer_refusals
    FROM (
        SELECT e.customer, e.offer, coalesce(e.reason, 'unknown') AS reason, count(*) AS refusals
        FROM workspace.offers_enriched e
        WHERE e.outcome = 'refused'
        GROUP BY e.customer, e.offer, coalesce(e.reason, 'unknown')) c
    GROUP BY c.offer, c.reason) q
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.wilson_interval(q.refusals, q.offer_refusals, 0.95::double precision) i;
COMMENT ON VIEW workspace.refusal_reasons IS 'Why offers were refused, offer by offer, the most refused and the most frequent reason first';
COMMENT ON COLUMN workspace.refusal_reasons."position" IS 'Order in which to show the rows';
COMMENT ON COLUMN workspace.refusal_reasons.reason IS 'The reason; unknown where none is given';
COMMENT ON COLUMN workspace.refusal_reasons.customers IS 'Number of customers who gave it';
COMMENT ON COLUMN workspace.refusal_reasons.share IS 'Share of the reason in them, 0 to 1';
COMMENT ON COLUMN workspace.refusal_reasons.enough IS 'Whether there are enough refusals of the offer to go by';
