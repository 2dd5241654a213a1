-- Whom one more purchase lifts, and who is about to fall.
SELECT _clientele.report_say($1, 'summary.programme.finding', _clientele.report_count($1, count(*) FILTER (WHERE n.near_next), 'customers'), _clientele.report_count($1, count(*) FILTER (WHERE n.falls_soon), 'customers')),
    _clientele.report_word($1, 'summary.programme.advice')
FROM workspace.near_tier n
HAVING count(*) > 0
