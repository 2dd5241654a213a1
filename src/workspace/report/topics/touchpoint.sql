-- Where customers are least content, for certain.
-- belongs to: answers
(SELECT _clientele.report_say($1, 'summary.touchpoint.finding', _clientele.report_line(t.touchpoint), _clientele.report_number($1, t.score::numeric), _clientele.report_interval($1, t.score_lower, t.score_upper, 0, 'number'), _clientele.report_count($1, t.responses, 'answers')),
    _clientele.report_say($1, 'summary.touchpoint.advice', _clientele.report_line(t.touchpoint))
FROM workspace.nps_by_touchpoint t
WHERE t.enough AND t.detractors > 0
ORDER BY t.score_upper, t.touchpoint LIMIT 1)
UNION ALL
(SELECT _clientele.report_say($1, 'summary.touchpoint.ratings', _clientele.report_line(r.value), _clientele.report_percent($1, 100 * r.satisfied_share), _clientele.report_interval($1, 100 * r.satisfied_share_lower, 100 * r.satisfied_share_upper), _clientele.report_count($1, r.responses, 'answers')),
    _clientele.report_say($1, 'summary.touchpoint.ratings.advice', _clientele.report_line(r.value))
FROM workspace.rating_summary r
WHERE r.dimension = 'touchpoint' AND r.enough AND r.satisfied < r.responses
ORDER BY r.satisfied_share_upper, r.value LIMIT 1)
