-- A rating between two levels, such as half a star, is no level of a rating_distribution: it counts from the level of satisfaction on.
-- belongs to: answers
CREATE VIEW workspace.rating_summary AS
SELECT v.dimension, v.value, q.responses, q.satisfied, i.estimate AS satisfied_share, i.lower AS satisfied_share_lower, i.upper AS satisfied_share_upper,
    q.mean_rating, q.lowest, q.highest, q.satisfied_from, q.responses >= q.enough AS enough
FROM (
    SELECT a.dimension, a.value, count(*) AS responses, count(*) FILTER (WHERE a.score >= a.satisfied_from) AS satisfied, avg(a.score) AS mean_rating,
        min(a.lowest) AS lowest, min(a.highest) AS highest, min(a.satisfied_from) AS satisfied_from, min(a.enough) AS enough
    FROM (
        SELECT e.score, w.lowest, w.highest, w.enough, d.dimension, d.value,
            w.highest + 1 - CASE WHEN w.highest - w.lowest = 1 THEN 1 WHEN w.highest - w.lowest <= 10 THEN 2 ELSE (w.highest - w.lowest) / 5 END AS satisfied_from
        FROM (
            SELECT x.score, x.day, x.period_start, to_char(x.period_start::timestamp, 'YYYY-MM-DD') AS period, x.touchpoint, x.counts_overall, x.counts_in_period, x.counts_at_touchpoint
            FROM workspace.answers_enriched x) e
        JOIN workspace.answer_window w ON w.lowest <> 0 OR w.highest <> 10
        CROSS JOIN LATERAL (VALUES
            ('all'::text, 'all'::text, e.counts_overall AND e.day >= w.from_date),
            ('period', e.period, e.counts_in_period AND e.period_start >= w.first_period),
            ('touchpoint', coalesce(e.touchpoint, 'unknown'), e.counts_at_touchpoint AND e.day >= w.from_date)) d(dimension, value, counts)
        WHERE d.counts) a
    GROUP BY a.dimension, a.value) q
CROSS JOIN LATERAL (SELECT q.dimension, q.value) v
CROSS JOIN LATERAL clientele.wilson_interval(q.satisfied, q.responses, 0.95::double precision) i
ORDER BY v.dimension, v.value;
COMMENT ON VIEW workspace.rating_summary IS 'How many are satisfied, where attach_answers() was told of another scale than 0 to 10: in all and by touchpoint in the last twelve months (nps_window), and period by period. Of each customer the latest answer counts, unless the settings say all';
COMMENT ON COLUMN workspace.rating_summary.dimension IS 'all, period or touchpoint';
COMMENT ON COLUMN workspace.rating_summary.value IS 'The first day of the period, or the touchpoint, unknown where answers do not tell';
COMMENT ON COLUMN workspace.rating_summary.lowest IS 'The lowest rating of the scale';
COMMENT ON COLUMN workspace.rating_summary.highest IS 'The highest one';
COMMENT ON COLUMN workspace.rating_summary.satisfied IS 'Number of those at the two highest levels; of two levels at the higher one, of more than eleven in the upper fifth';
COMMENT ON COLUMN workspace.rating_summary.mean_rating IS 'The mean rating, on the scale as it is';
COMMENT ON COLUMN workspace.rating_summary.satisfied_from IS 'From this rating on';
COMMENT ON COLUMN workspace.rating_summary.enough IS 'Whether there are enough answers to go by';
