-- Where customers are least content, for certain.
-- belongs to: answers
SELECT _clientele.report_say($1, 'summary.touchpoint.finding', _clientele.report_line(t.touchpoint), _clientele.report_number($1, t.score::numeric), _clientele.report_interval($1, t.score_lower, t.score_upper, 0, 'number'), _clientele.report_count($1, t.responses, 'answers')),
    _clientele.report_say($1, 'summary.touchpoint.advice', _clientele.report_line(t.touchpoint))
FROM workspace.nps_by_touchpoint t
WHERE t.enough AND t.detractors > 0
ORDER BY t.score_upper, t.touchpoint LIMIT 1
