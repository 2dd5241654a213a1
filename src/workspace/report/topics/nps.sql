-- The score, and whether it has changed; of ratings on another scale how many are satisfied.
-- belongs to: answers
SELECT concat(_clientele.report_say($1, 'summary.nps.finding', _clientele.report_number($1, n.score::numeric), _clientele.report_interval($1, n.score_lower, n.score_upper, 0, 'number'), _clientele.report_count($1, n.responses, 'answers')),
        '; ' || _clientele.report_say($1, 'summary.nps.change', _clientele.report_period($1, n.period_start), _clientele.report_number($1, n.period_score::numeric), _clientele.report_number($1, n.previous_score::numeric), CASE WHEN n.verdict IS NOT NULL THEN _clientele.report_word($1, 'summary.verdict.' || n.verdict) END)),
    _clientele.report_plain($1, n.advice)
FROM workspace.nps_summary n
WHERE n.responses > 0
UNION ALL
SELECT _clientele.report_say($1, 'summary.nps.ratings', _clientele.report_percent($1, 100 * r.satisfied_share), _clientele.report_interval($1, 100 * r.satisfied_share_lower, 100 * r.satisfied_share_upper), _clientele.report_count($1, r.responses, 'answers')), NULL
FROM workspace.rating_summary r
WHERE r.dimension = 'all'
