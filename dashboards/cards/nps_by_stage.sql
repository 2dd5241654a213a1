-- title: Who would recommend us
-- note: The score by what customers were when they answered; the stake is what unhappy ones brought in their last year of buying
-- chart: table
-- columns: Position number, Stage text, NPS number, Lower number, Upper number, Answers number, Stake number
-- belongs to: answers
SELECT n.position AS "Position", n.value AS "Stage", round(n.score::numeric) AS "NPS", round(n.score_lower::numeric) AS "Lower", round(n.score_upper::numeric) AS "Upper",
    n.responses AS "Answers", round(n.value_at_risk) AS "Stake"
FROM workspace.nps_by_segment n
WHERE n.dimension = 'stage' AND n.responses > 0
ORDER BY n.position
