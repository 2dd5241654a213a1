-- belongs to: answers
CREATE VIEW workspace.voice_of_customer AS
SELECT q.period_start, q.complete, q.kind, q.answers, q.period_answers, i.estimate AS share, i.lower, i.upper,
    q.previous_answers, q.previous_period_answers, 100 * t.difference AS change, 100 * t.lower AS change_lower,
    100 * t.upper AS change_upper, t.p_value,
    CASE WHEN t.lower > 0 THEN 'up' WHEN t.upper < 0 THEN 'down' WHEN t.difference IS NOT NULL THEN 'flat' END AS verdict,
    q.period_answers >= q.enough AND q.previous_period_answers >= q.enough AS enough
FROM (
    WITH shop AS MATERIALIZED (SELECT w.* FROM workspace.answer_window w), counted AS MATERIALIZED (
        SELECT a.period_start, coalesce(a.kind, 'none') AS kind, count(*) AS answers
        FROM workspace.answers_enriched a
        WHERE a.period_start >= (SELECT w.first_period FROM shop w)
        GROUP BY 1, 2
    ), periods AS MATERIALIZED (
        SELECT g::date AS period_start, coalesce(t.answers, 0) AS answers,
            coalesce(lag(t.answers) OVER (ORDER BY g), 0) AS previous_answers, (g::date + _clientele.period_step(w.period))::date <= w.as_of AS complete, w.enough, _clientele.period_step(w.period) AS step
        FROM shop w
        CROSS JOIN LATERAL generate_series((SELECT min(c.period_start) FROM counted c)::timestamp,
            clientele.period_start(w.as_of - 1, w.period)::timestamp, _clientele.period_step(w.period)) g
        LEFT JOIN (
            SELECT c.period_start, sum(c.answers)::bigint AS answers FROM counted c GROUP BY c.period_start) t ON t.period_start = g::date
    ), shown AS (
        SELECT c.period_start, c.kind FROM counted c
        UNION SELECT (c.period_start + _clientele.period_step(w.period))::date AS period_start, c.kind FROM counted c CROSS JOIN shop w
        UNION SELECT p.period_start, v.kind
            FROM periods p CROSS JOIN (VALUES ('positive'), ('negative'), ('question'), ('criticism'), ('idea'), ('lead')) v(kind)
    )
    SELECT p.period_start, p.complete, k.kind, coalesce(n.answers, 0) AS answers, p.answers AS period_answers,
        coalesce(b.answers, 0) AS previous_answers, p.previous_answers AS previous_period_answers, p.enough
    FROM periods p
    JOIN shown k ON k.period_start = p.period_start
    LEFT JOIN counted n ON n.period_start = k.period_start AND n.kind = k.kind
    LEFT JOIN counted b ON b.period_start = (k.period_start - p.step)::date AND b.kind = k.kind
) q
CROSS JOIN LATERAL clientele.wilson_interval(q.answers, q.period_answers, 0.95::double precision) i
CROSS JOIN LATERAL clientele.share_test(q.answers, q.period_answers, q.previous_answers, q.previous_period_answers, 0.95::double precision) t
ORDER BY q.period_start, q.kind;
COMMENT ON VIEW workspace.voice_of_customer IS 'What kinds of things customers say, period by period since the first answer: positive, negative, question, criticism, idea, lead, others as they are, none. Every answer counts';
COMMENT ON COLUMN workspace.voice_of_customer.complete IS 'Whether the period is complete';
COMMENT ON COLUMN workspace.voice_of_customer.kind IS 'Kind of the comment; none where it is not known';
COMMENT ON COLUMN workspace.voice_of_customer.answers IS 'Number of answers of the kind';
COMMENT ON COLUMN workspace.voice_of_customer.period_answers IS 'Number of all answers of the period';
COMMENT ON COLUMN workspace.voice_of_customer.share IS 'Share of the kind in them, 0 to 1; empty without answers';
COMMENT ON COLUMN workspace.voice_of_customer.previous_answers IS 'Number of answers of the kind in the period before';
COMMENT ON COLUMN workspace.voice_of_customer.previous_period_answers IS 'Number of all answers of that period';
COMMENT ON COLUMN workspace.voice_of_customer.change IS 'Change of the share against the period before, in points';
COMMENT ON COLUMN workspace.voice_of_customer.change_lower IS 'Lower bound of its 95 % interval (Newcombe)';
COMMENT ON COLUMN workspace.voice_of_customer.p_value IS 'Probability of a change at least as large, in either direction, if there were none; empty where all answers are of one sort';
COMMENT ON COLUMN workspace.voice_of_customer.verdict IS 'up or down where the interval is on one side of 0, else flat; empty where either period has no answers';
COMMENT ON COLUMN workspace.voice_of_customer.enough IS 'Whether there are enough answers in both periods to go by';
