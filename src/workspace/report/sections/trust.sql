-- Whether the figures can be trusted: what was left out and why, and how old they are.
WITH settings AS (
    SELECT s.* FROM jsonb_to_record($1 -> 'settings') s(missed_since timestamptz, time_zone text)
), quality AS (
    SELECT _clientele.report_card($1, 'data_quality', 'rows', _clientele.report_wide_table($1, 'list', 'rows', '{rows,number,share,revenue}',
            array_agg(_clientele.report_row(_clientele.report_own($1, q.description), _clientele.report_number($1, q.order_rows), _clientele.report_percent($1, q.pct_of_rows, 2), _clientele.report_money($1, q.revenue)) ORDER BY q."position")), 'full') AS card,
        min(q.refreshed_at) AS refreshed_at
    FROM workspace.data_quality q
    WHERE q.order_rows > 0
    HAVING count(*) > 0
)
SELECT _clientele.report_part($1, 'trust', CASE WHEN s.missed_since IS NOT NULL THEN format('<p class="warn full">%s</p>', _clientele.report_say($1, 'report.missed', _clientele.report_day($1, (s.missed_since AT TIME ZONE s.time_zone)::date))) END, q.card)
    || format('<footer>%s</footer>', _clientele.report_say($1, 'report.made', to_char(q.refreshed_at AT TIME ZONE s.time_zone, 'YYYY-MM-DD HH24:MI'), _clientele.report_text(s.time_zone)))
FROM quality q CROSS JOIN settings s
