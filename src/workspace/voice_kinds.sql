-- workspace: what kinds of things customers say, period by period

-- A kind has a row where it was there in the period or the one before; the six usual ones always have one.
CREATE FUNCTION workspace_voice_rows_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        WITH shop AS MATERIALIZED (%3$s), counted AS MATERIALIZED (
            SELECT a.period_start, coalesce(a.kind, 'none') AS kind, count(*) AS answers
            FROM %1$I.answers_enriched a
            WHERE a.period_start >= (SELECT w.first_period FROM shop w)
            GROUP BY 1, 2
        ), periods AS MATERIALIZED (
            SELECT g::date AS period_start, coalesce(t.answers, 0) AS answers,
                coalesce(lag(t.answers) OVER (ORDER BY g), 0) AS previous_answers, (g::date + w.step)::date <= w.as_of AS complete, w.enough, w.step
            FROM shop w
            CROSS JOIN LATERAL generate_series((SELECT min(c.period_start) FROM counted c)::timestamp,
                %2$s.period_start(w.as_of - 1, w.period)::timestamp, w.step) g
            LEFT JOIN (
                SELECT c.period_start, sum(c.answers)::bigint AS answers FROM counted c GROUP BY c.period_start) t ON t.period_start = g::date
        ), shown AS (
            SELECT c.period_start, c.kind FROM counted c
            UNION SELECT (c.period_start + w.step)::date AS period_start, c.kind FROM counted c CROSS JOIN shop w
            UNION SELECT p.period_start, v.kind
                FROM periods p CROSS JOIN (VALUES ('positive'), ('negative'), ('question'), ('criticism'), ('idea'), ('lead')) v(kind)
        )
        SELECT p.period_start, p.complete, k.kind, coalesce(n.answers, 0) AS answers, p.answers AS period_answers,
            coalesce(b.answers, 0) AS previous_answers, p.previous_answers AS previous_period_answers, p.enough
        FROM periods p
        JOIN shown k ON k.period_start = p.period_start
        LEFT JOIN counted n ON n.period_start = k.period_start AND n.kind = k.kind
        LEFT JOIN counted b ON b.period_start = (k.period_start - p.step)::date AND b.kind = k.kind
        $query$, workspace, '@extschema@', @extschema@.workspace_answer_window_sql(workspace))
$$;
COMMENT ON FUNCTION workspace_voice_rows_sql(name) IS
'Internal to attach_answers(): The query for the answers by period and kind, beside the period before.';

CREATE FUNCTION workspace_create_voice_of_customer(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'voice_of_customer', format($view$
        SELECT q.period_start, q.complete, q.kind, q.answers, q.period_answers, i.estimate AS share, i.lower, i.upper,
            q.previous_answers, q.previous_period_answers, 100 * t.difference AS change, 100 * t.lower AS change_lower,
            100 * t.upper AS change_upper, t.p_value,
            CASE WHEN t.lower > 0 THEN 'up' WHEN t.upper < 0 THEN 'down' WHEN t.difference IS NOT NULL THEN 'flat' END AS verdict,
            q.period_answers >= q.enough AND q.previous_period_answers >= q.enough AS enough
        FROM (%3$s) q
        CROSS JOIN LATERAL %2$s.wilson_interval(q.answers, q.period_answers) i
        CROSS JOIN LATERAL %2$s.share_test(q.answers, q.period_answers, q.previous_answers, q.previous_period_answers) t
        ORDER BY q.period_start, q.kind
        $view$, workspace, '@extschema@', @extschema@.workspace_voice_rows_sql(workspace)),
        'What kinds of things customers say, period by period since the first answer: positive, negative, question, criticism, idea, lead, others as they are, none. Every answer counts',
        ARRAY[['period_start', 'First day of the period'],
              ['complete', 'Whether the period is complete'],
              ['kind', 'Kind of the comment; none where it is not known'],
              ['answers', 'Number of answers of the kind'],
              ['period_answers', 'Number of all answers of the period'],
              ['share', 'Share of the kind in them, 0 to 1; empty without answers'],
              ['lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['upper', 'Upper bound'],
              ['previous_answers', 'Number of answers of the kind in the period before'],
              ['previous_period_answers', 'Number of all answers of that period'],
              ['change', 'Change of the share against the period before, in points'],
              ['change_lower', 'Lower bound of its 95 % interval (Newcombe)'],
              ['change_upper', 'Upper bound'],
              ['p_value', 'Probability of a change at least as large, in either direction, if there were none; empty where all answers are of one sort'],
              ['verdict', 'up or down where the interval is on one side of 0, else flat; empty where either period has no answers'],
              ['enough', 'Whether there are enough answers in both periods to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_voice_of_customer(name) IS
'Internal to attach_answers(): Makes the view voice_of_customer of a workspace.';
