-- The light of the express test, and why.
SELECT _clientele.report_say($1, 'summary.light.finding', _clientele.report_word($1, 'summary.light.' || x.light), _clientele.report_count($1, x.customers, 'customers')),
    concat_ws(' ', _clientele.report_plain($1, x.advice), CASE WHEN NOT x.enough THEN _clientele.report_say($1, 'report.few', _clientele.report_count($1, x.customers, 'customers')) END)
FROM workspace.express_test x
WHERE x.customers > 0 AND x.light IS NOT NULL
