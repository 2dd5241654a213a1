-- workspace: campaigns, which are tried on some customers and not on others

-- A query alone, one that only reads: nothing else can stand in a FROM. Opening it runs nothing yet; what is checked so is the text that
-- is run. A column called customer is taken, else the first.
CREATE FUNCTION _clientele.workspace_campaign_audience_sql(audience text) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    query CONSTANT text := rtrim(audience, E'; \t\r\n');
    form text;
    checked refcursor;
    refusal _clientele.refusal;
BEGIN
    FOREACH form IN ARRAY '{a,"a(customer)"}'::text[] LOOP
        BEGIN
            OPEN checked NO SCROLL FOR EXECUTE format(E'SELECT a.customer FROM (%s\n) %s', query, form);
            CLOSE checked;
            RETURN format(E'SELECT a.customer FROM (%s\n) %s', query, form);
        EXCEPTION
            WHEN syntax_error OR invalid_cursor_definition OR feature_not_supported THEN
                RAISE EXCEPTION 'the audience is not one query: %', SQLERRM
                    USING ERRCODE = 'syntax_error', HINT = 'Give a SELECT whose column customer, or whose first one, is the customer: ''SELECT customer FROM loyalty.at_risk''.';
            WHEN undefined_column OR undefined_table OR undefined_function THEN
                CONTINUE WHEN form = 'a' AND SQLSTATE = '42703'; -- undefined_column
                GET STACKED DIAGNOSTICS refusal.hint = PG_EXCEPTION_HINT;
                RAISE EXCEPTION 'the audience cannot be read: %', SQLERRM
                    USING ERRCODE = SQLSTATE, HINT = coalesce(nullif(refusal.hint, '') || ' ', '') || 'Tables, functions and types stand there with their schema: ''SELECT customer FROM loyalty.at_risk''.';
        END;
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_campaign_check(campaign text, shares double precision[], groups text[], strata text, control text, days_before integer, discount numeric, cap_quantile double precision, started date) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wrong text[];
BEGIN
    wrong := CASE
        WHEN btrim(campaign) = '' OR octet_length(campaign) > 1000
            THEN ARRAY['campaign', format('"%s"', left(campaign, 60)), 'Give it a name of up to 1000 bytes.']
        WHEN cardinality(groups) NOT BETWEEN 2 AND 100 OR array_ndims(groups) <> 1 OR array_position(groups, NULL) IS NOT NULL
            OR EXISTS (SELECT FROM unnest(groups) g(grp) WHERE btrim(g.grp) = '' OR octet_length(g.grp) > 62)
            OR (SELECT count(DISTINCT g.grp) FROM unnest(groups) g(grp)) <> cardinality(groups)
            THEN ARRAY['groups', groups::text, 'Name two groups or more, differently, in up to 62 bytes, the control group among them.']
        WHEN array_position(shares, NULL) IS NOT NULL OR array_ndims(shares) <> 1 OR cardinality(shares) <> cardinality(groups)
            OR NOT (SELECT bool_and(s.share >= 0 AND s.share <= 1) AND sum(s.share) <= 1 + 1e-9 FROM unnest(shares) s(share))
            THEN ARRAY['shares', shares::text, format('Give one share for each of %s, at most 1 together.', array_to_string(groups, ', '))]
        WHEN control <> ALL (groups) THEN ARRAY['control', format('"%s"', control), format('Name one of the groups: %s.', array_to_string(groups, ', '))]
        WHEN shares[array_position(groups, control)] = 0 OR (SELECT count(*) FROM unnest(shares) s(share) WHERE s.share > 0) < 2
            THEN ARRAY['shares', shares::text, 'Give the control group a share above 0, and another group.']
        WHEN strata NOT IN ('cell', 'stage', 'segment', 'abc', 'none')
            THEN ARRAY['strata', format('"%s"', strata), 'Use cell, stage, segment, abc or none: groups get their shares within each.']
        WHEN days_before NOT BETWEEN 1 AND 3660 THEN ARRAY['days_before', days_before::text, 'Give the days that are compared with, 1 to 3660: about as long as it will run.']
        WHEN NOT (discount >= 0 AND discount <= 1 AND scale(discount) <= 20) THEN ARRAY['discount', discount::text, 'Give a share, 0 to 1: 0.1 is 10 %.']
        WHEN NOT (cap_quantile > 0 AND cap_quantile < 1) THEN ARRAY['cap_quantile', cap_quantile::text, 'Give a share of customers between 0 and 1, such as 0.99.']
        WHEN NOT (started >= date '0001-01-01' AND started < date '10000-01-01') THEN ARRAY['started', started::text, 'Give a day within the years 1 to 9999.'] END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'invalid value for parameter "%": %', wrong[1], wrong[2] USING ERRCODE = 'invalid_parameter_value', HINT = wrong[3];
    END IF;
END
$$;

-- Members are dealt out by what every other campaign holds. Whoever starts one has the workspace to himself, and writes a row that all
-- of them write: so one that began to look before another was committed fails, however its transaction is isolated.
CREATE FUNCTION _clientele.workspace_campaign_enter(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    IF NOT _clientele.workspace_has(workspace, 'campaign_effect') THEN
        RAISE EXCEPTION 'workspace "%" has no campaigns', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = format('Run SELECT upgrade_workspace(%L), which makes its views anew.', workspace);
    END IF;
    EXECUTE format('UPDATE %I.settings SET one_row = one_row', workspace);
END
$$;

CREATE FUNCTION _clientele.workspace_campaign_today(workspace text) RETURNS date
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    today date;
BEGIN
    EXECUTE format('SELECT (now() AT TIME ZONE s.time_zone)::date FROM %I.settings s', workspace) INTO today;
    RETURN today;
END
$$;

-- Who is left out, and why.
CREATE FUNCTION _clientele.workspace_campaign_deal(workspace text, chosen jsonb, audience_sql text, shares double precision[], groups text[]) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    asked record;
    left_out jsonb;
BEGIN
    EXECUTE format($query$
        SELECT count(*) AS rows, count(*) - count(q.customer) AS without, count(q.customer) - count(DISTINCT q.customer) AS again,
            array_agg(DISTINCT q.customer) FILTER (WHERE q.customer IS NOT NULL) AS customers
        FROM (
            SELECT CASE pg_typeof(r.customer) WHEN 'numeric'::regtype THEN trim_scale(r.customer::text::numeric)::text ELSE r.customer::text END COLLATE "default" AS customer
            FROM (%s) r) q
        $query$, audience_sql) INTO asked;
    IF asked.customers IS NULL THEN
        RAISE EXCEPTION 'there is nobody in the audience of campaign "%"', chosen->>'campaign'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Run the query by itself to see what it gives.';
    END IF;
    EXECUTE format($dml$
        INSERT INTO %1$I.campaigns (campaign, started_on, days_before, control, strata, standing, discount, cap_quantile, decide_at, audience, note)
        SELECT c.campaign, c.started_on, c.days_before, c.control, c.strata, c.standing, c.discount, c.cap_quantile, 1, c.audience, c.note
        FROM jsonb_populate_record(NULL::%1$I.campaigns, $1) c
        $dml$, workspace) USING chosen;
    EXECUTE format('INSERT INTO %I.campaign_groups SELECT $1, g.grp, g.n, g.share FROM unnest($2, $3) WITH ORDINALITY g(grp, share, n)', workspace)
    USING chosen->>'campaign', groups, shares;
    EXECUTE format($dml$
        WITH drawn AS MATERIALIZED (
            SELECT d.* FROM %1$I.campaign_draw($1, $2, $3, $4, $5, $6) d
        ), member AS (
            INSERT INTO %1$I.campaign_members SELECT $1, d.customer, d.grp, d.stratum FROM drawn d WHERE d.left_out IS NULL
        )
        SELECT jsonb_object_agg(l.left_out, l.customers)
        FROM (SELECT d.left_out, count(*) AS customers FROM drawn d WHERE d.left_out IS NOT NULL GROUP BY d.left_out) l
        $dml$, workspace) INTO left_out USING chosen->>'campaign', asked.customers, shares, groups, chosen->>'strata', (chosen->>'started_on')::date;
    IF (SELECT sum(o.value::bigint) FROM jsonb_each_text(left_out) o) = cardinality(asked.customers) THEN
        RAISE EXCEPTION 'nobody of the audience of campaign "%" can take part: %', chosen->>'campaign', (SELECT string_agg(o.value || ' ' || o.key, ', ' ORDER BY o.key) FROM jsonb_each_text(left_out) o)
            USING ERRCODE = 'invalid_parameter_value', HINT = format('Unknown is who has no order before the start, %s; end the campaigns that others are in.', chosen->>'started_on');
    END IF;
    RETURN QUERY
    SELECT 'audience', format('%s rows of the query, %s customers', asked.rows, cardinality(asked.customers)), NULL::text
    UNION ALL
    SELECT 'left out', format('%s %s', l.n, l.reason), l.advice
    FROM (
        SELECT asked.without AS n, 'rows without a customer' AS reason, NULL AS advice
        UNION ALL SELECT asked.again, 'rows of customers who were there before', NULL
        UNION ALL (
            SELECT o.value::bigint, 'customers: ' || o.key, CASE WHEN o.key = 'unknown' THEN 'They have no order before the start' WHEN o.key = 'not drawn' THEN 'The shares are below 1 together' END
            FROM jsonb_each_text(left_out) o ORDER BY o.key)) l
    WHERE l.n > 0;
END
$$;

-- Worked out once, by the function of the workspace.
CREATE TYPE _clientele.workspace_campaign_spread AS (
    measures text[],
    spreads @extschema@.experiment[],
    skewness double precision[],
    highest numeric
);

CREATE FUNCTION _clientele.workspace_campaign_spread(workspace text, campaign text) RETURNS _clientele.workspace_campaign_spread
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    spread _clientele.workspace_campaign_spread;
BEGIN
    IF NOT _clientele.workspace_is_distributed(format('%I.campaign_members', workspace)::regclass) THEN
        EXECUTE format('ANALYZE %I.campaign_members', workspace);
    END IF;
    EXECUTE format('SELECT array_agg(s.measure), array_agg(s.spread), array_agg(s.skewness), max(s.highest) FROM %I.campaign_spread($1) s', workspace) INTO spread USING campaign;
    RETURN spread;
END
$$;

-- What will be seen, by the smallest of the other groups; where all that was bought before is nothing, there is nothing to go by.
CREATE FUNCTION _clientele.workspace_campaign_prospects(workspace text, campaign text, spread _clientele.workspace_campaign_spread) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY EXECUTE format($query$
        WITH size AS (
            SELECT g."position", g.grp, g.grp = c.control AS is_control, g.share, count(m.customer) AS customers, c.strata, c.days_before, c.started_on,
                min(count(m.customer)) FILTER (WHERE g.grp <> c.control AND g.share > 0) OVER () AS smallest, min(count(m.customer)) FILTER (WHERE g.grp = c.control) OVER () AS controls
            FROM %1$I.campaigns c
            JOIN %1$I.campaign_groups g ON g.campaign = c.campaign
            LEFT JOIN %1$I.campaign_members m ON m.campaign = g.campaign AND m.grp = g.grp
            WHERE c.campaign = $1
            GROUP BY g."position", g.grp, g.share, c.campaign
        ), spread AS MATERIALIZED (
            SELECT s.place, s.measure, s.spread, s.skewness, $5 AS highest, s.measure <> 'ordered' AS adjusted FROM unnest($2, $3, $4) WITH ORDINALITY s(measure, spread, skewness, place)
        )
        SELECT f.topic, f.finding, f.advice
        FROM (
            SELECT 1 AS part, s."position" AS place, 'group' AS topic, format('%%s: %%s customers (%%s %%%%)%%s', s.grp, s.customers, round((100 * s.share)::numeric, 1), CASE WHEN s.is_control THEN ', the control group' ELSE '' END) AS finding,
                CASE WHEN s.customers < 2 AND s.share > 0 THEN 'With fewer than two customers it shows nothing' END AS advice
            FROM size s
            UNION ALL
            SELECT 2, p.place, 'will see', CASE WHEN d.relative IS NULL THEN format('%%s: nothing was bought in the %%s days before', p.measure, z.days_before)
                    ELSE format('%%s: a change of %%s %%%% or more, four times in five%%s', p.measure, round((100 * d.relative)::numeric, 1),
                        CASE WHEN p.adjusted THEN format('; %%s %%%% unless adjusted for what was bought before', round((100 * n.relative)::numeric, 1)) ELSE '' END) END,
                CASE WHEN d.relative > 0.1 THEN format('To see 10 %%%%: two groups of %%s customers', @extschema@.experiment_size(p.spread, 0.1::double precision, p.adjusted, 0.95::double precision, 0.80::double precision)) END
            FROM spread p
            CROSS JOIN (SELECT x.* FROM size x LIMIT 1) z
            CROSS JOIN LATERAL @extschema@.experiment_detectable(p.spread, greatest(z.smallest, 2), greatest(z.controls, 2), p.adjusted, 0.95::double precision, 0.80::double precision) d
            CROSS JOIN LATERAL @extschema@.experiment_detectable(p.spread, greatest(z.smallest, 2), greatest(z.controls, 2), false, 0.95::double precision, 0.80::double precision) n
            UNION ALL
            SELECT 3, p.place, 'capped', format('revenue_capped counts up to %%s of each customer', p.highest), NULL
            FROM spread p
            WHERE p.measure = 'revenue_capped'
            UNION ALL
            SELECT 4, 1, 'unequal groups', format('%%s customers against %%s: chance finds gains more often than it says below 355 * skewness^2, %%s',
                    min(z.smaller), min(z.larger), string_agg(format('%%s customers for %%s', ceil(355 * p.skewness ^ 2), p.measure), ', ' ORDER BY p.place)),
                'Make groups equal, such as shares => ''{0.5,0.5}''; else go by ordered, and by campaign_randomisation()'
            FROM spread p
            CROSS JOIN (SELECT least(x.smallest, x.controls) AS smaller, greatest(x.smallest, x.controls) AS larger FROM size x LIMIT 1) z
            WHERE z.smaller < 355 * p.skewness ^ 2 AND 2 * z.smaller < z.larger AND p.adjusted
            HAVING count(*) > 0) f
        ORDER BY f.part, f.place
        $query$, workspace) USING campaign, spread.measures, spread.spreads, spread.skewness, spread.highest;
END
$$;

-- Frozen with the start.
CREATE FUNCTION _clientele.workspace_campaign_freeze(workspace text, campaign text, spread _clientele.workspace_campaign_spread) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($dml$
        UPDATE %1$I.campaigns c
        SET highest_revenue = $2, skewness_orders = s.orders, skewness_revenue = s.revenue, skewness_capped = s.capped,
            decide_at = greatest((SELECT count(*) FROM %1$I.campaign_members m WHERE m.campaign = c.campaign), 1)
        FROM (
            SELECT max(x.skewness) FILTER (WHERE x.measure = 'orders') AS orders, max(x.skewness) FILTER (WHERE x.measure = 'revenue') AS revenue,
                max(x.skewness) FILTER (WHERE x.measure = 'revenue_capped') AS capped
            FROM unnest($3, $4) x(measure, skewness)) s
        WHERE c.campaign = $1
        $dml$, workspace) USING campaign, spread.highest, spread.measures, spread.skewness;
END
$$;

CREATE FUNCTION start_campaign(
    campaign text,
    audience text,
    shares double precision[] DEFAULT '{0.5,0.5}',
    groups text[] DEFAULT '{control,treated}',
    strata text DEFAULT 'cell',
    discount numeric DEFAULT NULL,
    days_before integer DEFAULT 90,
    started date DEFAULT NULL,
    plan boolean DEFAULT false,
    note text DEFAULT NULL,
    control text DEFAULT NULL,
    standing boolean DEFAULT false,
    cap_quantile double precision DEFAULT 0.99,
    workspace text DEFAULT 'loyalty')
RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET citus.multi_shard_modify_mode = sequential -- it writes what refers to other tables, after a query
AS $$
DECLARE
    chosen_control CONSTANT text := coalesce(control, groups[1], '');
    chosen_start date;
    is_there boolean;
    spread _clientele.workspace_campaign_spread;
    findings @extschema@.attach_finding[];
    refusal _clientele.refusal;
BEGIN
    IF num_nulls(campaign, audience, shares, groups, strata, days_before, plan, standing, cap_quantile, workspace) > 0 THEN
        RAISE EXCEPTION 'campaign, audience, shares, groups, strata, days_before, plan, standing, cap_quantile and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name it and say for whom: start_campaign(''spring'', ''SELECT customer FROM loyalty.at_risk'').';
    END IF;
    PERFORM _clientele.workspace_campaign_enter(workspace);
    chosen_start := coalesce(started, _clientele.workspace_campaign_today(workspace));
    PERFORM _clientele.workspace_campaign_check(campaign, shares, groups, strata, chosen_control, days_before, discount, cap_quantile, chosen_start);
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.campaigns c WHERE c.campaign = $1)', workspace) INTO is_there USING campaign;
    IF is_there THEN
        RAISE EXCEPTION 'campaign "%" is there already', campaign
            USING ERRCODE = 'duplicate_object', HINT = 'Give another name, which deals customers out anew; or delete the row of the table campaigns, and its members with it.';
    END IF;
    BEGIN -- a plan makes it and undoes it, so that it meets every error that the real thing would
        findings := ARRAY(SELECT f FROM _clientele.workspace_campaign_deal(workspace, jsonb_build_object('campaign', campaign, 'started_on', chosen_start, 'days_before', days_before,
            'control', chosen_control, 'strata', strata, 'standing', standing, 'discount', discount, 'cap_quantile', cap_quantile, 'audience', audience, 'note', note),
            _clientele.workspace_campaign_audience_sql(audience), shares, groups) f);
        spread := _clientele.workspace_campaign_spread(workspace, campaign);
        PERFORM _clientele.workspace_campaign_freeze(workspace, campaign, spread);
        findings := ROW('campaign', format('from %s on, compared within the same %s', chosen_start, CASE strata WHEN 'none' THEN 'shop' ELSE strata END), NULL)::@extschema@.attach_finding
            || findings || ARRAY(SELECT f FROM _clientele.workspace_campaign_prospects(workspace, campaign, spread) f);
        IF plan THEN
            RAISE EXCEPTION 'planned' USING ERRCODE = 'CLPLN';
        END IF;
    EXCEPTION WHEN SQLSTATE 'CLPLN' THEN
        findings := findings || ROW('plan', 'nothing was changed', 'To do it leave out plan => true')::@extschema@.attach_finding;
    END;
    RETURN QUERY SELECT f.* FROM unnest(findings) f;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS refusal.state = RETURNED_SQLSTATE, refusal.message = MESSAGE_TEXT, refusal.hint = PG_EXCEPTION_HINT, refusal.raised_by = PG_EXCEPTION_CONTEXT;
    IF NOT _clientele.workspace_is_refusal(refusal) THEN
        RAISE;
    END IF;
    PERFORM _clientele.workspace_refuse(refusal.state, refusal.message, NULL, refusal.hint, NULL);
END
$$;
COMMENT ON FUNCTION start_campaign(text, text, double precision[], text[], text, numeric, integer, date, boolean, text, text, boolean, double precision, text) IS
'Starts a campaign in a workspace: deals customers out to groups, of which one gets nothing, and freezes who is in which in the table campaign_members. The view campaign_effect then shows what it brought.
Arguments: campaign: its name, which also decides who is in which group; audience: a query whose column customer, or whose first one, is the customer, such as ''SELECT customer FROM loyalty.at_risk'', run with the rights of whoever calls this; its tables stand there with their schema; shares, groups: share and name of each group, exact within each stratum by largest remainders; strata: cell, stage, segment, abc or none: what customers are divided by before they are dealt out, as at the start; discount: what the treated get, 0 to 1, for campaign_effect to take off; days_before: the length of the stretch before the start that figures are adjusted by; started: the day, today unless given; plan: whether to change nothing and only tell; note: what is tried; control: name of the group that gets nothing, the first unless given; standing: whether it is the control group for everything, whose customers no other campaign takes; cap_quantile: the share of customers whose revenue is not capped; workspace: name of the schema.
Left out, and told, are rows without a customer and further rows of the same one, customers without an order before the start, and those who are in a campaign that has not ended by then, or in a standing control group.
Result: rows of topic, finding and advice: groups and their sizes, who is left out, what change will be seen four times in five by how this shop''s customers differed before, and where a small group would mislead.
Errors: 22004 for NULL, 42601 where the audience is not one query, 42P01 and 42883 for what it names and is not there, 22023 for another parameter that does not fit and an audience without customers, 42710 for a campaign that is there, 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 for one of an older version, 40001 where another one started meanwhile and the transaction cannot see it.';

CREATE FUNCTION end_campaign(campaign text, workspace text DEFAULT 'loyalty', ended date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET citus.multi_shard_modify_mode = sequential -- it writes what refers to other tables, after a query
AS $$
DECLARE
    known record;
    chosen_end date;
BEGIN
    IF campaign IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'campaign and workspace must not be NULL' USING ERRCODE = 'null_value_not_allowed', HINT = 'Name it: end_campaign(''spring'').';
    END IF;
    PERFORM _clientele.workspace_campaign_enter(workspace);
    chosen_end := coalesce(ended, _clientele.workspace_campaign_today(workspace));
    EXECUTE format('SELECT c.started_on, c.ended_on FROM %I.campaigns c WHERE c.campaign = $1', workspace) INTO known USING campaign;
    IF known.started_on IS NULL THEN
        RAISE EXCEPTION 'there is no campaign "%"', campaign
            USING ERRCODE = 'undefined_object', HINT = format('The table campaigns of workspace "%s" lists those there are.', workspace);
    ELSIF known.ended_on IS NOT NULL THEN
        RAISE EXCEPTION 'campaign "%" ended on %', campaign, known.ended_on
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Who was in it stays as it is; under another name it can be started again.';
    ELSIF chosen_end < known.started_on OR NOT chosen_end < date '10000-01-01' THEN
        RAISE EXCEPTION 'invalid value for parameter "ended": %', chosen_end
            USING ERRCODE = 'invalid_parameter_value', HINT = format('It started on %s: give a day from then on.', known.started_on);
    END IF;
    EXECUTE format('UPDATE %I.campaigns SET ended_on = $2 WHERE campaign = $1', workspace) USING campaign, chosen_end;
END
$$;
COMMENT ON FUNCTION end_campaign(text, text, date) IS
'Ends a campaign: its customers are free for others from then on, and campaign_effect says what it brought.
Arguments: campaign: its name; workspace: name of the schema; ended: the day from which on orders do not count, today unless given.
Errors: 22004 for NULL, 42704 without such a campaign, 55000 for one that has ended, 22023 for a day before its start, 3F000 without such a workspace, 42501 if it belongs to somebody else.';

-- What campaign_randomisation() of a workspace is asked for; known is the campaign if it is there.
CREATE FUNCTION _clientele.workspace_campaign_measure(campaign text, known text, measure text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF known IS NULL THEN
        RAISE EXCEPTION 'there is no campaign "%"', campaign USING ERRCODE = 'undefined_object', HINT = 'The table campaigns of the workspace lists those there are.';
    ELSIF measure IS NULL OR measure <> ALL ('{ordered,orders,revenue,revenue_capped,gross_profit}'::text[]) THEN
        RAISE EXCEPTION 'invalid value for parameter "measure": "%"', measure
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Use ordered, orders, revenue, revenue_capped or gross_profit.';
    END IF;
    RETURN measure;
END
$$;
