-- Whom to call first, with what they bring.
SELECT _clientele.report_say($1, 'summary.call.finding', string_agg(format('%s (%s)', _clientele.report_line(coalesce(nullif(r.customer_name, ''), r.customer::text)), _clientele.report_money($1, r.last_year_revenue)), ', ' ORDER BY r."position") FILTER (WHERE r."position" <= 3),
        _clientele.report_count($1, count(*), 'customers'), _clientele.report_money($1, sum(r.last_year_revenue))),
    _clientele.report_plain($1, min(r.approach))
FROM workspace.at_risk r
HAVING count(*) > 0
