-- workspace: the Net Promoter Score, now and period by period

CREATE FUNCTION workspace_create_nps_advice(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.nps_advice', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %1$I.nps_advice (
                band text PRIMARY KEY
                    CONSTRAINT "band is strong, average or weak" CHECK (band IN ('strong', 'average', 'weak')),
                advice text NOT NULL
            );
            INSERT INTO %1$I.nps_advice VALUES
                ('strong', 'Service builds loyalty: keep it up, thank promoters and ask them for referrals'),
                ('average', 'There is something to improve: do what passives and detractors ask for most'),
                ('weak', 'Analyse the processes and change them: call detractors, begin where most of them complain')
            $ddl$, workspace);
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'nps_advice', 'What to do with a Net Promoter Score of each band: yours to edit',
        ARRAY[['band', 'strong (50 and above), average (30 and above) or weak'],
              ['advice', 'What to do']]);
END
$$;
COMMENT ON FUNCTION workspace_create_nps_advice(name) IS
'Internal to attach_answers(): Makes the table nps_advice of a workspace and fills it in, or keeps the one that is there.';

CREATE FUNCTION workspace_nps_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['responses', 'Number of answers that count'],
        ['promoters', 'Number of those of 9 and above'],
        ['passives', 'Number of those of 7 and above, but below 9'],
        ['detractors', 'Number of those below 7'],
        ['score', 'Net Promoter Score in points, -100 to 100; empty without answers'],
        ['score_lower', 'Lower bound of its 95 % interval'],
        ['score_upper', 'Upper bound'],
        ['enough', 'Whether there are enough answers to go by']]
$$;
COMMENT ON FUNCTION workspace_nps_comments() IS
'Internal to attach_answers(): The comments on the columns of a score and what is behind it.';

CREATE FUNCTION workspace_nps_change_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['previous_responses', 'Number of answers in the period before'],
        ['previous_score', 'Score of the period before'],
        ['change', 'Change of the score against it, in points: change of promoters less change of detractors'],
        ['change_lower', 'Lower bound of its 95 % interval'],
        ['change_upper', 'Upper bound'],
        ['promoters_change', 'Change of the share of promoters, in points'],
        ['detractors_change', 'Change of the share of detractors, in points'],
        ['verdict', 'up, down, or flat where the interval holds 0 or the change is below 2 points; empty where either period has no answers']]
$$;
COMMENT ON FUNCTION workspace_nps_change_comments() IS
'Internal to attach_answers(): The comments on the columns of the change of a score.';

CREATE FUNCTION workspace_nps_agg_sql(condition text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%1$s.nps(count(*) FILTER (WHERE a.nps_group = ''promoter'' AND %2$s), count(*) FILTER (WHERE a.nps_group = ''passive'' AND %2$s),
                count(*) FILTER (WHERE a.nps_group = ''detractor'' AND %2$s))', '@extschema@', condition)
$$;
COMMENT ON FUNCTION workspace_nps_agg_sql(text) IS
'Internal to attach_answers(): The SQL expression that counts rows a of answers_enriched under a condition into an nps.';

CREATE FUNCTION workspace_nps_columns_sql(answers text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%1$s.nps_responses(%2$s) AS responses, %1$s.nps_promoters(%2$s) AS promoters, %1$s.nps_passives(%2$s) AS passives,
            %1$s.nps_detractors(%2$s) AS detractors', '@extschema@', answers)
$$;
COMMENT ON FUNCTION workspace_nps_columns_sql(text) IS
'Internal to attach_answers(): The SQL list of the counts of an nps.';

CREATE FUNCTION workspace_answer_window_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
            SELECT r.as_of, r.first_period, s.period, s.enough, %2$s AS step,
                greatest(coalesce((r.as_of - s.nps_window)::date, date '0001-01-01'), date '0001-01-01') AS from_date
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            LIMIT 1
        $query$, workspace, @extschema@.workspace_period_step_sql('s.period'))
$$;
COMMENT ON FUNCTION workspace_answer_window_sql(name) IS
'Internal to attach_answers(): The query for the reporting date, the settings, and the first day of the window of answers.';

CREATE FUNCTION workspace_nps_of_period_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (@extschema@.workspace_nps_comments())[1:4] || ARRAY[
        ['period_start', 'First day of the period'],
        ['nps', 'Net Promoter Score in points, -100 to 100']]
$$;
COMMENT ON FUNCTION workspace_nps_of_period_comments() IS
'Internal to attach_answers(): The comments on the columns of nps_of_period.';

CREATE FUNCTION workspace_create_no_answers(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_of_period', $view$
        SELECT NULL::date AS period_start, NULL::bigint AS responses, NULL::bigint AS promoters, NULL::bigint AS passives,
            NULL::bigint AS detractors, NULL::double precision AS nps
        WHERE false
        $view$, 'The answers by period, which attach_answers() attaches', @extschema@.workspace_nps_of_period_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_no_answers(name) IS
'Internal to attach_orders(): Makes the view nps_of_period of a workspace, without rows: overview reads it.';

CREATE FUNCTION workspace_create_nps_of_period(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_of_period', format($view$
        SELECT p.period_start, %3$s, %2$s.nps_score(p.answers) AS nps
        FROM (
            SELECT a.period_start, %4$s AS answers
            FROM %1$I.answers_enriched a
            WHERE a.counts_in_period
            GROUP BY a.period_start) p
        $view$, workspace, '@extschema@', @extschema@.workspace_nps_columns_sql('p.answers'), @extschema@.workspace_nps_agg_sql('true')),
        'The Net Promoter Score of each period with answers: nps_by_period shows what changed, and the gaps', @extschema@.workspace_nps_of_period_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_nps_of_period(name) IS
'Internal to attach_answers(): Makes the view nps_of_period of a workspace, with the attached answers.';

CREATE FUNCTION workspace_create_nps_by_period(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_by_period', format($view$
        WITH counted AS MATERIALIZED (
            SELECT n.period_start, %2$s.nps(n.promoters, n.passives, n.detractors) AS answers FROM %1$I.nps_of_period n
        )
        SELECT q.period_start, q.complete, %3$s, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
            coalesce(%2$s.nps_responses(q.before), 0) AS previous_responses, %2$s.nps_score(q.before) AS previous_score,
            c.difference AS change, c.lower AS change_lower, c.upper AS change_upper, c.promoters AS promoters_change,
            c.detractors AS detractors_change, c.verdict, %2$s.nps_responses(q.answers) >= q.enough AS enough
        FROM (
            SELECT p.period_start, (p.period_start + w.step)::date <= w.as_of AS complete, w.enough, p.answers,
                lag(p.answers) OVER (ORDER BY p.period_start) AS before
            FROM (%4$s) w
            CROSS JOIN (SELECT min(x.period_start) AS first FROM counted x) b
            CROSS JOIN LATERAL (
                SELECT g::date AS period_start, coalesce(n.answers, %2$s.nps(0, 0, 0)) AS answers
                FROM generate_series(greatest(b.first, w.first_period)::timestamp, %2$s.period_start(w.as_of - 1, w.period)::timestamp, w.step) g
                LEFT JOIN counted n ON n.period_start = g::date
                WHERE b.first IS NOT NULL) p) q
        CROSS JOIN LATERAL %2$s.nps_interval(q.answers) i
        CROSS JOIN LATERAL %2$s.nps_change(q.answers, q.before) c
        ORDER BY q.period_start
        $view$, workspace, '@extschema@', @extschema@.workspace_nps_columns_sql('q.answers'), @extschema@.workspace_answer_window_sql(workspace)),
        'The Net Promoter Score period by period since the first answer, beside the period before. Of each customer the latest answer of the period counts, unless the settings say all',
        @extschema@.workspace_nps_comments() || @extschema@.workspace_nps_change_comments() || ARRAY[
            ['period_start', 'First day of the period'],
            ['complete', 'Whether the period is complete']]);
END
$$;
COMMENT ON FUNCTION workspace_create_nps_by_period(name) IS
'Internal to attach_answers(): Makes the view nps_by_period of a workspace.';

CREATE FUNCTION workspace_create_nps_summary(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- One pass over customers and answers: a customer without answers is one row, and is_latest marks one of the others'.
    -- OFFSET 0 keeps the periods from being worked out for each.
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_summary', format($view$
        SELECT t.as_of, t.from_date, %3$s, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
            %2$s.nps_band(t.answers) AS band, v.advice, t.active_customers, t.answered_customers,
            t.answered_customers::double precision / nullif(t.active_customers, 0)::double precision AS response_rate,
            CASE WHEN t.last_period >= date '0001-01-01' THEN t.last_period END AS period_start,
            %2$s.nps_responses(t.last_answers) AS period_responses, %2$s.nps_score(t.last_answers) AS period_score,
            %2$s.nps_responses(t.before_answers) AS previous_responses, %2$s.nps_score(t.before_answers) AS previous_score,
            c.difference AS change, c.lower AS change_lower, c.upper AS change_upper, c.promoters AS promoters_change,
            c.detractors AS detractors_change, c.verdict, %2$s.nps_responses(t.answers) >= t.enough AS enough
        FROM (
            SELECT w.*, m.*
            FROM (SELECT x.*, (%2$s.period_start(x.as_of, x.period) - x.step)::date AS last_period,
                      (%2$s.period_start(x.as_of, x.period) - 2 * x.step)::date AS period_before
                  FROM (%4$s) x
                  OFFSET 0) w
            CROSS JOIN LATERAL (
                SELECT %5$s AS answers, %6$s AS last_answers, %7$s AS before_answers,
                    count(*) FILTER (WHERE h.active AND a.is_latest IS NOT FALSE) AS active_customers,
                    count(*) FILTER (WHERE h.active AND a.is_latest AND a.day >= w.from_date) AS answered_customers
                FROM (SELECT k.customer, %2$s.last_order(k.history, w.as_of) >= w.from_date AS active FROM %1$I.customer_history k) h
                FULL JOIN %1$I.answers_enriched a ON a.customer = h.customer) m
            OFFSET 0) t
        CROSS JOIN LATERAL %2$s.nps_interval(t.answers) i
        CROSS JOIN LATERAL %2$s.nps_change(t.last_answers, t.before_answers) c
        LEFT JOIN %1$I.nps_advice v ON v.band = %2$s.nps_band(t.answers)
        $view$, workspace, '@extschema@', @extschema@.workspace_nps_columns_sql('t.answers'), @extschema@.workspace_answer_window_sql(workspace),
            @extschema@.workspace_nps_agg_sql('a.counts_overall AND a.day >= w.from_date'),
            @extschema@.workspace_nps_agg_sql('a.counts_in_period AND a.period_start = w.last_period'),
            @extschema@.workspace_nps_agg_sql('a.counts_in_period AND a.period_start = w.period_before')),
        'One row: would they recommend us? The Net Promoter Score of the last twelve months (nps_window), of each customer by the latest answer unless the settings say all; and the last complete period beside the one before',
        @extschema@.workspace_nps_comments() || @extschema@.workspace_nps_change_comments() || ARRAY[
            ['as_of', 'The reporting date'],
            ['from_date', 'First day of the window'],
            ['band', 'strong (50 and above), average (30 and above) or weak; empty without answers'],
            ['advice', 'What to do, from the table nps_advice'],
            ['active_customers', 'Number of customers with an order in the window'],
            ['answered_customers', 'Number of those who answered in it'],
            ['response_rate', 'Share of them, 0 to 1'],
            ['period_start', 'First day of the last complete period, of which the columns after it tell'],
            ['period_responses', 'Number of answers in it'],
            ['period_score', 'Its score; empty without answers']]);
END
$$;
COMMENT ON FUNCTION workspace_create_nps_summary(name) IS
'Internal to attach_answers(): Makes the view nps_summary of a workspace.';
