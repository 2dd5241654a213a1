-- What the lost brought in their last year, and what of it may be won back.
SELECT _clientele.report_say($1, 'summary.lost.finding', _clientele.report_count($1, count(*), 'customers'), _clientele.report_money($1, sum(w.last_year_revenue)), _clientele.report_money($1, coalesce(sum(w.expected_value) FILTER (WHERE w.enough), 0))),
    _clientele.report_plain($1, min(w.approach))
FROM workspace.win_back w
HAVING count(*) > 0
