-- The equations take the cube of the number of touchpoints: beyond 300 the rare ones are one.
-- belongs to: touchpoints
CREATE VIEW workspace.journey_absorption AS
WITH step AS MATERIALIZED (SELECT j.from_touchpoint, j.to_touchpoint, j.transitions FROM workspace.journey j),
named AS (
    SELECT g.touchpoint, CASE WHEN g.is_place AND row_number() OVER (PARTITION BY g.is_place ORDER BY g.transitions DESC, g.touchpoint) > 300
            THEN 'other touchpoints' ELSE g.touchpoint END AS name
    FROM (SELECT j.to_touchpoint AS touchpoint, sum(j.transitions) AS transitions, j.to_touchpoint NOT IN ('PURCHASE', 'END') AS is_place
        FROM step j GROUP BY j.to_touchpoint
        UNION ALL SELECT 'START'::text AS touchpoint, 0::numeric AS transitions, false AS is_place) g
), counted AS (
    SELECT array_agg(t.from_name) AS from_names, array_agg(t.to_name) AS to_names, array_agg(t.transitions) AS transitions,
        sum(t.transitions) FILTER (WHERE t.to_name = 'PURCHASE' AND t.from_name <> 'START') AS purchases
    FROM (
        SELECT f.name AS from_name, n.name AS to_name, sum(j.transitions)::bigint AS transitions
        FROM step j
        JOIN named f ON f.touchpoint = j.from_touchpoint
        JOIN named n ON n.touchpoint = j.to_touchpoint
        GROUP BY f.name, n.name) t
)
SELECT a.state AS touchpoint, a.transitions, a.probability AS purchase_probability, a.lower, a.upper, a.expected_steps,
    a.removal_effect, a.removal_share AS attribution_share,
    (a.removal_share * coalesce(c.purchases, 0)::double precision) AS attributed_purchases, a.transitions >= s.enough AS enough
FROM counted c
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.absorption(c.from_names, c.to_names, c.transitions, 'PURCHASE'::text, 'START'::text, 0.95::double precision) a;
COMMENT ON VIEW workspace.journey_absorption IS 'How likely a purchase is from each touchpoint on, whatever comes in between: exact for the shares in journey, each step by itself';
COMMENT ON COLUMN workspace.journey_absorption.touchpoint IS 'The touchpoint; START is the journey as a whole. Beyond the 300 most frequent the others are one';
COMMENT ON COLUMN workspace.journey_absorption.transitions IS 'Number of times that customers went on from it or stayed away';
COMMENT ON COLUMN workspace.journey_absorption.lower IS 'Lower bound of its 95 % interval, taking transitions as independent';
COMMENT ON COLUMN workspace.journey_absorption.expected_steps IS 'Expected number of steps until the journey ends, with a purchase or without';
COMMENT ON COLUMN workspace.journey_absorption.attributed_purchases IS 'That part of the purchases that a touchpoint came before';
COMMENT ON COLUMN workspace.journey_absorption.enough IS 'Whether there are enough transitions to go by';
