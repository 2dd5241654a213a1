-- belongs to: answers
CREATE VIEW workspace.nps_by_period AS
WITH counted AS MATERIALIZED (
    SELECT n.period_start, clientele.nps(n.promoters, n.passives, n.detractors) AS answers FROM workspace.nps_of_period n
)
SELECT q.period_start, q.complete, clientele.nps_responses(q.answers) AS responses, clientele.nps_promoters(q.answers) AS promoters, clientele.nps_passives(q.answers) AS passives,
    clientele.nps_detractors(q.answers) AS detractors, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
    coalesce(clientele.nps_responses(q.before), 0) AS previous_responses, clientele.nps_score(q.before) AS previous_score,
    c.difference AS change, c.lower AS change_lower, c.upper AS change_upper, c.promoters AS promoters_change,
    c.detractors AS detractors_change, c.verdict, clientele.nps_responses(q.answers) >= q.enough AS enough
FROM (
    SELECT p.*, lag(p.answers) OVER (ORDER BY p.period_start) AS before
    FROM (
        SELECT g::date AS period_start, (g::date + _clientele.period_step(w.period))::date <= w.as_of AS complete, w.enough,
            coalesce(n.answers, clientele.nps(0::bigint, 0::bigint, 0::bigint)) AS answers
        FROM workspace.answer_window w
        CROSS JOIN (SELECT min(x.period_start) AS first FROM counted x) b
        CROSS JOIN LATERAL generate_series(CASE WHEN b.first IS NOT NULL THEN greatest(b.first, w.first_period)::timestamp END,
            clientele.period_start(w.as_of - 1, w.period)::timestamp, _clientele.period_step(w.period)) g
        LEFT JOIN counted n ON n.period_start = g::date) p) q
CROSS JOIN LATERAL clientele.nps_interval(q.answers, 0.95::double precision, 'score'::text) i
CROSS JOIN LATERAL clientele.nps_change(q.answers, q.before, 0.95::double precision) c
ORDER BY q.period_start;
COMMENT ON VIEW workspace.nps_by_period IS 'The Net Promoter Score period by period since the first answer, beside the period before. Of each customer the latest answer of the period counts, unless the settings say all';
COMMENT ON COLUMN workspace.nps_by_period.complete IS 'Whether the period is complete';
COMMENT ON COLUMN workspace.nps_by_period.enough IS 'Whether there are enough answers to go by';
