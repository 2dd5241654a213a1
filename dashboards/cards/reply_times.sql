-- title: How fast they get a reply
-- note: Answers that want one, by kind; half of the replies came within the median, nine of ten within P90
-- chart: table
-- columns: Kind text, Answers number, Waiting number, Median hours number, P90 hours number
-- belongs to: answers
SELECT r.value AS "Kind", r.answers AS "Answers", r.unanswered AS "Waiting", round(r.median_reply_hours::numeric, 1) AS "Median hours", round(r.p90_reply_hours::numeric, 1) AS "P90 hours"
FROM workspace.response_times r
WHERE r.dimension = 'kind'
ORDER BY r.value
