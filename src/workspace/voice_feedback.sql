-- workspace: what customers ask for, and who has to reply

CREATE FUNCTION workspace_create_improvements(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The full join keeps the customers whatever the planner expects; those who wished for nothing have no group in the end.
    -- DISTINCT tells that each is there once (see first_purchase).
    PERFORM @extschema@.workspace_create_view(workspace, 'improvements', format($view$
        SELECT row_number() OVER (ORDER BY q.asked DESC, q.detractors DESC, q.last_day DESC, q.wish) AS "position",
            q.wish, q.asked, q.promoters, q.passives, q.detractors, q.asked_in_all, i.estimate AS share, i.lower, i.upper,
            q.customers, q.last_year_revenue, q.last_day, q.asked_in_all >= s.enough AS enough
        FROM (
            SELECT f.*, (sum(f.asked) OVER ())::bigint AS asked_in_all
            FROM (
                SELECT min(m.wish) AS wish, sum(m.passives + m.detractors)::bigint AS asked, sum(m.promoters)::bigint AS promoters,
                    sum(m.passives)::bigint AS passives, sum(m.detractors)::bigint AS detractors, max(m.last_day) AS last_day,
                    count(m.customer) AS customers, coalesce(sum(c.last_year_revenue), 0.00) AS last_year_revenue
                FROM (
                    SELECT lower(regexp_replace(a.wish, '[[:space:]]+', ' ', 'g')) AS same_wish, a.customer, min(a.wish) AS wish, max(a.day) AS last_day,
                        count(*) FILTER (WHERE a.nps_group = 'promoter') AS promoters,
                        count(*) FILTER (WHERE a.nps_group = 'passive') AS passives,
                        count(*) FILTER (WHERE a.nps_group = 'detractor') AS detractors
                    FROM %1$I.answers_enriched a
                    CROSS JOIN (%3$s) w
                    WHERE a.wish IS NOT NULL AND a.day >= w.from_date
                    GROUP BY 1, 2) m
                FULL JOIN (SELECT DISTINCT ON (k.customer) k.customer, k.last_year_revenue FROM %1$I.customer_classes k) c ON c.customer = m.customer
                GROUP BY m.same_wish) f
            WHERE f.asked > 0) q
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL %2$s.wilson_interval(q.asked, q.asked_in_all) i
        $view$, workspace, '@extschema@', @extschema@.workspace_answer_window_sql(workspace)),
        'What would make it a 10: the wishes of detractors and passives in the last twelve months (nps_window), the most frequent first. Every answer counts',
        ARRAY[['position', 'Order by number of those who ask for it'],
              ['wish', 'The wish; case and blanks do not tell wishes apart'],
              ['asked', 'Number of answers by passives and detractors that ask for it'],
              ['promoters', 'Number of promoters'' answers that ask for it'],
              ['passives', 'Number of passives'' answers'],
              ['detractors', 'Number of detractors'' answers'],
              ['asked_in_all', 'Number of answers by passives and detractors with any wish'],
              ['share', 'Share of the wish in them, 0 to 1'],
              ['lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['upper', 'Upper bound'],
              ['customers', 'Number of customers who ask for it, promoters too'],
              ['last_year_revenue', 'Their revenue of the twelve months that end with the last order of each'],
              ['last_day', 'Day of the latest answer with it'],
              ['enough', 'Whether there are enough wishes to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_improvements(name) IS
'Internal to attach_answers(): Makes the view improvements of a workspace.';

CREATE FUNCTION workspace_create_feedback_inbox(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The full join is never a loop over all customers for each answer. OFFSET 0 keeps the planner from making less of it.
    PERFORM @extschema@.workspace_create_view(workspace, 'feedback_inbox', format($view$
        SELECT row_number() OVER (ORDER BY q.last_year_revenue DESC NULLS LAST, q.day, q.customer, q.answer_number) AS "position",
            q.customer, q.answer_number, q.day, r.as_of - q.day AS age_days, q.kind, q.score, q.nps_group, q.comment, q.touchpoint, q.channel,
            q.employee, q.owner, q.replied, q.reply_hours, q.last_year_revenue, q.stage, q.cell, p.action AS policy, d.customer_name, d.contact
        FROM (
            SELECT a.customer, a.answer_number, a.day, a.kind, a.score, a.nps_group, a.comment, a.touchpoint, a.channel, a.employee, a.owner,
                a.replied, a.reply_hours, c.last_year_revenue, c.stage, c.cell
            FROM (
                SELECT e.customer, e.answer_number, e.day, e.kind, e.score, e.nps_group, e.comment, e.touchpoint, e.channel, e.employee,
                    e.owner, e.replied, e.reply_hours
                FROM %1$I.answers_enriched e
                WHERE e.needs_reply AND NOT e.resolved) a
            FULL JOIN (
                SELECT k.customer, k.last_year_revenue, k.stage, k.cell FROM %1$I.customer_classes k) c ON c.customer = a.customer
            OFFSET 0) q
        CROSS JOIN %1$I.reporting_date r
        LEFT JOIN %1$I.policies p ON p.cell = q.cell
        LEFT JOIN %1$I.customer_details d ON d.customer = q.customer
        WHERE q.answer_number IS NOT NULL
        $view$, workspace),
        'What waits for somebody, the most valuable customer first: negatives, criticism, questions and leads that are not resolved, and detractors'' comments of no kind',
        @extschema@.workspace_answer_comments() || @extschema@.workspace_detail_comments() || ARRAY[
            ['position', 'Order in which to turn to them'],
            ['age_days', 'Days from the answer to the reporting date'],
            ['last_year_revenue', 'Revenue of the twelve months that end with the customer''s last order; empty for those not known'],
            ['stage', 'Stage of the lifecycle at the reporting date'],
            ['cell', 'Cell of the matrix; empty without a purchase in its window'],
            ['policy', 'What to do with that cell, from the table policies']]);
END
$$;
COMMENT ON FUNCTION workspace_create_feedback_inbox(name) IS
'Internal to attach_answers(): Makes the view feedback_inbox of a workspace.';

CREATE FUNCTION workspace_create_response_times(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'response_times', format($view$
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
            FROM %1$I.answers_enriched a
            CROSS JOIN (%3$s) w
            CROSS JOIN LATERAL (VALUES ('kind', coalesce(a.kind, 'none')), ('owner', coalesce(a.owner, 'none'))) v(dimension, value)
            WHERE a.needs_reply AND a.day >= w.from_date
            GROUP BY v.dimension, v.value) q
        CROSS JOIN LATERAL %2$s.wilson_interval(q.replied, q.answers) i
        ORDER BY q.dimension, q.value
        $view$, workspace, '@extschema@', @extschema@.workspace_answer_window_sql(workspace)),
        'How fast those who need a reply got one: negatives, criticism, questions, leads and detractors'' comments of no kind in the last twelve months (nps_window), by kind and by owner',
        ARRAY[['dimension', 'kind or owner'],
              ['value', 'Its value; none where unknown'],
              ['answers', 'Number of answers that need a reply'],
              ['replied', 'Number of those that got one before the reporting date'],
              ['unanswered', 'Number of those that wait for one'],
              ['replied_share', 'Share of those with a reply, 0 to 1'],
              ['replied_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['replied_share_upper', 'Upper bound'],
              ['median_reply_hours', 'Median hours to the reply, of those that got one'],
              ['p90_reply_hours', 'Nine of ten of those got it within so many hours'],
              ['resolved', 'Number of those that are resolved'],
              ['unresolved', 'Number of those that are not'],
              ['median_resolve_days', 'Median days until it was resolved, of those that are'],
              ['p90_resolve_days', 'Nine of ten of those were within so many days'],
              ['enough', 'Whether there are enough answers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_response_times(name) IS
'Internal to attach_answers(): Makes the view response_times of a workspace.';
