-- belongs to: answers
CREATE VIEW workspace.response_times AS
SELECT q.dimension, q.value, q.answers, q.replied, q.answers - q.replied AS unanswered,
    i.estimate AS replied_share, i.lower AS replied_share_lower, i.upper AS replied_share_upper,
    q.median_reply_hours, q.p90_reply_hours, q.resolved, q.answers - q.resolved AS unresolved,
    q.median_resolve_days, q.p90_resolve_days, q.answers >= q.enough AS enough
FROM (
    SELECT v.dimension, v.value, count(*) AS answers, count(*) FILTER (WHERE a.replied) AS replied,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY a.reply_hours) AS median_reply_hours,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY a.reply_hours) AS p90_reply_hours,
        count(*) FILTER (WHERE a.resolved) AS resolved,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY a.resolve_days) AS median_resolve_days,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY a.resolve_days) AS p90_resolve_days,
        min(w.enough) AS enough
    FROM workspace.answers_enriched a
    CROSS JOIN workspace.answer_window w
    CROSS JOIN LATERAL (VALUES ('kind', coalesce(a.kind, 'none')), ('owner', coalesce(a.owner, 'none'))) v(dimension, value)
    WHERE a.needs_reply AND a.day >= w.from_date
    GROUP BY v.dimension, v.value) q
CROSS JOIN LATERAL clientele.wilson_interval(q.replied, q.answers, 0.95::double precision) i
ORDER BY q.dimension, q.value;
COMMENT ON VIEW workspace.response_times IS 'How fast those who need a reply got one: negatives, criticism, questions, leads and detractors'' comments of no kind in the last twelve months (nps_window), by kind and by owner';
COMMENT ON COLUMN workspace.response_times.dimension IS 'kind or owner';
COMMENT ON COLUMN workspace.response_times.value IS 'Its value; none where unknown';
COMMENT ON COLUMN workspace.response_times.answers IS 'Number of answers that need a reply';
COMMENT ON COLUMN workspace.response_times.replied IS 'Number of those that got one before the reporting date';
COMMENT ON COLUMN workspace.response_times.unanswered IS 'Number of those that wait for one';
COMMENT ON COLUMN workspace.response_times.median_reply_hours IS 'Median hours to the reply, of those that got one';
COMMENT ON COLUMN workspace.response_times.p90_reply_hours IS 'Nine of ten of those got it within so many hours';
COMMENT ON COLUMN workspace.response_times.resolved IS 'Number of those that are resolved';
COMMENT ON COLUMN workspace.response_times.unresolved IS 'Number of those that are not';
COMMENT ON COLUMN workspace.response_times.median_resolve_days IS 'Median days until it was resolved, of those that are';
COMMENT ON COLUMN workspace.response_times.p90_resolve_days IS 'Nine of ten of those were within so many days';
COMMENT ON COLUMN workspace.response_times.enough IS 'Whether there are enough answers to go by';
