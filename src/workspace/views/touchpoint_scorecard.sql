-- A rater's last rating of a period is the greatest number of its day and its level: there is one a day.
CREATE VIEW workspace.touchpoint_scorecard AS
WITH audit AS (
    SELECT r.touchpoint, r.period_start, count(*) AS ratings, count(*) FILTER (WHERE r.last_one % 4 = 1) AS awful,
        count(*) FILTER (WHERE r.last_one % 4 = 2) AS ok, count(*) FILTER (WHERE r.last_one % 4 = 3) AS wow,
        make_date(1, 1, 1) + max(r.last_one) / 4 AS last_rated,
        row_number() OVER (PARTITION BY r.touchpoint ORDER BY r.period_start DESC) AS age
    FROM (
        SELECT t.touchpoint, clientele.period_start(t.day, s.period) AS period_start,
            max(4 * (t.day - make_date(1, 1, 1)) + CASE t.level WHEN 'awful' THEN 1 WHEN 'ok' THEN 2 ELSE 3 END) AS last_one
        FROM workspace.touchpoint_ratings t
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        WHERE t.day < (SELECT d.as_of FROM workspace.reporting_date d)
        GROUP BY t.touchpoint, t.rater, clientele.period_start(t.day, s.period)) r
    GROUP BY r.touchpoint, r.period_start
)
SELECT c.touchpoint_group, c."position", c.touchpoint, c.description, n.period_start,
    coalesce(n.ratings, 0) AS ratings, coalesce(n.awful, 0) AS awful, coalesce(n.ok, 0) AS ok, coalesce(n.wow, 0) AS wow,
    i.estimate AS score, i.lower, i.upper, coalesce(n.ratings, 0) >= s.enough AS enough, n.last_rated,
    p.period_start AS previous_period, coalesce(p.ratings, 0) AS previous_ratings,
    clientele.nps_score(clientele.nps(p.wow, p.ok, p.awful)) AS previous_score,
    h.difference AS score_change, h.verdict, coalesce(l.ratings, 0) AS later_ratings
FROM workspace.touchpoint_catalogue c
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN audit n ON n.touchpoint = c.touchpoint AND n.age = 1
LEFT JOIN audit p ON p.touchpoint = c.touchpoint AND p.age = 2
LEFT JOIN (
    SELECT r.touchpoint, count(*) AS ratings
    FROM workspace.touchpoint_ratings r
    WHERE r.day >= (SELECT d.as_of FROM workspace.reporting_date d)
    GROUP BY r.touchpoint) l ON l.touchpoint = c.touchpoint
CROSS JOIN LATERAL clientele.nps_interval(clientele.nps(n.wow, n.ok, n.awful), 0.95::double precision, 'score'::text) i
CROSS JOIN LATERAL clientele.nps_change(clientele.nps(n.wow, n.ok, n.awful), clientele.nps(p.wow, p.ok, p.awful), 0.95::double precision) h;
COMMENT ON VIEW workspace.touchpoint_scorecard IS 'Every touchpoint of the catalogue with its last ratings, those never rated too: of each rater the last rating in the last period that has any';
COMMENT ON COLUMN workspace.touchpoint_scorecard."position" IS 'Order in which to show it, from the catalogue';
COMMENT ON COLUMN workspace.touchpoint_scorecard.touchpoint IS 'The point where customers meet the business';
COMMENT ON COLUMN workspace.touchpoint_scorecard.description IS 'What to look at';
COMMENT ON COLUMN workspace.touchpoint_scorecard.period_start IS 'First day of the last period with ratings before the reporting date; empty where never rated';
COMMENT ON COLUMN workspace.touchpoint_scorecard.score IS 'Per cent that say wow less per cent that say awful, -100 to 100';
COMMENT ON COLUMN workspace.touchpoint_scorecard.lower IS 'Lower bound of its 95 % interval';
COMMENT ON COLUMN workspace.touchpoint_scorecard.enough IS 'Whether there are enough ratings to go by';
COMMENT ON COLUMN workspace.touchpoint_scorecard.last_rated IS 'Day of the last rating';
COMMENT ON COLUMN workspace.touchpoint_scorecard.previous_period IS 'First day of the period with ratings before that one';
COMMENT ON COLUMN workspace.touchpoint_scorecard.previous_ratings IS 'Number of ratings then';
COMMENT ON COLUMN workspace.touchpoint_scorecard.previous_score IS 'The score then';
COMMENT ON COLUMN workspace.touchpoint_scorecard.score_change IS 'How much higher the score is than then, in points';
COMMENT ON COLUMN workspace.touchpoint_scorecard.verdict IS 'up or down where that is more than chance and at least 2 points, else flat; empty where there is no score to compare with';
COMMENT ON COLUMN workspace.touchpoint_scorecard.later_ratings IS 'Number of ratings of the reporting date and later, which do not count yet';
