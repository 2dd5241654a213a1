-- title: The score by touchpoint
-- note: Of touchpoints with enough answers
-- chart: row
-- columns: Position number, Touchpoint text, NPS number, Lower number, Upper number, Answers number
-- belongs to: answers
SELECT t.position AS "Position", t.touchpoint AS "Touchpoint", round(t.score::numeric) AS "NPS", round(t.score_lower::numeric) AS "Lower",
    round(t.score_upper::numeric) AS "Upper", t.responses AS "Answers"
FROM workspace.nps_by_touchpoint t
WHERE t.enough
ORDER BY t.position
LIMIT 12
