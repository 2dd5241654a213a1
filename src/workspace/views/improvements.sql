-- The full join keeps the customers whatever the planner expects; those who wished for nothing have no group in the end.
-- DISTINCT tells that each is there once (see first_purchase).
-- belongs to: answers
CREATE VIEW workspace.improvements AS
SELECT row_number() OVER (ORDER BY q.asked DESC, q.detractors DESC, q.last_day DESC, q.wish) AS "position",
    q.wish, q.asked, q.promoters, q.passives, q.detractors, q.asked_in_all, i.estimate AS share, i.lower, i.upper,
    q.customers, q.last_year_revenue, q.last_day, q.asked_in_all >= s.enough AS enough
FROM (
    SELECT f.*, (sum(f.asked) OVER ())::bigint AS asked_in_all
    FROM (
        SELECT min(m.wish) AS wish, sum(m.asked)::bigint AS asked, sum(m.promoters)::bigint AS promoters,
            sum(m.passives)::bigint AS passives, sum(m.detractors)::bigint AS detractors, max(m.last_day) AS last_day,
            count(m.customer) AS customers, coalesce(sum(c.last_year_revenue), 0.00) AS last_year_revenue
        FROM (
            SELECT lower(regexp_replace(a.wish, '[[:space:]]+', ' ', 'g')) AS same_wish, a.customer, min(a.wish) AS wish, max(a.day) AS last_day,
                count(*) FILTER (WHERE a.nps_group IS DISTINCT FROM 'promoter') AS asked,
                count(*) FILTER (WHERE a.nps_group = 'promoter') AS promoters,
                count(*) FILTER (WHERE a.nps_group = 'passive') AS passives,
                count(*) FILTER (WHERE a.nps_group = 'detractor') AS detractors
            FROM workspace.answers_enriched a
            CROSS JOIN workspace.answer_window w
            WHERE a.wish IS NOT NULL AND a.day >= w.from_date
            GROUP BY 1, 2) m
        FULL JOIN (SELECT DISTINCT ON (k.customer) k.customer, k.last_year_revenue FROM workspace.customer_classes k) c ON c.customer = m.customer
        GROUP BY m.same_wish) f
    WHERE f.asked > 0) q
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.wilson_interval(q.asked, q.asked_in_all, 0.95::double precision) i;
COMMENT ON VIEW workspace.improvements IS 'What would make it a 10: the wishes of detractors and passives in the last twelve months (nps_window), the most frequent first. Every answer counts';
COMMENT ON COLUMN workspace.improvements."position" IS 'Order by number of those who ask for it';
COMMENT ON COLUMN workspace.improvements.wish IS 'The wish; case and blanks do not tell wishes apart';
COMMENT ON COLUMN workspace.improvements.asked IS 'Number of answers by passives and detractors that ask for it';
COMMENT ON COLUMN workspace.improvements.promoters IS 'Number of promoters'' answers that ask for it';
COMMENT ON COLUMN workspace.improvements.passives IS 'Number of passives'' answers';
COMMENT ON COLUMN workspace.improvements.detractors IS 'Number of detractors'' answers';
COMMENT ON COLUMN workspace.improvements.asked_in_all IS 'Number of answers by passives and detractors with any wish';
COMMENT ON COLUMN workspace.improvements.share IS 'Share of the wish in them, 0 to 1';
COMMENT ON COLUMN workspace.improvements.customers IS 'Number of customers who ask for it, promoters too';
COMMENT ON COLUMN workspace.improvements.last_year_revenue IS 'Their revenue of the twelve months that end with the last order of each';
COMMENT ON COLUMN workspace.improvements.last_day IS 'Day of the latest answer with it';
COMMENT ON COLUMN workspace.improvements.enough IS 'Whether there are enough wishes to go by';
