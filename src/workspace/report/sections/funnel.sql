-- Where visits end, and why.
-- belongs to: touchpoints
WITH funnel AS (
    SELECT f.funnel_name, _clientele.report_card('funnel_summary', _clientele.report_name(f.funnel_name), _clientele.report_say($1, 'report.funnel.note'), _clientele.chart_bars($1, '{step,"",visits}',
        array_agg(ROW(CASE f.touchpoint WHEN 'PURCHASE' THEN _clientele.report_say($1, 'report.purchase') ELSE _clientele.report_name(f.touchpoint) END, f.reached, NULL, NULL,
            _clientele.report_noted(_clientele.report_number($1, f.reached), _clientele.report_say($1, 'report.go_on', _clientele.report_percent($1, f.pct_of_previous)),
                _clientele.report_say($1, 'report.lost_by', _clientele.report_name(nullif(f.top_reason, '')))))::_clientele.chart_point ORDER BY f.step_number)), 'full') AS card
    FROM workspace.funnel_summary f
    GROUP BY f.funnel_name
    HAVING max(f.reached) > 0
)
SELECT _clientele.report_part($1, 'funnel', VARIADIC array_agg(f.card ORDER BY f.funnel_name)) FROM funnel f
