-- The last complete period beside that of a year before, or the one before it.
SELECT concat(_clientele.report_say($1, 'summary.growth.finding', _clientele.report_period($1, o.period_start), _clientele.report_money($1, o.revenue)),
        ', ' || _clientele.report_say($1, 'report.than_a_year_ago', _clientele.report_signed($1, o.pct_revenue_year_change)),
        ', ' || _clientele.report_say($1, 'summary.growth.than_before', _clientele.report_signed($1, o.pct_revenue_change))),
    _clientele.report_say($1, 'summary.growth.advice', _clientele.report_number($1, o.new_customers), _clientele.report_number($1, o.returned_customers), _clientele.report_number($1, o.lapsed_customers))
FROM workspace.overview o
WHERE o.complete
ORDER BY o.period_start DESC LIMIT 1
