-- Whether customers would recommend the shop, where they are least content, and what they wish for.
-- belongs to: answers
WITH period AS (
    SELECT n.* FROM workspace.nps_by_period n WHERE n.complete AND n.responses > 0 ORDER BY n.period_start DESC LIMIT 24
), score AS (
    SELECT _clientele.chart_line($1, _clientele.report_say($1, 'report.nps_by_period'), array_agg(ROW(_clientele.report_period($1, p.period_start, true), p.score, p.score_lower, p.score_upper, NULL)::_clientele.chart_point ORDER BY p.period_start), NULL, NULL, 'points')
        || _clientele.report_figures($1, ARRAY[_clientele.report_say($1, 'report.period'), _clientele.report_say($1, 'report.nps'), _clientele.report_say($1, 'report.interval'), _clientele.report_say($1, 'report.answers')],
            array_agg(_clientele.report_row(_clientele.report_period($1, p.period_start), _clientele.report_number($1, p.score::numeric), _clientele.report_interval($1, p.score_lower, p.score_upper, 0, 'number'), _clientele.report_number($1, p.responses)) ORDER BY p.period_start)) AS body
    FROM period p
    HAVING count(*) > 1
), touchpoint AS (
    SELECT _clientele.chart_whiskers($1, _clientele.report_say($1, 'report.touchpoint'), _clientele.report_say($1, 'report.nps'),
        array_agg(ROW(_clientele.report_name(t.touchpoint), t.score, t.score_lower, t.score_upper,
            _clientele.report_number($1, t.score::numeric) || '<small>' || _clientele.report_count($1, t.responses, 'answers') || '</small>')::_clientele.chart_point ORDER BY t."position")) AS body
    FROM (SELECT x.* FROM workspace.nps_by_touchpoint x WHERE x.enough ORDER BY x."position" LIMIT 12) t
), wish AS (
    SELECT _clientele.chart_bars(ARRAY[_clientele.report_say($1, 'report.wish'), '', _clientele.report_say($1, 'report.asked')],
        array_agg(ROW(_clientele.report_name(i.wish), i.asked, NULL, NULL,
            _clientele.report_number($1, i.asked) || '<small>' || _clientele.report_say($1, 'report.wish_revenue', _clientele.report_money($1, i.last_year_revenue)) || '</small>')::_clientele.chart_point ORDER BY i."position")) AS body
    FROM (SELECT x.* FROM workspace.improvements x ORDER BY x."position" LIMIT 6) i
)
SELECT _clientele.report_part(_clientele.report_say($1, 'report.voice'),
    '<p class="full">' || _clientele.report_say($1, 'report.nps_is', _clientele.report_number($1, n.score::numeric), _clientele.report_interval($1, n.score_lower, n.score_upper, 0, 'number'),
        _clientele.report_count($1, n.responses, 'answers')) || ' ' || coalesce(_clientele.report_own($1, n.advice) || '.', '') || '</p>',
    (SELECT _clientele.report_card('nps_by_period', _clientele.report_say($1, 'report.nps_by_period'), _clientele.report_say($1, 'report.nps_by_period.note'), s.body) FROM score s),
    (SELECT _clientele.report_card('nps_by_touchpoint', _clientele.report_say($1, 'report.by_touchpoint'), _clientele.report_say($1, 'report.by_touchpoint.note'), t.body) FROM touchpoint t),
    (SELECT _clientele.report_card('improvements', _clientele.report_say($1, 'report.wishes'), _clientele.report_say($1, 'report.wishes.note'), w.body) FROM wish w))
FROM workspace.nps_summary n
WHERE n.responses > 0
