-- Who brings how much, and what to do with whom: the nine cells, the segments, the sources.
WITH settings AS (
    SELECT s.* FROM jsonb_to_record($1 -> 'settings') s(abc_by text, abc_a double precision, abc_b double precision, xyz_by text)
), line AS (
    SELECT m.abc, string_agg(_clientele.report_heat(format('<b>%s</b>%s<br>%s<small>%s</small>', _clientele.report_money($1, m.window_revenue), _clientele.report_count($1, m.customers, 'customers'),
            _clientele.report_say($1, 'report.pct_of_revenue', _clientele.report_percent($1, m.pct_of_window_revenue, 1)), _clientele.report_own($1, m.action)), m.pct_of_window_revenue / 100), '' ORDER BY m.xyz) AS cells
    FROM workspace.abc_xyz_matrix m
    GROUP BY m.abc
    HAVING max(m.pct_of_window_revenue) IS NOT NULL
), matrix AS (
    SELECT _clientele.report_card('abc_xyz_matrix', _clientele.report_say($1, 'report.matrix.' || s.abc_by),
        _clientele.report_say($1, 'report.matrix.note', _clientele.report_percent($1, 100 * s.abc_a), _clientele.report_say($1, 'report.of.' || s.abc_by), _clientele.report_percent($1, 100 * (s.abc_b - s.abc_a))),
        _clientele.report_table($1, 'matrix', ARRAY['', s.xyz_by || '.X', s.xyz_by || '.Y', s.xyz_by || '.Z'], array_agg(format('<tr><th scope="row">%s</th>%s</tr>', l.abc, l.cells) ORDER BY l.abc)), 'full') AS card
    FROM line l CROSS JOIN settings s
    GROUP BY s.abc_by, s.abc_a, s.abc_b, s.xyz_by
), segments AS (
    SELECT _clientele.report_card($1, 'rfm_segments', 'segments', _clientele.chart_bars($1, '{segment,"",revenue}',
        array_agg(ROW(_clientele.report_label($1, 'segment', r.segment), r.revenue, NULL, NULL,
            _clientele.report_noted(_clientele.report_money($1, r.revenue), _clientele.report_count($1, r.customers, 'customers')))::_clientele.chart_point ORDER BY r."position"))) AS card
    FROM workspace.rfm_segments r
    WHERE r.customers > 0
), sources AS (
    SELECT _clientele.report_card($1, 'sources', 'sources', _clientele.chart_bars($1, '{source,"",value_per_customer}',
        array_agg(ROW(CASE s.source WHEN 'unknown' THEN _clientele.report_say($1, 'report.unknown') ELSE _clientele.report_name(s.source) END, s.value_per_customer, NULL, NULL,
            _clientele.report_noted(_clientele.report_money($1, s.value_per_customer::numeric), _clientele.report_count($1, s.customers, 'customers'), _clientele.report_say($1, 'report.kept', _clientele.report_percent($1, 100 * s.kept_share)),
                _clientele.report_say($1, 'report.cost_each', _clientele.report_money($1, nullif(s.cost_per_customer, 0)::numeric))))::_clientele.chart_point ORDER BY s."position"))) AS card
    FROM (SELECT x.* FROM workspace.sources x WHERE x.enough ORDER BY x."position" LIMIT 12) s
)
SELECT _clientele.report_part($1, 'value', (SELECT m.card FROM matrix m), (SELECT s.card FROM segments s), (SELECT s.card FROM sources s))
