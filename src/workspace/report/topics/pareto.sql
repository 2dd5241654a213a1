-- Who carries four fifths of the whole.
SELECT _clientele.report_say($1, 'summary.pareto.finding', _clientele.report_percent($1, a.pct_of_customers_bringing_80), _clientele.report_word($1, 'report.of.' || a.abc_by)),
    _clientele.report_say($1, 'summary.pareto.advice', _clientele.report_count($1, a.customers, 'customers'))
FROM workspace.abc_summary a
WHERE a.abc = 'A' AND a.pct_of_customers_bringing_80 IS NOT NULL AND a.customers > 0
