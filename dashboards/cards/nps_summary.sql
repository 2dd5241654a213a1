-- title: Would they recommend us?
-- note: The score of the last twelve months with its interval, and what to make of it
-- chart: table
-- columns: NPS number, Lower number, Upper number, Answers number, Response rate percent, Band text, Advice text
-- belongs to: answers
SELECT round(n.score::numeric) AS "NPS", round(n.score_lower::numeric) AS "Lower", round(n.score_upper::numeric) AS "Upper", n.responses AS "Answers",
    n.response_rate AS "Response rate", n.band AS "Band", n.advice AS "Advice"
FROM workspace.nps_summary n
WHERE n.responses > 0
