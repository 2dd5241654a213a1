-- How many of the customers of the last months came once, and how many are regular.
SELECT _clientele.report_say($1, 'summary.shares.finding', _clientele.report_percent($1, 100 * x.one_time_share), _clientele.report_interval($1, 100 * x.one_time_share_lower, 100 * x.one_time_share_upper),
        _clientele.report_percent($1, 100 * x.regular_share), _clientele.report_interval($1, 100 * x.regular_share_lower, 100 * x.regular_share_upper)),
    _clientele.report_say($1, CASE WHEN x.one_time_share > ($1 -> 'settings' ->> 'one_time_limit')::double precision THEN 'summary.shares.advice' ELSE 'summary.shares.good' END,
        _clientele.report_percent($1, 100 * ($1 -> 'settings' ->> 'one_time_limit')::double precision))
FROM workspace.express_test x
WHERE x.customers > 0
