-- Offers are counted by what divides them at once, and put together for each division from what is counted. Segments are counted by cell of
-- scores, so that a million customers need no join with them; a full join is never a loop over all customers for each offer, however few
-- offers the planner expects (see segment_profile).
-- belongs to: offers
CREATE VIEW workspace.offer_acceptance AS
WITH counted AS MATERIALIZED (
    SELECT o.offer, o.employee, o.stage, o.cell, count(*) AS made, count(*) FILTER (WHERE o.outcome = 'accepted') AS accepted, count(*) FILTER (WHERE o.outcome = 'refused') AS refused
    FROM workspace.offers_enriched o
    GROUP BY o.offer, o.employee, o.stage, o.cell
), scored AS (
    SELECT c.customer IS NOT NULL AS is_known, c.recency_score, c.frequency_score, c.monetary_score,
        count(o.outcome) AS made, count(*) FILTER (WHERE o.outcome = 'accepted') AS accepted, count(*) FILTER (WHERE o.outcome = 'refused') AS refused
    FROM workspace.offers_enriched o
    FULL JOIN (
        SELECT DISTINCT ON (k.customer) k.customer, k.recency_score, k.frequency_score, k.monetary_score FROM workspace.customer_classes k) c ON c.customer = o.customer
    GROUP BY 1, 2, 3, 4
    HAVING count(o.outcome) > 0
), divided AS (
    SELECT d.place, d.dimension, d.value, sum(k.made)::bigint AS made, sum(k.accepted)::bigint AS accepted, sum(k.refused)::bigint AS refused
    FROM counted k
    CROSS JOIN LATERAL (VALUES (1, 'all', 'all'), (2, 'offer', k.offer), (4, 'cell', coalesce(k.cell, 'unknown')),
        (5, 'stage', coalesce(k.stage, 'unknown')), (6, 'employee', coalesce(k.employee, 'unknown'))) d(place, dimension, value)
    WHERE d.place < 6 OR (SELECT coalesce(a.columns->>'employee', '') <> '' FROM workspace.attached a WHERE a.relation_role = 'offers')
    GROUP BY d.place, d.dimension, d.value
    UNION ALL
    SELECT 3, 'segment', CASE WHEN k.is_known THEN coalesce(g.segment, 'other') ELSE 'unknown' END, sum(k.made)::bigint, sum(k.accepted)::bigint, sum(k.refused)::bigint
    FROM scored k
    LEFT JOIN workspace.rfm_cells g ON g.recency_score = k.recency_score AND g.frequency_score = k.frequency_score AND g.monetary_score = k.monetary_score
    GROUP BY 3
)
SELECT row_number() OVER (ORDER BY q.place, q.made >= s.enough DESC, i.lower DESC, q.value) AS "position",
    q.dimension, q.value, q.made, q.accepted, q.refused, q.made - q.accepted - q.refused AS unanswered,
    i.estimate AS share, i.lower, i.upper,
    a.estimate AS share_of_answered, a.lower AS share_of_answered_lower, a.upper AS share_of_answered_upper,
    t.difference, t.lower AS difference_lower, t.upper AS difference_upper, t.p_value,
    q.made >= s.enough AS enough
FROM (
    SELECT d.*, sum(d.made) OVER one_dimension::bigint AS all_made, sum(d.accepted) OVER one_dimension::bigint AS all_accepted
    FROM divided d
    WINDOW one_dimension AS (PARTITION BY d.dimension)) q
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.wilson_interval(q.accepted, q.made, 0.95::double precision) i
CROSS JOIN LATERAL clientele.wilson_interval(q.accepted, q.accepted + q.refused, 0.95::double precision) a
CROSS JOIN LATERAL clientele.share_test(q.accepted, q.made, q.all_accepted - q.accepted, q.all_made - q.made, 0.95::double precision) t;
COMMENT ON VIEW workspace.offer_acceptance IS 'How many offers were accepted: all, by offer, by what the customer is or was, and by who made them, each beside the rest of its dimension. The rows of a dimension add up to all. Who was asked was chosen, so it is no effect of asking';
COMMENT ON COLUMN workspace.offer_acceptance."position" IS 'Order in which to show the rows: by dimension, the highest lower bound first; last those without enough offers';
COMMENT ON COLUMN workspace.offer_acceptance.dimension IS 'all, offer, segment, cell, stage or employee; the last where a column of it is attached';
COMMENT ON COLUMN workspace.offer_acceptance.value IS 'Its value: segment at the reporting date, cell at the start of the period of the offer, for the last twelve, stage at the start of its day; unknown where the customer is or was in none, or where it is not told';
COMMENT ON COLUMN workspace.offer_acceptance.accepted IS 'Number of those that were accepted';
COMMENT ON COLUMN workspace.offer_acceptance.refused IS 'Number of those that were refused';
COMMENT ON COLUMN workspace.offer_acceptance.unanswered IS 'Number of those of which nothing came yet, or nothing is known';
COMMENT ON COLUMN workspace.offer_acceptance.share IS 'Share of the accepted in those made, 0 to 1: lately made ones may still be answered';
COMMENT ON COLUMN workspace.offer_acceptance.share_of_answered IS 'Share of the accepted in the accepted and refused, 0 to 1; 1 where refusals are not recorded';
COMMENT ON COLUMN workspace.offer_acceptance.difference IS 'Share less that of all other rows of the dimension, -1 to 1; empty where there are none';
COMMENT ON COLUMN workspace.offer_acceptance.p_value IS 'Probability of a difference at least as large, in either direction, if there were none. It takes offers as independent; of many rows one in twenty is below 0.05 by chance';
COMMENT ON COLUMN workspace.offer_acceptance.enough IS 'Whether there are enough offers to go by';
