-- What the last campaign brought in revenue, the group with the surest difference first.
SELECT _clientele.report_say($1, 'summary.tried.finding', _clientele.report_line(e.campaign), _clientele.report_line(e.grp), _clientele.report_money($1, e.mean::numeric), _clientele.report_money($1, e.control_mean::numeric),
        _clientele.report_money($1, e.difference_lower::numeric), _clientele.report_money($1, e.difference_upper::numeric), _clientele.report_word($1, 'report.verdict.' || e.verdict)),
    _clientele.report_word($1, 'summary.tried.' || e.verdict)
FROM workspace.campaign_effect e
WHERE e.measure = 'revenue' AND e.difference_lower IS NOT NULL
ORDER BY e.started_on DESC, e.campaign, e.p_value, e.grp
LIMIT 1
