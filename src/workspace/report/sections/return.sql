-- Whether customers come back: after the first order, by when that was, from one order to the next, and where they stand now.
WITH curve AS (
    SELECT _clientele.report_card('retention_by_period', t.title, _clientele.report_say($1, 'report.retention.note', _clientele.report_count($1, ($1 -> 'settings' ->> 'enough')::bigint, 'customers')),
        _clientele.chart_line($1, t.title, array_agg(ROW(r.period_number, 100 * r.rate, 100 * r.lower, 100 * r.upper, NULL)::_clientele.chart_point ORDER BY r.period_number), 0, NULL, 'percent')
        || _clientele.report_figures($1, '{after,share,interval,of_customers}', array_agg(_clientele.report_row(r.period_number::text, _clientele.report_percent($1, 100 * r.rate, 1),
            _clientele.report_interval($1, 100 * r.lower, 100 * r.upper, 1), _clientele.report_number($1, r.eligible)) ORDER BY r.period_number))) AS card
    FROM workspace.retention_by_period r
    CROSS JOIN (SELECT _clientele.report_say($1, 'report.retention', _clientele.report_word($1, 'period.each.' || ($1 -> 'settings' ->> 'period'))) AS title) t
    WHERE r.complete AND r.enough AND r.period_number BETWEEN 1 AND 24
    GROUP BY t.title
    HAVING count(*) > 1
), stages AS (
    SELECT _clientele.report_card($1, 'lifecycle_summary', 'stages', _clientele.chart_bars($1, '{stage,"",customers}',
        array_agg(ROW(_clientele.report_label($1, 'stage', l.stage), l.customers, NULL, NULL,
            _clientele.report_noted(_clientele.report_number($1, l.customers), _clientele.report_say($1, 'report.pct_of_revenue', _clientele.report_percent($1, l.pct_of_revenue)),
                CASE WHEN l.at_risk > 0 THEN _clientele.report_count($1, l.at_risk, 'at_risk') END))::_clientele.chart_point ORDER BY l."position"))) AS card
    FROM workspace.lifecycle_summary l
    WHERE l.customers > 0
), cohort AS (
    SELECT c.cohort_start, min(c.customers) AS customers, (array_agg(c.cumulative_revenue_per_customer ORDER BY c.period_number DESC))[1]::numeric AS revenue,
        array_agg(c.rate ORDER BY c.period_number) FILTER (WHERE c.period_number BETWEEN 1 AND 12) AS rates,
        nullif(max(max(c.rate) FILTER (WHERE c.period_number BETWEEN 1 AND 12)) OVER (), 0) AS highest
    FROM workspace.retention_cohorts c
    WHERE c.complete AND c.customers > 0
    GROUP BY c.cohort_start
    ORDER BY c.cohort_start DESC LIMIT 15
), cohorts AS (
    SELECT _clientele.report_card('retention_cohorts', _clientele.report_say($1, 'report.cohorts', _clientele.report_word($1, 'period.of.' || ($1 -> 'settings' ->> 'period'))), _clientele.report_say($1, 'report.cohorts.note'),
        _clientele.report_wide_table($1, 'heat', 'cohort_table', ARRAY['first_order', 'customers'] || ARRAY(SELECT i::text FROM generate_series(1, 12) i) || 'revenue_each'::text,
            array_agg(format('<tr><th scope="row">%s</th><td>%s</td>%s<td>%s</td></tr>', _clientele.report_period($1, c.cohort_start, true), _clientele.report_number($1, c.customers),
                (SELECT string_agg(CASE WHEN c.rates[i] IS NULL THEN '<td></td>' ELSE _clientele.report_heat(_clientele.report_number($1, (100 * c.rates[i])::numeric), (c.rates[i] / c.highest) ^ 2) END, '' ORDER BY i) FROM generate_series(1, 12) i),
                _clientele.report_money($1, c.revenue)) ORDER BY c.cohort_start)), 'full') AS card
    FROM cohort c
    HAVING count(c.rates) > 0
), repeated AS (
    SELECT _clientele.report_card($1, 'repeat_purchase', 'repeat', _clientele.chart_bars($1, '{order_number,"",share}',
        array_agg(ROW(_clientele.report_say($1, 'report.nth_order', (r.purchase_number + 1)::text), 100 * r.rate, NULL, NULL,
            _clientele.report_noted(_clientele.report_percent($1, 100 * r.rate), _clientele.report_interval($1, 100 * r.lower, 100 * r.upper)))::_clientele.chart_point ORDER BY r.purchase_number))) AS card
    FROM workspace.repeat_purchase r
    WHERE r.enough AND r.purchase_number <= 7
)
SELECT _clientele.report_part($1, 'return', (SELECT c.card FROM curve c), (SELECT s.card FROM stages s), (SELECT c.card FROM cohorts c), (SELECT r.card FROM repeated r))
