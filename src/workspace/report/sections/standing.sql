-- How the shop stood in the last complete period, in two sentences and six figures.
WITH period AS (
    SELECT o.*, row_number() OVER (ORDER BY o.period_start DESC) AS n FROM workspace.overview o WHERE o.complete ORDER BY o.period_start DESC LIMIT 24
), last AS (
    SELECT p.*, 100 * (p.active_customers - p.year_before_active_customers) / nullif(p.year_before_active_customers, 0)::double precision AS pct_active_year_change
    FROM period p WHERE p.n = 1
), before AS (
    SELECT array_agg(p.revenue::double precision ORDER BY p.n DESC) AS revenue, array_agg(p.active_customers::double precision ORDER BY p.n DESC) AS active_customers,
        array_agg(p.new_customers::double precision ORDER BY p.n DESC) AS new_customers, array_agg(p.repeat_share ORDER BY p.n DESC) AS repeat_share,
        array_agg(p.average_order ORDER BY p.n DESC) AS average_order, array_agg(p.nps ORDER BY p.n DESC) AS nps,
        array_agg(p.regular_customers::double precision ORDER BY p.n DESC) AS regular_customers
    FROM period p
), sentences AS (
    SELECT concat_ws(' ',
        concat(_clientele.report_say($1, 'report.revenue_was', _clientele.report_money($1, l.revenue)), ', ' || _clientele.report_change($1, 'report.than_a_year_ago', l.pct_revenue_year_change), '.'),
        _clientele.report_say($1, 'report.who_bought', _clientele.report_count($1, l.active_customers, 'bought'), _clientele.report_count($1, l.new_customers, 'first_time'), _clientele.report_count($1, l.returned_customers, 'came_back'),
            _clientele.report_say($1, 'report.stayed_away', _clientele.report_number($1, l.lapsed_customers), _clientele.report_word($1, 'period.previous.' || ($1 -> 'settings' ->> 'period')))),
        (SELECT concat_ws(' ', _clientele.report_say($1, 'report.light.' || x.light, _clientele.report_own($1, x.advice)), CASE WHEN NOT x.enough THEN _clientele.report_say($1, 'report.few', _clientele.report_count($1, x.customers, 'customers')) END)
            FROM workspace.express_test x WHERE x.customers > 0 AND x.light IS NOT NULL)) AS text
    FROM last l
), tiles AS (
    SELECT concat(
        _clientele.report_tile($1, 'revenue', _clientele.report_money($1, l.revenue), _clientele.report_change($1, 'report.year_on_year', l.pct_revenue_year_change), b.revenue),
        _clientele.report_tile($1, 'active_customers', _clientele.report_number($1, l.active_customers), _clientele.report_change($1, 'report.year_on_year', l.pct_active_year_change), b.active_customers),
        _clientele.report_tile($1, 'new_customers', _clientele.report_number($1, l.new_customers), NULL, b.new_customers),
        _clientele.report_tile($1, 'repeat_share', _clientele.report_percent($1, 100 * l.repeat_share), NULL, b.repeat_share),
        _clientele.report_tile($1, 'average_order', _clientele.report_money($1, l.average_order::numeric), NULL, b.average_order),
        CASE WHEN l.nps IS NULL THEN _clientele.report_tile($1, 'regular_customers', _clientele.report_number($1, l.regular_customers), NULL, b.regular_customers)
            ELSE _clientele.report_tile($1, 'nps', _clientele.report_number($1, l.nps::numeric), _clientele.report_count($1, l.nps_responses, 'answers'), b.nps) END) AS text
    FROM last l CROSS JOIN before b
)
SELECT format('<header><h1>%s</h1><p class="as-of">%s</p></header><p class="lead">%s</p>',
        coalesce((SELECT _clientele.report_say($1, 'report.title', _clientele.report_period($1, l.period_start)) FROM last l), _clientele.report_say($1, 'report.no_title')),
        _clientele.report_say($1, 'report.as_of', _clientele.report_day($1, ($1 -> 'settings' ->> 'as_of')::date)),
        coalesce((SELECT s.text FROM sentences s), _clientele.report_say($1, CASE WHEN EXISTS (SELECT FROM workspace.overview) THEN 'report.no_period' ELSE 'report.no_orders' END)))
    || coalesce((SELECT format('<div class="tiles">%s</div>', t.text) FROM tiles t), '')
