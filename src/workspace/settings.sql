-- workspace: its settings

CREATE FUNCTION _clientele.workspace_known_storage(workspace text) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known text;
BEGIN
    IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass(format('%I.settings', workspace)) AND a.attname = 'storage') THEN
        EXECUTE format('SELECT s.storage FROM %I.settings s', workspace) INTO known;
    END IF;
    RETURN known;
END
$$;

-- Whether figures of this workspace are stored until they are refreshed.
CREATE FUNCTION _clientele.workspace_stores(workspace text) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
RETURN coalesce(_clientele.workspace_known_storage(workspace) IN ('materialized', 'distributed'), false);

CREATE FUNCTION _clientele.workspace_keep_settings() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'the settings of a workspace are one row, which stays'
        USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Change it with UPDATE; drop_workspace() takes the whole workspace away.';
END
$$;

CREATE FUNCTION _clientele.workspace_settings_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Anybody may say that it is attach_orders() that writes here; of the owner, who could do all that it does, it is believed.
    is_owner CONSTANT boolean := (SELECT pg_get_userbyid(c.relowner) = current_user FROM pg_class c WHERE c.oid = TG_RELID);
    is_attaching CONSTANT boolean := is_owner AND current_setting('clientele.keeping', true) IS NOT DISTINCT FROM 'on';
BEGIN
    IF (OLD.storage, OLD.has_profit, OLD.workspace_version) IS DISTINCT FROM (NEW.storage, NEW.has_profit, NEW.workspace_version) AND NOT is_attaching THEN
        RAISE EXCEPTION 'storage, has_profit and workspace_version of workspace "%" tell what is there, and are not for changing it', TG_TABLE_SCHEMA
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Attach the orders again, for example with storage => ''materialized''.';
    END IF;
    IF OLD.time_zone IS DISTINCT FROM NEW.time_zone THEN
        PERFORM _clientele.workspace_check_zone(TG_TABLE_SCHEMA, is_owner, is_attaching);
    END IF;
    -- Who may edit the settings need not be allowed to look into the schema of the extension.
    IF NEW.storage IN ('materialized', 'distributed') AND to_regclass(format('%I.applied_settings_data', TG_TABLE_SCHEMA)) IS NOT NULL THEN
        RAISE NOTICE 'the views of workspace "%" go by these settings from the next refresh on', TG_TABLE_SCHEMA
            USING HINT = format('SELECT refresh_workspace(%L);', TG_TABLE_SCHEMA);
    ELSIF NEW.storage = 'incremental' AND (OLD.time_zone, OLD.zero_amounts, OLD.refunded_orders) IS DISTINCT FROM (NEW.time_zone, NEW.zero_amounts, NEW.refunded_orders)
        AND NOT is_attaching AND to_regprocedure(format('%I.keep_order_history()', TG_TABLE_SCHEMA)) IS NOT NULL THEN -- not after detach_orders()
        PERFORM _clientele.workspace_keep_anew(TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION _clientele.workspace_create_settings(workspace text, orders _clientele.attached_relation, time_zone text, storage text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on' -- attach_orders() computes anew what is kept
AS $$
DECLARE
    is_new CONSTANT boolean := NOT _clientele.workspace_has(workspace, 'settings');
    known_zone text;
BEGIN
    PERFORM _clientele.workspace_make(workspace, w.folder, w.relation, w.statements)
    FROM _clientele.workspace_wanted('{}') w WHERE w.relation IN ('settings', 'attached');
    EXECUTE format('SELECT s.time_zone FROM %I.settings s', workspace) INTO known_zone;
    EXECUTE format($dml$
        INSERT INTO %1$I.settings (time_zone, has_profit, storage, workspace_version)
        SELECT $1, $2, $3, e.extversion FROM pg_extension e WHERE e.extname = 'clientele'
        ON CONFLICT (one_row) DO UPDATE SET time_zone = excluded.time_zone, has_profit = excluded.has_profit,
            storage = excluded.storage, workspace_version = excluded.workspace_version
        $dml$, workspace) USING coalesce(time_zone, known_zone, _clientele.workspace_session_time_zone()), coalesce(orders.columns->>'profit' <> '', false), storage;
    IF is_new AND _clientele.workspace_few_customers(workspace, orders) THEN
        EXECUTE format('UPDATE %I.settings SET period = ''quarter'', rfm_bins = 3', workspace);
    END IF;
END
$$;

-- Where customers come back, in the median of those who do, after longer than the spans of a new workspace are, it gets spans that fit. What is
-- stored is read, once it is there, and not the orders again. Where there are many customers one in sixteen tells.
CREATE FUNCTION _clientele.workspace_fit_spans(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
    among CONSTANT bigint := CASE WHEN (
        SELECT c.reltuples > 100000 FROM pg_class c WHERE c.oid = (_clientele.workspace_attached(workspace, 'orders')).relation) THEN 15 ELSE 0 END; -- counting them would be a reading
    rhythm double precision;
BEGIN
    EXECUTE format($query$
        SELECT CASE WHEN count(x.gap_days) >= 10 THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY x.gap_days) END
        FROM (
            SELECT @extschema@.gap_days(h.history, (now() + interval '1 day')::date) AS gap_days
            FROM %I.customer_history h
            WHERE (hashtextextended(h.customer::text, 0) & $1) = 0) x
        $query$, workspace) INTO rhythm USING among;
    IF rhythm > 182 THEN
        EXECUTE format('UPDATE %I.settings SET %s', workspace, _clientele.workspace_fitting_spans(rhythm));
        IF _clientele.workspace_stores(workspace) THEN
            PERFORM @extschema@.refresh_workspace(workspace);
        END IF;
    END IF;
END
$$;

-- Spans in the proportions of those of a new workspace: lost is who has stayed away for two of the usual gaps, and a regular has the time for
-- three purchases. What is written into the settings.
CREATE FUNCTION _clientele.workspace_fitting_spans(gap_days double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('lost_after = ''%s months'', new_within = ''%s months'', regular_within = ''%s months'', frequency_within = ''%3$s months''', 6 * h.n, 3 * h.n, 9 * h.n)
    FROM (SELECT least(ceil(2 * gap_days / 182.625), 60)::integer AS n) h
$$;

-- The first rows tell of most shops that there are more. Among many rows there are enough customers, and counting them would take long.
CREATE FUNCTION _clientele.workspace_few_customers(workspace text, orders _clientele.attached_relation) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    few_among CONSTANT text := format('SELECT count(DISTINCT x.customer) < 500 FROM (SELECT %s FROM %s o LIMIT $1) x WHERE x.usable',
        _clientele.workspace_order_list_sql(orders, _clientele.workspace_fixed_rules(workspace)), orders.relation);
    are_few boolean;
BEGIN
    EXECUTE few_among INTO are_few USING 10000;
    IF are_few AND NOT _clientele.workspace_many_rows(orders.relation) THEN
        EXECUTE few_among INTO are_few USING NULL::integer;
        RETURN are_few;
    END IF;
    RETURN false;
END
$$;

-- Entries of the knowledge base of which nothing kept the words, or that a restore, which numbers configurations anew, gave the
-- number of another one. They are looked for first: a distributed engine compares no column with what a stable function says of it
-- where it writes.
CREATE FUNCTION _clientele.workspace_read_entries(workspace text, all_of_them boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    unread integer[];
BEGIN
    EXECUTE format('SELECT array_agg(k.id) FROM %I.knowledge_base k
        WHERE ($1 OR k.words_by IS DISTINCT FROM _clientele.workspace_text_search(k.language)) AND _clientele.workspace_text_search(k.language) IS NOT NULL', workspace)
    INTO unread USING all_of_them;
    EXECUTE format('UPDATE %I.knowledge_base k SET words = NULL WHERE k.id = ANY ($1)', workspace) USING unread;
END
$$;
