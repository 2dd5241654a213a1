-- title: How fast they get a reply
-- note: Answers that want one, by kind; half of the replies came within the median, nine of ten within the last column
-- chart: table
-- columns: Kind text, Answers number, Waiting number, Median hours number, Nine of ten number
-- belongs to: answers
SELECT r.value AS "Kind", r.answers AS "Answers", r.unanswered AS "Waiting", round(r.median_reply_hours::numeric, 1) AS "Median hours", round(r.p90_reply_hours::numeric, 1) AS "Nine of ten"
FROM workspace.response_times r
WHERE r.dimension = 'kind'
ORDER BY r.value
