-- Whether customers would recommend the shop, where they are least content, and what they wish for.
-- belongs to: answers
WITH period AS (
    SELECT n.* FROM workspace.nps_by_period n WHERE n.complete AND n.responses > 0 ORDER BY n.period_start DESC LIMIT 24
), score AS (
    SELECT _clientele.report_card($1, 'nps_by_period', 'nps_by_period',
        _clientele.chart_line($1, _clientele.report_say($1, 'report.nps_by_period'), array_agg(ROW(_clientele.report_period($1, p.period_start, true), p.score, p.score_lower, p.score_upper, NULL)::_clientele.chart_point ORDER BY p.period_start), NULL, NULL, 'points')
        || _clientele.report_figures($1, '{period,nps,interval,answers}', array_agg(_clientele.report_row(_clientele.report_period($1, p.period_start), _clientele.report_number($1, p.score::numeric),
            _clientele.report_interval($1, p.score_lower, p.score_upper, 0, 'number'), _clientele.report_number($1, p.responses)) ORDER BY p.period_start))) AS card
    FROM period p
    HAVING count(*) > 1
), touchpoints AS (
    SELECT _clientele.report_card($1, 'nps_by_touchpoint', 'by_touchpoint', _clientele.chart_whiskers($1, 'touchpoint', 'nps',
        array_agg(ROW(_clientele.report_name(t.touchpoint), t.score, t.score_lower, t.score_upper,
            _clientele.report_noted(_clientele.report_number($1, t.score::numeric), _clientele.report_count($1, t.responses, 'answers')))::_clientele.chart_point ORDER BY t."position"))) AS card
    FROM (SELECT x.* FROM workspace.nps_by_touchpoint x WHERE x.enough ORDER BY x."position" LIMIT 12) t
), wishes AS (
    SELECT _clientele.report_card($1, 'improvements', 'wishes', _clientele.chart_bars($1, '{wish,"",asked}',
        array_agg(ROW(_clientele.report_name(i.wish), i.asked, NULL, NULL,
            _clientele.report_noted(_clientele.report_number($1, i.asked), _clientele.report_say($1, 'report.wish_revenue', _clientele.report_money($1, i.last_year_revenue))))::_clientele.chart_point ORDER BY i."position"))) AS card
    FROM (SELECT x.* FROM workspace.improvements x ORDER BY x."position" LIMIT 6) i
)
SELECT _clientele.report_part($1, 'voice',
    format('<p class="full">%s</p>', concat_ws(' ', _clientele.report_say($1, 'report.nps_is', _clientele.report_number($1, n.score::numeric),
        _clientele.report_interval($1, n.score_lower, n.score_upper, 0, 'number'), _clientele.report_count($1, n.responses, 'answers')), _clientele.report_sentence($1, n.advice))),
    (SELECT s.card FROM score s), (SELECT t.card FROM touchpoints t), (SELECT w.card FROM wishes w))
FROM workspace.nps_summary n
WHERE n.responses > 0
