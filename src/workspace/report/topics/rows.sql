-- What of the orders does not count, most of all.
SELECT _clientele.report_say($1, 'summary.rows.finding', _clientele.report_percent($1, min(q.pct_of_rows) FILTER (WHERE q.reason = 'used'), 1),
        coalesce((array_agg(lower(left(d.description, 1)) || substr(d.description, 2) ORDER BY q.order_rows DESC) FILTER (WHERE q.reason <> 'used' AND q.order_rows > 0))[1], _clientele.report_word($1, 'summary.rows.none'))),
    _clientele.report_say($1, CASE WHEN $1 -> 'settings' ->> 'missed_since' IS NOT NULL THEN 'summary.rows.missed'
        WHEN min(q.pct_of_rows) FILTER (WHERE q.reason = 'used') >= 95 THEN 'summary.rows.good' ELSE 'summary.rows.advice' END)
FROM workspace.data_quality q
CROSS JOIN LATERAL (SELECT _clientele.report_plain($1, q.description) AS description) d
HAVING sum(q.order_rows) > 0
