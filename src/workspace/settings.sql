-- workspace: its settings, and what is attached to it

CREATE FUNCTION workspace_keep_settings() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'the settings of a workspace are one row, which stays'
        USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Change it with UPDATE; drop_workspace() takes the whole workspace away.';
END
$$;
COMMENT ON FUNCTION workspace_keep_settings() IS
'Internal to attach_orders(): Trigger function that refuses to delete the settings.
Errors: 55000 always.';

CREATE FUNCTION workspace_settings_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Anybody may say that it is attach_orders() that writes here; of the owner, who could do all that it does, it is believed.
    is_attaching CONSTANT boolean := current_setting('clientele.keeping', true) IS NOT DISTINCT FROM 'on'
        AND (SELECT pg_get_userbyid(c.relowner) = current_user FROM pg_class c WHERE c.oid = TG_RELID);
BEGIN
    IF (OLD.storage, OLD.has_profit, OLD.workspace_version) IS DISTINCT FROM (NEW.storage, NEW.has_profit, NEW.workspace_version) AND NOT is_attaching THEN
        RAISE EXCEPTION 'storage, has_profit and workspace_version of workspace "%" tell what is there, and are not for changing it', TG_TABLE_SCHEMA
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Attach the orders again, for example with storage => ''materialized''.';
    END IF;
    -- Who may edit the settings need not be allowed to look into the schema of the extension.
    IF NEW.storage = 'materialized' AND to_regclass(format('%I.applied_settings_data', TG_TABLE_SCHEMA)) IS NOT NULL THEN
        RAISE NOTICE 'the views of workspace "%" go by these settings from the next refresh on', TG_TABLE_SCHEMA
            USING HINT = format('SELECT refresh_workspace(%L);', TG_TABLE_SCHEMA);
    ELSIF NEW.storage = 'incremental' AND (OLD.time_zone, OLD.zero_amounts) IS DISTINCT FROM (NEW.time_zone, NEW.zero_amounts)
        AND NOT is_attaching AND to_regprocedure(format('%I.keep_order_history()', TG_TABLE_SCHEMA)) IS NOT NULL THEN -- not after detach_orders()
        PERFORM @extschema@.workspace_keep_anew(TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION workspace_settings_changed() IS
'Internal to attach_orders(): Trigger function that tells when changed settings take effect, where figures are stored, and computes anew what triggers keep where it depends on them.
Errors: 55000 where what attach_orders() sets is changed by hand.';

CREATE FUNCTION workspace_span_check(setting text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Compared as a whole, a month is 30 days: no part may be negative, or a span could end before it begins.
    SELECT format('(%1$I >= interval ''1 day'' AND %1$I <= interval ''1000 years'' AND least(extract(year FROM %1$I), extract(month FROM %1$I), extract(day FROM %1$I), extract(hour FROM %1$I), extract(minute FROM %1$I), extract(second FROM %1$I)) >= 0)', setting)
$$;
COMMENT ON FUNCTION workspace_span_check(text) IS
'Internal to attach_orders(): The SQL condition on a setting that it is a span of calendar time.';

CREATE FUNCTION workspace_setting_definitions() RETURNS TABLE (name name, definition text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('period'::name, 'text NOT NULL DEFAULT ''month''', 'The calendar period of series and histories: day, week (ISO), month, quarter or year'),
        ('class_window', 'interval DEFAULT ''12 months''', 'The span before the reporting date whose purchases decide ABC class and matrix; empty for the whole life'),
        ('abc_by', 'text NOT NULL DEFAULT ''revenue''', 'What ABC classes are decided by: revenue or profit'),
        ('abc_a', 'numeric NOT NULL DEFAULT 0.80', 'A is who brings this share of the whole, the largest first'),
        ('abc_b', 'numeric NOT NULL DEFAULT 0.95', 'A and B together are who bring this share'),
        ('xyz_by', 'text NOT NULL DEFAULT ''frequency''', 'What XYZ classes are decided by: frequency of purchases, or variation of the amounts per period'),
        ('frequency_within', 'interval NOT NULL DEFAULT ''6 months''', 'The span before the reporting date whose purchases decide XYZ by frequency'),
        ('x_purchases', 'integer NOT NULL DEFAULT 3', 'X has so many purchases in it'),
        ('y_purchases', 'integer NOT NULL DEFAULT 2', 'Y has so many'),
        ('xyz_x', 'numeric NOT NULL DEFAULT 0.10', 'X has a coefficient of variation up to this, if XYZ is by variation'),
        ('xyz_y', 'numeric NOT NULL DEFAULT 0.25', 'Y has one up to this'),
        ('count_by', 'text NOT NULL DEFAULT ''days''', 'What counts as a purchase: days with orders (split receipts do not make a regular), or orders'),
        ('new_within', 'interval NOT NULL DEFAULT ''3 months''', 'New is who first bought within this span; in the express test such customers have had no time to come back'),
        ('regular_within', 'interval NOT NULL DEFAULT ''6 months''', 'The span in which a regular buys regular_purchases times; the express test looks at it'),
        ('regular_purchases', 'integer NOT NULL DEFAULT 3', 'Regular is who has at least so many purchases in regular_within'),
        ('lost_after', 'interval NOT NULL DEFAULT ''6 months''', 'Lost is who has not bought for this span'),
        ('risk_gaps', 'double precision NOT NULL DEFAULT 2', 'At risk is who is silent for more than so many usual gaps'),
        ('rfm_bins', 'integer NOT NULL DEFAULT 5', 'RFM scores run from 1 to this'),
        ('one_time_limit', 'numeric NOT NULL DEFAULT 0.03', 'The express test is green up to this share of one-time customers'),
        ('light_by', 'text NOT NULL DEFAULT ''customers''', 'What the light of the express test goes by: shares of customers or of sales'),
        ('retention_step', 'numeric NOT NULL DEFAULT 5', 'The points more of retention whose worth retention_value shows'),
        ('zero_amounts', 'text NOT NULL DEFAULT ''orders''', 'What rows with an amount of 0 are: orders, or skipped'),
        ('nps_window', 'interval DEFAULT ''12 months''', 'The span before the reporting date whose answers are in figures of the voice of the customer that are not by period; empty for all'),
        ('nps_answers', 'text NOT NULL DEFAULT ''latest''', 'Whose answers the Net Promoter Score counts: latest, of each customer the last one among those that a figure is about, or all'),
        ('enough', 'integer NOT NULL DEFAULT 30', 'A figure with fewer behind it is marked as not enough to go by'),
        ('text_search', 'text NOT NULL DEFAULT ''simple''', 'The text search configuration of new entries of the knowledge base, such as english'),
        ('journey_repeats', 'text NOT NULL DEFAULT ''collapsed''', 'What touchpoints that a customer meets several times in a row are in a journey: collapsed into one, or kept'),
        ('funnel_within', 'interval NOT NULL DEFAULT ''90 days''', 'The time from the first step of a funnel in which the others count'),
        ('has_profit', 'boolean NOT NULL DEFAULT false', 'Whether a column with the profit of an order is attached: attach_orders() sets it'),
        ('storage', 'text NOT NULL DEFAULT ''view''', 'Where figures come from: view, from the orders, or materialized, stored until refresh_workspace() runs, or incremental, kept by triggers: attach_orders() sets it'),
        ('fold_after', 'integer DEFAULT 10000', 'With incremental storage: about so many changes stay pending: what is more is folded into the stored histories by those who write; empty for never')
$$;
COMMENT ON FUNCTION workspace_setting_definitions() IS
'Internal to attach_orders(): The columns of settings that say how the views count.';

-- Each rule is the name of its constraint, which is the message that a wrong value gets.
CREATE FUNCTION workspace_setting_rules() RETURNS TABLE (rule text, condition text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('time_zone is a full IANA name or UTC', '@extschema@.period_start(timestamptz ''2000-01-01 00:00:00+00'', ''day'', time_zone) IS NOT NULL'),
        ('period is day, week, month, quarter or year', 'period IN (''day'', ''week'', ''month'', ''quarter'', ''year'')'),
        ('class_window is a span of at least a day, or empty', 'class_window IS NULL OR ' || @extschema@.workspace_span_check('class_window')),
        ('abc_by is revenue, or profit if a profit column is attached', 'abc_by = ''revenue'' OR abc_by = ''profit'' AND has_profit'),
        ('abc_a and abc_b are shares, 0 < abc_a <= abc_b <= 1', '0 < abc_a AND abc_a <= abc_b AND abc_b <= 1'),
        ('xyz_by is frequency or variation', 'xyz_by IN (''frequency'', ''variation'')'),
        ('frequency_within is a span of at least a day', @extschema@.workspace_span_check('frequency_within')),
        ('purchases of X and Y: 1 <= y_purchases <= x_purchases', '1 <= y_purchases AND y_purchases <= x_purchases'),
        ('coefficients of variation: 0 <= xyz_x <= xyz_y <= 1000', '0 <= xyz_x AND xyz_x <= xyz_y AND xyz_y <= 1000'),
        ('count_by is days or orders', 'count_by IN (''days'', ''orders'')'),
        ('new_within is a span of at least a day', @extschema@.workspace_span_check('new_within')),
        ('regular_within is a span of at least a day', @extschema@.workspace_span_check('regular_within')),
        ('regular_purchases is at least 2', 'regular_purchases >= 2'),
        ('lost_after is a span of at least a day', @extschema@.workspace_span_check('lost_after')),
        ('risk_gaps is a number from 0 to 1000', 'risk_gaps >= 0 AND risk_gaps <= 1000'),
        ('rfm_bins is 2 to 10', 'rfm_bins BETWEEN 2 AND 10'),
        ('one_time_limit is a share, 0 to 1', '0 <= one_time_limit AND one_time_limit <= 1 AND scale(one_time_limit) <= 20'),
        ('light_by is customers or sales', 'light_by IN (''customers'', ''sales'')'),
        ('nps_window is a span of at least a day, or empty', 'nps_window IS NULL OR ' || @extschema@.workspace_span_check('nps_window')),
        ('nps_answers is latest or all', 'nps_answers IN (''latest'', ''all'')'),
        ('retention_step is above 0, up to 100 points', '0 < retention_step AND retention_step <= 100'),
        ('zero_amounts is orders or skipped', 'zero_amounts IN (''orders'', ''skipped'')'),
        ('enough is a number of at least 0', 'enough >= 0'),
        ('text_search is a text search configuration of the server', '@extschema@.workspace_text_search(text_search) IS NOT NULL'),
        ('journey_repeats is collapsed or kept', 'journey_repeats IN (''collapsed'', ''kept'')'),
        ('funnel_within is a span of at least a day', @extschema@.workspace_span_check('funnel_within')),
        ('storage is view, materialized or incremental', 'storage IN (''view'', ''materialized'', ''incremental'')'),
        ('fold_after is at least 100, or empty', 'fold_after >= 100')
$$;
COMMENT ON FUNCTION workspace_setting_rules() IS
'Internal to attach_orders(): What the settings have to keep to: rows of rule and SQL condition.';

CREATE FUNCTION workspace_settings_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[['one_row', 'Always true: there is one row'],
        ['as_of', 'The day the views speak of, on which and after which rows do not exist yet: ''auto'' is the earlier of today and the day after the last row, ''today'' follows the clock, a date such as ''2025-01-31'' shows everything as it stood then'],
        ['time_zone', 'Whose days are meant, a full IANA name such as Europe/Berlin, or UTC: for order times with a time zone, and for today'],
        ['workspace_version', 'The version of the extension that made the views']]
        || (SELECT array_agg(ARRAY[d.name, d.description]) FROM @extschema@.workspace_setting_definitions() d)
$$;
COMMENT ON FUNCTION workspace_settings_comments() IS
'Internal to attach_orders(): The comments on the columns of settings.';

CREATE FUNCTION workspace_create_settings(workspace name, time_zone text, has_profit boolean, storage text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on' -- attach_orders() computes anew what is kept
AS $$
DECLARE
    known_zone text;
BEGIN
    PERFORM @extschema@.workspace_create_settings_table(workspace);
    EXECUTE format('SELECT s.time_zone FROM %I.settings s', workspace) INTO known_zone;
    EXECUTE format($dml$
        INSERT INTO %1$I.settings (time_zone, has_profit, storage, workspace_version)
        SELECT $1, $2, $3, e.extversion FROM pg_extension e WHERE e.extname = 'clientele'
        ON CONFLICT (one_row) DO UPDATE SET time_zone = excluded.time_zone, has_profit = excluded.has_profit,
            storage = excluded.storage, workspace_version = excluded.workspace_version
        $dml$, workspace) USING coalesce(time_zone, known_zone, @extschema@.workspace_session_time_zone()), has_profit, storage;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'settings',
        'How the views of this workspace count: one row, change it with UPDATE', @extschema@.workspace_settings_comments());
    PERFORM @extschema@.workspace_describe_relation(workspace, 'attached', 'What is attached to this workspace, as attach_orders() was told: it reads this when it runs again',
        ARRAY[['relation_role', 'What the rows of the relation are: orders'],
              ['relation', 'The table or view'],
              ['columns', 'Its columns by role']]);
END
$$;
COMMENT ON FUNCTION workspace_create_settings(name, text, boolean, text) IS
'Internal to attach_orders(): Makes the settings of a workspace, or keeps those that are there.
Arguments: workspace; time_zone: NULL keeps the one set, at first that of the session; has_profit: whether a profit column is attached; storage: view, materialized or incremental.';

CREATE FUNCTION workspace_create_settings_table(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    settings_table CONSTANT text := format('%I.settings', workspace);
    setting record;
    wanted record;
BEGIN
    IF to_regclass(settings_table) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %1$I.settings (
                one_row boolean PRIMARY KEY DEFAULT true
                    CONSTRAINT "settings has one row" CHECK (one_row),
                as_of text NOT NULL DEFAULT 'auto'
                    CONSTRAINT "as_of is auto, today or a date such as 2025-01-31" CHECK (
                        CASE WHEN as_of ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN as_of::date IS NOT NULL
                             ELSE as_of IN ('auto', 'today') END),
                time_zone text NOT NULL,
                workspace_version text NOT NULL
            );
            CREATE TABLE %1$I.attached (
                relation_role text PRIMARY KEY,
                relation text NOT NULL,
                columns jsonb NOT NULL
            )$ddl$, workspace);
    END IF;
    FOR setting IN SELECT d.* FROM @extschema@.workspace_setting_definitions() d LOOP
        IF NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass(settings_table) AND a.attname = setting.name) THEN
            EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', settings_table, setting.name, setting.definition);
        END IF;
    END LOOP;
    -- Rules that hold functions of the extension went away if it was dropped and created again. NOT VALID, as which they hold for
    -- what is written, a dump has them after the row: it may name a time zone, or a text search configuration, that is no more.
    FOR wanted IN SELECT r.* FROM @extschema@.workspace_setting_rules() r LOOP
        IF NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = to_regclass(settings_table) AND c.conname = wanted.rule) THEN
            EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s) NOT VALID', settings_table, wanted.rule, wanted.condition);
        END IF;
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(settings_table) AND t.tgname = 'keep_settings') THEN
        EXECUTE format('CREATE TRIGGER keep_settings BEFORE DELETE OR TRUNCATE ON %s EXECUTE FUNCTION %s.workspace_keep_settings()',
            settings_table, '@extschema@');
        EXECUTE format('CREATE TRIGGER settings_changed AFTER UPDATE ON %s FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION %s.workspace_settings_changed()',
            settings_table, '@extschema@');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_create_settings_table(name) IS
'Internal to attach_orders(): Makes the tables settings and attached, or adds what is missing to those that are there.';

CREATE FUNCTION workspace_choose_settings(workspace name, orders regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    few boolean := false;
BEGIN
    -- Among so many rows there are enough customers, and counting them would take long.
    IF NOT @extschema@.workspace_many_rows(orders) THEN
        EXECUTE format('SELECT count(*) < 500 FROM %I.customer_history', workspace) INTO few;
    END IF;
    IF few THEN
        EXECUTE format('UPDATE %I.settings SET period = ''quarter'', rfm_bins = 3', workspace);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_choose_settings(name, regclass) IS
'Internal to attach_orders(): Chooses coarser periods and scores for a workspace that is new and has few customers.';
