-- What goes together most surely.
-- belongs to: lines
SELECT _clientele.report_say($1, 'summary.offer.finding', _clientele.report_line(p.product), _clientele.report_line(p.with_product), _clientele.report_percent($1, 100 * p.confidence),
        _clientele.report_interval($1, 100 * p.confidence_lower, 100 * p.confidence_upper), _clientele.report_number($1, p.lift::numeric, 1)),
    _clientele.report_say($1, 'summary.offer.advice', _clientele.report_line(p.with_product), _clientele.report_line(p.product))
FROM workspace.strongest_pairs p
WHERE p."position" = 1
