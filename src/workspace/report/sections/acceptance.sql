-- What was offered, and why it was refused.
-- belongs to: offers
WITH accepted AS (
    SELECT _clientele.report_card('offer_acceptance', _clientele.report_say($1, 'report.accepted'), _clientele.report_say($1, 'report.accepted.note', _clientele.report_number($1, max(a.all_made)::numeric), _clientele.report_percent($1, max(a.all_share))),
        _clientele.chart_bars($1, '{offer,"",of_them_accepted}', array_agg(ROW(_clientele.report_name(a.value), 100 * a.share, NULL, NULL,
            _clientele.report_noted(_clientele.report_percent($1, 100 * a.share), _clientele.report_interval($1, 100 * a.lower, 100 * a.upper)))::_clientele.chart_point ORDER BY a.share DESC, a.value))) AS card
    FROM (
        SELECT o.*, sum(o.made) OVER () AS all_made, 100 * sum(o.accepted) OVER ()::double precision / sum(o.made) OVER ()::double precision AS all_share, row_number() OVER (ORDER BY o.made DESC, o.value) AS place
        FROM workspace.offer_acceptance o WHERE o.dimension = 'offer') a
    WHERE a.enough AND a.place <= 10
    HAVING count(*) > 0
), refused AS (
    SELECT _clientele.report_card($1, 'refusal_reasons', 'refused', _clientele.chart_bars($1, '{why,"",refusals}', array_agg(ROW(CASE r.reason WHEN 'unknown' THEN _clientele.report_say($1, 'report.unknown') ELSE _clientele.report_name(r.reason) END, r.refusals, NULL, NULL,
        _clientele.report_number($1, r.refusals::numeric))::_clientele.chart_point ORDER BY r.refusals DESC, r.reason))) AS card
    FROM (
        SELECT x.reason, sum(x.refusals)::bigint AS refusals, row_number() OVER (ORDER BY sum(x.refusals) DESC, x.reason) AS place
        FROM workspace.refusal_reasons x GROUP BY x.reason) r
    WHERE r.place <= 10
    HAVING count(*) > 0
)
SELECT _clientele.report_part($1, 'acceptance', (SELECT a.card FROM accepted a), (SELECT r.card FROM refused r))
