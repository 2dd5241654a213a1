-- Who brings how much, and what to do with whom: the nine cells, the segments, the sources.
WITH settings AS (
    SELECT s.* FROM jsonb_to_record($1 -> 'settings') s(abc_by text, abc_a double precision, abc_b double precision)
), cell AS (
    SELECT m.abc, m.xyz, m.pct_of_window_revenue, format('<b>%s</b>%s<br>%s<small>%s</small>', _clientele.report_money($1, m.window_revenue), _clientele.report_count($1, m.customers, 'customers'),
        _clientele.report_say($1, 'report.pct_of_revenue', _clientele.report_percent($1, m.pct_of_window_revenue, 1)), _clientele.report_own($1, m.action)) AS text
    FROM workspace.abc_xyz_matrix m
    WHERE m.xyz IN ('X', 'Y', 'Z')
), matrix AS (
    SELECT format('<table class="matrix"><thead><tr><td></td>%s</tr></thead><tbody>%s</tbody></table>',
        (SELECT string_agg(format('<th scope="col">%s</th>', _clientele.report_say($1, format('report.%s.%s', $1 -> 'settings' ->> 'xyz_by', x))), '' ORDER BY x) FROM unnest('{X,Y,Z}'::text[]) x),
        string_agg(format('<tr><th scope="row">%s</th>%s</tr>', r.abc, r.cells), '' ORDER BY r.abc)) AS body
    FROM (
        SELECT c.abc, string_agg(_clientele.report_heat(c.text, c.pct_of_window_revenue / 100), '' ORDER BY c.xyz) AS cells
        FROM cell c GROUP BY c.abc HAVING bool_or(c.pct_of_window_revenue IS NOT NULL)) r
), segment AS (
    SELECT _clientele.chart_bars(ARRAY[_clientele.report_say($1, 'report.segment'), '', _clientele.report_say($1, 'report.revenue')],
        array_agg(ROW(_clientele.report_label($1, 'segment', r.segment), r.revenue, NULL, NULL,
            _clientele.report_money($1, r.revenue) || '<small>' || _clientele.report_count($1, r.customers, 'customers') || '</small>')::_clientele.chart_point ORDER BY r."position")) AS body
    FROM workspace.rfm_segments r
    WHERE r.customers > 0
), source AS (
    SELECT _clientele.chart_bars(ARRAY[_clientele.report_say($1, 'report.source'), '', _clientele.report_say($1, 'report.value_per_customer')],
        array_agg(ROW(CASE s.source WHEN 'unknown' THEN _clientele.report_say($1, 'report.unknown') ELSE _clientele.report_name(s.source) END, s.value_per_customer, NULL, NULL,
            _clientele.report_money($1, s.value_per_customer::numeric) || '<small>' || concat_ws('<br>', _clientele.report_count($1, s.customers, 'customers'),
                _clientele.report_say($1, 'report.kept', _clientele.report_percent($1, 100 * s.kept_share)),
                CASE WHEN s.cost > 0 THEN _clientele.report_say($1, 'report.cost_each', _clientele.report_money($1, s.cost_per_customer::numeric)) END) || '</small>')::_clientele.chart_point ORDER BY s."position")) AS body
    FROM (SELECT x.* FROM workspace.sources x WHERE x.enough ORDER BY x."position" LIMIT 12) s
)
SELECT _clientele.report_part(_clientele.report_say($1, 'report.value'),
    (SELECT _clientele.report_card('abc_xyz_matrix', _clientele.report_say($1, 'report.matrix.' || s.abc_by), _clientele.report_say($1, 'report.matrix.note',
        _clientele.report_percent($1, 100 * s.abc_a), _clientele.report_say($1, 'report.of.' || s.abc_by), _clientele.report_percent($1, 100 * (s.abc_b - s.abc_a))), m.body, 'full') FROM matrix m CROSS JOIN settings s),
    (SELECT _clientele.report_card('rfm_segments', _clientele.report_say($1, 'report.segments'), _clientele.report_say($1, 'report.segments.note'), s.body) FROM segment s),
    (SELECT _clientele.report_card('sources', _clientele.report_say($1, 'report.sources'), _clientele.report_say($1, 'report.sources.note'), s.body) FROM source s))
