-- workspace: the answers one by one, and those that are left out

CREATE FUNCTION workspace_role_column(attached attached_relation, role text) RETURNS order_column
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN nullif((attached).columns->>role, '') IS NOT NULL
        THEN @extschema@.workspace_given_column((attached).relation, role, (attached).columns->>role) END
$$;
COMMENT ON FUNCTION workspace_role_column(attached_relation, text) IS
'Internal to attach_answers(): The column of an attached relation for a role, NULL where there is none.';

CREATE FUNCTION workspace_filled_text_sql(attached attached_relation, role text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('nullif(btrim(%s), '''')', @extschema@.workspace_text_sql(@extschema@.workspace_role_column(attached, role)))
$$;
COMMENT ON FUNCTION workspace_filled_text_sql(attached_relation, text) IS
'Internal to attach_answers(): The SQL expression of an optional column of a row o as text without blanks around it, NULL where nothing is left.';

CREATE FUNCTION workspace_usable_score_sql(score order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- NaN is above all numbers.
    SELECT format('(o.%1$I >= 0 AND o.%1$I <= 10)', (score).name)
$$;
COMMENT ON FUNCTION workspace_usable_score_sql(order_column) IS
'Internal to attach_answers(): The SQL condition on a row o of answers that its score is one.';

-- The group goes by the score as it is: near its bounds rounding would change it. A numeric of hundreds of decimals has no
-- double precision.
CREATE FUNCTION workspace_shown_score_sql(score order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(CASE (score).type WHEN 'numeric'::regtype THEN 'round(o.%1$I, 4)' ELSE 'o.%1$I' END || '::double precision AS score,
            CASE WHEN o.%1$I >= 9 THEN ''promoter'' WHEN o.%1$I >= 7 THEN ''passive'' ELSE ''detractor'' END AS nps_group', (score).name)
$$;
COMMENT ON FUNCTION workspace_shown_score_sql(order_column) IS
'Internal to attach_answers(): The SQL list of score and nps_group of a row o of answers.';

CREATE FUNCTION workspace_past_sql(at order_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (at).name IS NULL THEN 'false'
        ELSE format('coalesce(%s AND %s < r.as_of, false)', @extschema@.workspace_usable_time_sql(at), @extschema@.workspace_day_sql(at)) END
$$;
COMMENT ON FUNCTION workspace_past_sql(order_column) IS
'Internal to attach_answers(): The SQL condition on a row o, with settings s and reporting date r, that something was done before the reporting date.';

-- A date has no hours: between it and anything else there are whole days.
CREATE FUNCTION workspace_hours_sql(began order_column, ended order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN 'date'::regtype IN ((began).type, (ended).type) THEN format('24 * (%s - %s)::double precision',
            @extschema@.workspace_day_sql(ended), @extschema@.workspace_day_sql(began))
        WHEN (began).type = (ended).type THEN format('(extract(epoch FROM o.%I - o.%I) / 3600)::double precision', (ended).name, (began).name)
        WHEN (began).type = 'timestamptz'::regtype
            THEN format('(extract(epoch FROM o.%I - (o.%I AT TIME ZONE s.time_zone)) / 3600)::double precision', (ended).name, (began).name)
        ELSE format('(extract(epoch FROM (o.%I AT TIME ZONE s.time_zone) - o.%I) / 3600)::double precision', (ended).name, (began).name) END
$$;
COMMENT ON FUNCTION workspace_hours_sql(order_column, order_column) IS
'Internal to attach_answers(): The SQL expression of the hours between two columns of a row o, with settings s.';

CREATE FUNCTION workspace_hours_until_sql(began order_column, ended order_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (ended).name IS NULL THEN 'NULL::double precision'
        ELSE format('CASE WHEN %1$s THEN CASE WHEN %2$s >= 0 THEN %2$s END END', @extschema@.workspace_past_sql(ended),
            @extschema@.workspace_hours_sql(began, ended)) END
$$;
COMMENT ON FUNCTION workspace_hours_until_sql(order_column, order_column) IS
'Internal to attach_answers(): The SQL expression of the hours until something was done to a row o; NULL where it was not, or before the answer came.';

CREATE FUNCTION workspace_answer_rows_sql(workspace name, attached attached_relation) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    answered_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'answered_at');
    replied_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'replied_at');
    resolved_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'resolved_at');
    score CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'score');
    texts CONSTANT text := (SELECT string_agg(format(CASE r.role WHEN 'kind' THEN 'lower(%s COLLATE "C") COLLATE "default" AS %I' ELSE '%s AS %I' END,
            @extschema@.workspace_filled_text_sql(attached, r.role), r.role), ', ')
        FROM unnest('{touchpoint,channel,employee,comment,kind,wish,owner}'::text[]) r(role));
BEGIN
    -- As one CASE the planner takes the conditions for half of the rows. Of ranges one by one it would expect next to none
    -- while there are no statistics, and then loop over all customers for each answer.
    RETURN format($query$
        SELECT %2$s AS customer, o.%3$I AS at, %4$s AS day, %5$s.period_start(%4$s, s.period) AS period_start, %6$s, %7$s,
            %8$s AS replied, %9$s AS reply_hours, %10$s AS resolved, %11$s AS resolve_hours,
            s.nps_answers, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by
        FROM %12$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN (SELECT x.as_of FROM %1$I.reporting_date x LIMIT 1) r
        WHERE CASE WHEN %13$s AND %14$s THEN %4$s < r.as_of ELSE false END
        $query$, workspace, attached.key, answered_at.name, @extschema@.workspace_day_sql(answered_at), '@extschema@',
        @extschema@.workspace_shown_score_sql(score), texts,
        @extschema@.workspace_past_sql(replied_at), @extschema@.workspace_hours_until_sql(answered_at, replied_at),
        @extschema@.workspace_past_sql(CASE WHEN resolved_at.name IS NULL THEN replied_at ELSE resolved_at END),
        @extschema@.workspace_hours_until_sql(answered_at, resolved_at), attached.relation,
        @extschema@.workspace_usable_time_sql(answered_at), @extschema@.workspace_usable_score_sql(score));
END
$$;
COMMENT ON FUNCTION workspace_answer_rows_sql(name, attached_relation) IS
'Internal to attach_answers(): The query for the rows that are answers before the reporting date, with the settings that they need.';

CREATE FUNCTION workspace_answer_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['customer', 'The customer, as in the orders; empty where nobody knows who answered'],
        ['answer_number', '1 for the customer''s first answer, and so on; all without a customer are numbered together'],
        ['day', 'Day of the answer'],
        ['score', 'How likely the customer is to recommend, 0 to 10'],
        ['nps_group', 'promoter (9 and above), passive (7 and above) or detractor'],
        ['touchpoint', 'What the answer is about; empty where unknown'],
        ['channel', 'How it came; empty where unknown'],
        ['employee', 'Who served the customer; empty where unknown'],
        ['comment', 'What the customer wrote; empty without'],
        ['kind', 'Kind of the comment: positive, negative, question, criticism, idea, lead or another; empty where unknown'],
        ['owner', 'Who has to reply; empty where nobody has'],
        ['replied', 'Whether there was a reply before the reporting date'],
        ['reply_hours', 'Hours from the answer to the reply, whole days where either is a date; empty without one']]
$$;
COMMENT ON FUNCTION workspace_answer_comments() IS
'Internal to attach_answers(): The comments on the columns of single answers.';

CREATE FUNCTION workspace_create_answers_enriched(workspace name, attached attached_relation) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Whoever answers twice at the same time is counted with the lower score. Windows by customer let a condition on the
    -- customer reach an index, and both joins go away where nobody asks for their columns (see orders_enriched). Histories
    -- are joined last, and what begins with WITH is planned by itself: nothing carries a history on with each answer.
    PERFORM @extschema@.workspace_create_view(workspace, 'answers_enriched', format($view$
        WITH numbered AS (
            SELECT o.*, c.abc, c.xyz, c.cell, row_number() OVER one_by_one AS answer_number,
                o.customer IS NULL OR lead(o.day) OVER one_by_one IS NULL AS is_latest,
                o.customer IS NULL OR lead(o.period_start) OVER one_by_one IS DISTINCT FROM o.period_start AS is_latest_of_period,
                o.customer IS NULL OR lead(o.day) OVER by_touchpoint IS NULL AS is_latest_of_touchpoint
            FROM (%3$s) o
            LEFT JOIN (
                SELECT k.customer, k.as_of, min(k.abc) AS abc, min(k.xyz) AS xyz, min(k.cell) AS cell
                FROM %1$I.class_history k
                GROUP BY k.customer, k.as_of) c ON c.customer = CASE WHEN o.score >= 0 THEN o.customer END AND c.as_of = o.period_start
            WINDOW one_by_one AS (PARTITION BY o.customer ORDER BY o.day, o.at, o.score DESC, o.touchpoint, o.channel, o.employee,
                    o.comment, o.kind, o.wish, o.owner, o.replied, o.reply_hours, o.resolved, o.resolve_hours),
                by_touchpoint AS (PARTITION BY o.customer, o.touchpoint ORDER BY o.day, o.at, o.score DESC, o.channel, o.employee,
                    o.comment, o.kind, o.wish, o.owner, o.replied, o.reply_hours, o.resolved, o.resolve_hours)
        )
        SELECT a.customer, a.answer_number, a.day, a.period_start, a.score, a.nps_group, a.touchpoint, a.channel, a.employee,
            a.comment, a.kind, a.wish, a.owner, a.replied, a.reply_hours, a.resolved, a.resolve_hours / 24 AS resolve_days,
            a.kind IS NOT NULL AND a.kind IN ('negative', 'criticism', 'question', 'lead')
                OR a.kind IS NULL AND a.comment IS NOT NULL AND a.nps_group = 'detractor' AS needs_reply,
            %2$s.lifecycle_stage(h.history, a.day, a.new_within, a.lost_after, a.regular_within, a.regular_purchases, a.count_by) AS stage,
            a.abc, a.xyz, a.cell, a.is_latest,
            a.is_latest OR a.nps_answers = 'all' AS counts_overall,
            a.is_latest_of_period OR a.nps_answers = 'all' AS counts_in_period,
            a.is_latest_of_touchpoint OR a.nps_answers = 'all' AS counts_at_touchpoint
        FROM numbered a
        LEFT JOIN %1$I.customer_history h ON h.customer = a.customer
        $view$, workspace, '@extschema@', @extschema@.workspace_answer_rows_sql(workspace, attached)),
        'The answers one by one, with what the customer was at that time',
        @extschema@.workspace_answer_comments() || ARRAY[
            ['period_start', 'First day of the period of the answer'],
            ['wish', 'What would make it a 10; empty without'],
            ['resolved', 'Whether it was resolved before the reporting date; where no column tells, whether there was a reply'],
            ['resolve_days', 'Days from the answer until it was resolved; empty where it was not'],
            ['needs_reply', 'Whether somebody should reply: a negative, criticism, question or lead, or a detractor''s comment of no kind'],
            ['stage', 'Stage of the lifecycle at the start of that day; empty before the first order and without a customer'],
            ['abc', 'ABC class at the start of that period, for the period under way and the eleven before it'],
            ['xyz', 'XYZ class at the start of that period'],
            ['cell', 'Cell of the matrix at the start of that period'],
            ['is_latest', 'Whether it is the customer''s latest answer; true without a customer'],
            ['counts_overall', 'Whether it counts in figures over all touchpoints: the latest, or all as the settings say'],
            ['counts_in_period', 'Whether it counts in the figures of its period'],
            ['counts_at_touchpoint', 'Whether it counts in the figures of its touchpoint']]);
END
$$;
COMMENT ON FUNCTION workspace_create_answers_enriched(name, attached_relation) IS
'Internal to attach_answers(): Makes the view answers_enriched of a workspace.';

CREATE FUNCTION workspace_create_answer_quality(workspace name, attached attached_relation) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    answered_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'answered_at');
    score CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'score');
BEGIN
    -- A full join is never a loop over all customers for each answer, however few the planner expects.
    PERFORM @extschema@.workspace_create_view(workspace, 'answer_quality', format($view$
        SELECT v."position", v.reason, v.description, v.counted, v.answers,
            100 * v.answers::double precision / nullif(sum(v.answers) OVER (), 0)::double precision AS pct_of_answers, r.refreshed_at
        FROM (SELECT x.as_of, x.refreshed_at FROM %1$I.reporting_date x LIMIT 1) r
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE a.reason = 'used' AND h.ordered) AS used,
                count(*) FILTER (WHERE a.reason = 'used' AND a.customer IS NULL) AS no_customer,
                count(*) FILTER (WHERE a.reason = 'used' AND a.customer IS NOT NULL AND h.ordered IS NOT TRUE) AS unknown_customer,
                count(*) FILTER (WHERE a.reason = 'no_time') AS no_time,
                count(*) FILTER (WHERE a.reason = 'invalid_time') AS invalid_time,
                count(*) FILTER (WHERE a.reason = 'no_score') AS no_score,
                count(*) FILTER (WHERE a.reason = 'invalid_score') AS invalid_score,
                count(*) FILTER (WHERE a.reason = 'future') AS future
            FROM (
                SELECT %2$s AS customer, CASE
                        WHEN o.%3$I IS NULL THEN 'no_time'
                        WHEN NOT %4$s THEN 'invalid_time'
                        WHEN o.%5$I IS NULL THEN 'no_score'
                        WHEN NOT %6$s THEN 'invalid_score'
                        WHEN %7$s >= r.as_of THEN 'future'
                        ELSE 'used' END AS reason
                FROM %8$s o
                CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s) a
            FULL JOIN (
                SELECT c.customer, %9$s.first_order(c.history, r.as_of) IS NOT NULL AS ordered
                FROM %1$I.customer_history c) h ON h.customer = a.customer) f
        CROSS JOIN LATERAL (VALUES
            (1, 'used', 'of customers with an order before the reporting date', true, f.used),
            (2, 'no_customer', 'without a customer', true, f.no_customer),
            (3, 'unknown_customer', 'of customers without an order before the reporting date', true, f.unknown_customer),
            (4, 'no_time', 'without a time', false, f.no_time),
            (5, 'invalid_time', 'with an infinite time, or one outside the years 1 to 9999', false, f.invalid_time),
            (6, 'no_score', 'without a score', false, f.no_score),
            (7, 'invalid_score', 'with a score outside 0 to 10, or that is not a number', false, f.invalid_score),
            (8, 'future', 'on or after the reporting date: not counted yet', false, f.future)
        ) v("position", reason, description, counted, answers)
        ORDER BY v."position"
        $view$, workspace, attached.key, answered_at.name, @extschema@.workspace_usable_time_sql(answered_at), score.name,
            @extschema@.workspace_usable_score_sql(score), @extschema@.workspace_day_sql(answered_at), attached.relation, '@extschema@'),
        'The rows of the answers by what became of them: each row is under exactly one reason',
        ARRAY[['position', 'Order in which to show the reasons'],
              ['reason', 'used, no_customer and unknown_customer count; the others say why rows are left out'],
              ['description', 'The reason in words'],
              ['counted', 'Whether such answers count'],
              ['answers', 'Number of rows'],
              ['pct_of_answers', 'Share of all rows, 0 to 100'],
              ['refreshed_at', 'When the answers were read: now, with stored figures at the last refresh']]);
END
$$;
COMMENT ON FUNCTION workspace_create_answer_quality(name, attached_relation) IS
'Internal to attach_answers(): Makes the view answer_quality of a workspace.';
