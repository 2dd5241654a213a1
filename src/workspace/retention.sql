-- workspace: who comes back

CREATE FUNCTION workspace_create_retention(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_retention_by_period(workspace);
    PERFORM @extschema@.workspace_create_retention_cohorts(workspace);
    PERFORM @extschema@.workspace_create_repeat_purchase(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_retention(name) IS
'Internal to attach_orders(): Makes the views retention_by_period, retention_cohorts and repeat_purchase of a workspace.';

CREATE FUNCTION workspace_retention_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['period_number', '0 is the period of the first purchase, 1 the next one, and so on'],
        ['eligible', 'Number of customers for whom that period is complete'],
        ['retained', 'Number of those who bought in it'],
        ['rate', 'Share of those, 0 to 1'],
        ['lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['upper', 'Upper bound'],
        ['retained_on_or_after', 'Number of those who bought in it or in a later complete period'],
        ['rate_on_or_after', 'Share of those, 0 to 1'],
        ['lower_on_or_after', 'Lower bound of its 95 % interval'],
        ['upper_on_or_after', 'Upper bound'],
        ['enough', 'Whether there are enough customers to go by']]
$$;
COMMENT ON FUNCTION workspace_retention_comments() IS
'Internal to attach_orders(): The comments on the columns that views of retention share.';

CREATE FUNCTION workspace_create_retention_by_period(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'retention_by_period', format($view$
        SELECT p.period_number, p.eligible, p.retained, p.rate, p.lower, p.upper, p.retained_on_or_after, p.rate_on_or_after,
            p.lower_on_or_after, p.upper_on_or_after, p.follow_up, true AS complete, p.eligible >= c.enough AS enough
        FROM (
            SELECT %2$s.retention_curve(h.history, s.period, r.as_of) AS curve, min(s.enough) AS enough
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            CROSS JOIN %1$I.customer_history h
            WHERE %2$s.first_order(h.history, r.as_of) >= r.first_period
        ) c
        CROSS JOIN LATERAL %2$s.retention_points(c.curve) p
        $view$, workspace, '@extschema@'),
        'The retention curve: how many customers bought in each period after their first one. Young customers count only where their period is complete',
        @extschema@.workspace_retention_comments() || ARRAY[
            ['follow_up', 'Mean number of complete periods the customers had for coming back on or after: compare only what had as many'],
            ['complete', 'Always true: periods under way are not counted']]);
END
$$;
COMMENT ON FUNCTION workspace_create_retention_by_period(name) IS
'Internal to attach_orders(): Makes the view retention_by_period of a workspace.';

CREATE FUNCTION workspace_create_retention_cohorts(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- What a cohort brought is read from its customers' histories together, and the whole is put together from the cohorts.
    PERFORM @extschema@.workspace_create_view(workspace, 'retention_cohorts', format($view$
        WITH cohort AS MATERIALIZED (
            SELECT %2$s.period_start(%2$s.first_order(h.history), s.period) AS cohort_start, %2$s.rollup(h.history) AS history,
                %2$s.retention_curve(h.history, s.period, r.as_of) AS curve, min(r.as_of) AS as_of, min(s.enough) AS enough, %3$s AS step
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            CROSS JOIN %1$I.customer_history h
            WHERE %2$s.first_order(h.history, r.as_of) >= r.first_period
            GROUP BY cohort_start, s.period
        )
        SELECT p.cohort_start, p.cohort_label, p.customers, p.period_number, p.period_start, p.complete, p.eligible, p.retained,
            p.rate, p.lower, p.upper, p.retained_on_or_after, p.rate_on_or_after, p.lower_on_or_after, p.upper_on_or_after,
            coalesce(r.revenue, 0.00) AS revenue,
            (coalesce(r.revenue, 0) / nullif(p.customers, 0))::double precision AS revenue_per_customer,
            coalesce(r.so_far, 0.00) AS cumulative_revenue,
            (coalesce(r.so_far, 0) / nullif(p.customers, 0))::double precision AS cumulative_revenue_per_customer,
            p.customers >= c.enough AS enough
        FROM (SELECT %2$s.rollup(k.curve) AS curve, min(k.enough) AS enough FROM cohort k) c
        CROSS JOIN LATERAL %2$s.retention_cohorts(c.curve) p
        LEFT JOIN cohort e ON e.cohort_start = p.cohort_start
        CROSS JOIN LATERAL (SELECT least((p.period_start + e.step)::date, e.as_of) AS until) u
        CROSS JOIN LATERAL (
            SELECT %2$s.revenue(e.history, p.period_start, u.until) AS revenue, %2$s.revenue(e.history, p.cohort_start, u.until) AS so_far) r
        $view$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('s.period')),
        'Retention by cohort, the period of the first purchase, with what each cohort brought. The period under way is there and not complete',
        @extschema@.workspace_retention_comments() || ARRAY[
            ['cohort_start', 'First day of the period of the first purchase'],
            ['cohort_label', 'Its name: 2025-03, 2025-W07, 2025-Q1'],
            ['customers', 'Number of customers in the cohort'],
            ['period_start', 'First day of the period'],
            ['complete', 'Whether the period is complete; else its rates are empty and its revenue is as far as it has come'],
            ['revenue', 'Revenue from the cohort in the period'],
            ['revenue_per_customer', 'By number of customers in the cohort'],
            ['cumulative_revenue', 'Revenue from the cohort up to the period'],
            ['cumulative_revenue_per_customer', 'By number of customers in the cohort']]);
END
$$;
COMMENT ON FUNCTION workspace_create_retention_cohorts(name) IS
'Internal to attach_orders(): Makes the view retention_cohorts of a workspace.';

CREATE FUNCTION workspace_create_repeat_purchase(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'repeat_purchase', format($view$
        SELECT n.purchase_number, n.customers, n.repeated, i.estimate AS rate, i.lower, i.upper,
            (
                SELECT 1 - min(k.survival) FROM %2$s.survival_points(n.waiting) k
                WHERE n.repeated = n.customers OR k.at_risk >= least(n.enough, n.customers / 10.0)) AS rate_kaplan_meier,
            %2$s.median_survival(n.waiting) AS median_days,
            n.median_days_observed,
            b.low::double precision AS benchmark_low,
            b.high::double precision AS benchmark_high,
            n.repeated = n.customers AS complete,
            n.customers >= n.enough AS enough
        FROM (
            SELECT g.purchase_number, count(*) AS customers, count(*) FILTER (WHERE g.ended) AS repeated,
                -- Nobody knows yet whether the next purchase is on the reporting date itself.
                %2$s.survival_agg(CASE WHEN g.ended THEN g.days ELSE g.days - 1 END, g.ended) AS waiting,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY g.days) FILTER (WHERE g.ended) AS median_days_observed,
                min(s.enough) AS enough, min(s.regular_purchases) AS regular_purchases
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            CROSS JOIN %1$I.customer_history h
            CROSS JOIN LATERAL %2$s.history_gaps(h.history, r.as_of) WITH ORDINALITY g(from_date, days, ended, purchase_number)
            WHERE g.purchase_number <= 20
            GROUP BY g.purchase_number
        ) n
        CROSS JOIN LATERAL %2$s.wilson_interval(n.repeated, n.customers) i
        LEFT JOIN (SELECT m.measure, min(m.low) AS low, max(m.high) AS high FROM %1$I.benchmarks m GROUP BY m.measure) b
            ON b.measure = CASE WHEN n.purchase_number = 1 THEN 'repeat_rate_new'
                WHEN n.purchase_number >= n.regular_purchases THEN 'repeat_rate_loyal' END
        ORDER BY n.purchase_number
        $view$, workspace, '@extschema@'),
        'How likely the next purchase is after the first, the second and so on up to the twentieth, and how long it takes; days with orders are purchases',
        ARRAY[['purchase_number', '1 is the first purchase'],
              ['customers', 'Number of customers who made it'],
              ['repeated', 'Number of those who bought again so far'],
              ['rate', 'Share of those, 0 to 1: too low as long as some had no time yet'],
              ['lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['upper', 'Upper bound'],
              ['rate_kaplan_meier', 'Share who will have bought again, 0 to 1: by Kaplan and Meier, who count everybody for as long as they were watched, up to the time after which fewer than a tenth of the customers, and fewer than enough, were left to watch'],
              ['median_days', 'Days after which half have bought again (Kaplan-Meier); empty if fewer do'],
              ['median_days_observed', 'Median days of those who have'],
              ['benchmark_low', 'What is usual, from, by the table benchmarks: 5 % for a new customer, 60 % for a loyal one'],
              ['benchmark_high', 'What is usual, to: 20 % and 70 %'],
              ['complete', 'Whether all of them have bought again, so that nothing is open'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_repeat_purchase(name) IS
'Internal to attach_orders(): Makes the view repeat_purchase of a workspace.';
