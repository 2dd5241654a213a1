-- Whether customers would recommend the shop, or of ratings on another scale how many are satisfied; where they are least content, and what
-- they wish for.
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
), rated AS (
    SELECT r.value::date AS period_start, 100 * r.satisfied_share AS share, 100 * r.satisfied_share_lower AS lower, 100 * r.satisfied_share_upper AS upper, r.responses
    FROM workspace.rating_summary r
    CROSS JOIN workspace.reporting_date d
    WHERE r.dimension = 'period' AND r.value::date + _clientele.period_step($1 -> 'settings' ->> 'period') <= d.as_of
    ORDER BY r.value::date DESC LIMIT 24
), rated_periods AS (
    SELECT _clientele.report_card($1, 'rating_summary', 'ratings_by_period',
        _clientele.chart_line($1, _clientele.report_say($1, 'report.ratings_by_period'), array_agg(ROW(_clientele.report_period($1, r.period_start, true), r.share, r.lower, r.upper, NULL)::_clientele.chart_point ORDER BY r.period_start), 0, NULL, 'percent')
        || _clientele.report_figures($1, '{period,satisfied,interval,answers}', array_agg(_clientele.report_row(_clientele.report_period($1, r.period_start), _clientele.report_percent($1, r.share),
            _clientele.report_interval($1, r.lower, r.upper), _clientele.report_number($1, r.responses)) ORDER BY r.period_start))) AS card
    FROM rated r
    HAVING count(*) > 1
), rated_touchpoints AS (
    SELECT _clientele.report_card($1, 'rating_summary', 'ratings_by_touchpoint', _clientele.chart_whiskers($1, 'touchpoint', 'satisfied',
        array_agg(ROW(_clientele.report_name(r.value), 100 * r.satisfied_share, 100 * r.satisfied_share_lower, 100 * r.satisfied_share_upper,
            _clientele.report_noted(_clientele.report_percent($1, 100 * r.satisfied_share), _clientele.report_count($1, r.responses, 'answers')))::_clientele.chart_point ORDER BY r.satisfied_share_lower DESC, r.value))) AS card
    FROM (SELECT x.* FROM workspace.rating_summary x WHERE x.dimension = 'touchpoint' AND x.enough ORDER BY x.satisfied_share_lower DESC, x.value LIMIT 12) r
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
UNION ALL
SELECT _clientele.report_part($1, 'ratings',
    format('<p class="full">%s</p>', _clientele.report_say($1, 'report.ratings_are', _clientele.report_percent($1, 100 * r.satisfied_share),
        _clientele.report_interval($1, 100 * r.satisfied_share_lower, 100 * r.satisfied_share_upper), _clientele.report_count($1, r.responses, 'answers'), _clientele.report_number($1, r.satisfied_from),
        _clientele.report_number($1, r.lowest), _clientele.report_number($1, r.highest), _clientele.report_number($1, r.mean_rating::numeric, 1))),
    (SELECT p.card FROM rated_periods p), (SELECT t.card FROM rated_touchpoints t), (SELECT w.card FROM wishes w))
FROM workspace.rating_summary r
WHERE r.dimension = 'all'
