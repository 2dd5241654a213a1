-- workspace: the Net Promoter Score by what an answer is about, and by what the customer was

CREATE FUNCTION workspace_create_nps_by_touchpoint(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_by_touchpoint', format($view$
        SELECT CASE WHEN q.enough THEN rank() OVER (PARTITION BY q.enough ORDER BY i.lower DESC) END AS rank,
            q.touchpoint, %3$s,
            100 * %2$s.nps_responses(q.answers)::double precision / nullif(sum(%2$s.nps_responses(q.answers)) OVER (), 0)::double precision
                AS pct_of_responses,
            i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper, %2$s.nps_band(q.answers) AS band, q.enough
        FROM (
            SELECT p.touchpoint, p.answers, %2$s.nps_responses(p.answers) >= p.enough AS enough
            FROM (
                SELECT coalesce(a.touchpoint, 'unknown') AS touchpoint, min(w.enough) AS enough, %5$s AS answers
                FROM %1$I.answers_enriched a
                CROSS JOIN (%4$s) w
                WHERE a.counts_at_touchpoint AND a.day >= w.from_date
                GROUP BY 1) p) q
        CROSS JOIN LATERAL %2$s.nps_interval(q.answers) i
        $view$, workspace, '@extschema@', @extschema@.workspace_nps_columns_sql('q.answers'), @extschema@.workspace_answer_window_sql(workspace),
            @extschema@.workspace_nps_agg_sql('true')),
        'The Net Promoter Score of each touchpoint in the last twelve months (nps_window). Of each customer the latest answer about it counts, unless the settings say all',
        @extschema@.workspace_nps_comments() || ARRAY[
            ['rank', '1 for the touchpoint with the highest lower bound; empty where there are not enough answers'],
            ['touchpoint', 'What the answers are about; unknown where they do not tell'],
            ['pct_of_responses', 'Share of the answers to all touchpoints, 0 to 100'],
            ['band', 'strong (50 and above), average (30 and above) or weak']]);
END
$$;
COMMENT ON FUNCTION workspace_create_nps_by_touchpoint(name) IS
'Internal to attach_answers(): Makes the view nps_by_touchpoint of a workspace.';

CREATE FUNCTION workspace_segment_values_sql() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'VALUES ' || string_agg(format('(%s, %L, %L)', v.n, v.dimension, v.value), ', ' ORDER BY v.n)
    FROM (
        SELECT row_number() OVER (ORDER BY d.n, l.n) AS n, d.dimension, l.value
        FROM (VALUES (1, 'stage', '{new,occasional,regular,lost,unknown}'::text[]), (2, 'abc', '{A,B,C,unknown}'), (3, 'xyz', '{X,Y,Z,unknown}'),
            (4, 'cell', '{AX,AY,AZ,BX,BY,BZ,CX,CY,CZ,unknown}')) d(n, dimension, values)
        CROSS JOIN LATERAL unnest(d.values) WITH ORDINALITY l(value, n)) v
$$;
COMMENT ON FUNCTION workspace_segment_values_sql() IS
'Internal to attach_answers(): The SQL VALUES of all stages, classes and cells with their positions.';

-- Customers and answers meet once, and are counted by what the customers were then and are now: some thousand
-- combinations at most, which are then looked at by each dimension. A customer without answers is one row, and is_latest
-- marks one of the others'. DISTINCT tells the planner that customers are there once (see first_purchase).
CREATE FUNCTION workspace_segment_counts_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT a.stage AS stage_then, a.abc AS abc_then, a.xyz AS xyz_then, a.cell AS cell_then,
            c.stage AS stage_now, c.abc AS abc_now, c.xyz AS xyz_now, c.cell AS cell_now,
            count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'promoter') AS promoters,
            count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'passive') AS passives,
            count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'detractor') AS detractors,
            count(c.customer) FILTER (WHERE a.is_latest IS NOT FALSE) AS customers,
            count(c.customer) FILTER (WHERE a.is_latest) AS answered_customers,
            sum(c.last_year_revenue) FILTER (WHERE a.is_latest AND a.nps_group = 'detractor') AS value_at_risk
        FROM (
            SELECT DISTINCT ON (k.customer) k.customer, k.stage, k.abc, k.xyz, k.cell, k.last_year_revenue FROM %1$I.customer_classes k) c
        FULL JOIN (
            SELECT e.customer, e.stage, e.abc, e.xyz, e.cell, e.nps_group, e.counts_overall, e.is_latest
            FROM %1$I.answers_enriched e
            CROSS JOIN (%2$s) w
            WHERE e.day >= w.from_date) a ON a.customer = c.customer
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
        $query$, workspace, @extschema@.workspace_answer_window_sql(workspace))
$$;
COMMENT ON FUNCTION workspace_segment_counts_sql(name) IS
'Internal to attach_answers(): The query for answers and customers by the classes of the customers as they were and are.';

CREATE FUNCTION workspace_create_nps_by_segment(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_by_segment', format($view$
        WITH counted AS MATERIALIZED (%3$s), behind AS (
            SELECT d.dimension, coalesce(d.value, 'unknown') AS value, sum(k.promoters)::bigint AS promoters, sum(k.passives)::bigint AS passives,
                sum(k.detractors)::bigint AS detractors, sum(k.value_at_risk) AS value_at_risk
            FROM counted k
            CROSS JOIN LATERAL (VALUES ('stage', k.stage_then), ('abc', k.abc_then), ('xyz', k.xyz_then), ('cell', k.cell_then)) d(dimension, value)
            GROUP BY 1, 2
        ), member AS (
            SELECT d.dimension, coalesce(d.value, 'unknown') AS value, sum(k.customers)::bigint AS customers,
                sum(k.answered_customers)::bigint AS answered_customers
            FROM counted k
            CROSS JOIN LATERAL (VALUES ('stage', k.stage_now), ('abc', k.abc_now), ('xyz', k.xyz_now), ('cell', k.cell_now)) d(dimension, value)
            GROUP BY 1, 2
        )
        SELECT v."position"::integer AS "position", v.dimension, v.value, %5$s, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
            coalesce(m.customers, 0) AS customers, coalesce(m.answered_customers, 0) AS answered_customers,
            m.answered_customers::double precision / nullif(m.customers, 0)::double precision AS response_rate,
            coalesce(b.value_at_risk, 0.00) AS value_at_risk, %2$s.nps_responses(q.answers) >= s.enough AS enough
        FROM (%4$s) v("position", dimension, value)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN behind b ON b.dimension = v.dimension AND b.value = v.value
        LEFT JOIN member m ON m.dimension = v.dimension AND m.value = v.value
        CROSS JOIN LATERAL (SELECT %2$s.nps(coalesce(b.promoters, 0), coalesce(b.passives, 0), coalesce(b.detractors, 0)) AS answers) q
        CROSS JOIN LATERAL %2$s.nps_interval(q.answers) i
        ORDER BY v."position"
        $view$, workspace, '@extschema@', @extschema@.workspace_segment_counts_sql(workspace), @extschema@.workspace_segment_values_sql(),
            @extschema@.workspace_nps_columns_sql('q.answers')),
        'The Net Promoter Score of the last twelve months (nps_window) by what customers were when they answered: stage, classes and cell, each with a row unknown. The rows of a dimension add up to nps_summary',
        @extschema@.workspace_nps_comments() || ARRAY[
            ['position', 'Order in which to show the rows'],
            ['dimension', 'stage, abc, xyz or cell'],
            ['value', 'Stage at the start of the day of the answer; class or cell at the start of its period; unknown where the customer was in none, or is not known'],
            ['customers', 'Number of customers who are in it at the reporting date; unknown: in none'],
            ['answered_customers', 'Number of those who answered in the window'],
            ['response_rate', 'Share of them, 0 to 1'],
            ['value_at_risk', 'Revenue of the last year from customers whose latest answer is a detractor''s']]);
END
$$;
COMMENT ON FUNCTION workspace_create_nps_by_segment(name) IS
'Internal to attach_answers(): Makes the view nps_by_segment of a workspace.';
