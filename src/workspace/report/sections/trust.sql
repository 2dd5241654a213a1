-- Whether the figures can be trusted: what was left out and why, and how old they are.
WITH quality AS (
    SELECT q.* FROM workspace.data_quality q WHERE q.order_rows > 0
)
SELECT _clientele.report_part(_clientele.report_say($1, 'report.trust'),
    CASE WHEN $1 -> 'settings' ->> 'missed_since' IS NOT NULL THEN format('<p class="warn full">%s</p>', _clientele.report_say($1, 'report.missed', _clientele.report_day($1, ($1 -> 'settings' ->> 'missed_since')::timestamptz::date))) END,
    _clientele.report_card('data_quality', _clientele.report_say($1, 'report.rows'), _clientele.report_say($1, 'report.rows.note'),
        _clientele.report_wide(_clientele.report_say($1, 'report.rows'), _clientele.report_table('list', ARRAY[_clientele.report_say($1, 'report.rows'), _clientele.report_say($1, 'report.number'), _clientele.report_say($1, 'report.share'), _clientele.report_say($1, 'report.revenue')],
            array_agg(_clientele.report_row(_clientele.report_own($1, q.description), _clientele.report_number($1, q.order_rows), _clientele.report_percent($1, q.pct_of_rows, 2), _clientele.report_money($1, q.revenue)) ORDER BY q."position")))))
    || format('<footer>%s</footer>', _clientele.report_say($1, 'report.made', to_char(min(q.refreshed_at) AT TIME ZONE ($1 -> 'settings' ->> 'time_zone'), 'YYYY-MM-DD HH24:MI'), _clientele.report_text($1 -> 'settings' ->> 'time_zone')))
FROM quality q
HAVING count(*) > 0
