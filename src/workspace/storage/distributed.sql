-- workspace: on a cluster of Citus. The tables of a workspace are then known to every node; what is stored of each customer lies beside the
-- orders of that customer, what is small on every node. Nothing of it is asked where there is no such catalogue.

-- Whether the rows of the table are in tables of other nodes.
CREATE FUNCTION _clientele.workspace_is_distributed(relation regclass) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass('pg_catalog.pg_dist_partition') IS NULL THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = relation);
END
$$;

-- The column by whose values its rows are told to shards: NULL where every node has all of them, or where they are on one.
CREATE FUNCTION _clientele.workspace_distribution_column(relation regclass) RETURNS name
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass('pg_catalog.pg_dist_partition') IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT pg_catalog.column_to_column_name(p.logicalrelid, p.partkey) FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = relation AND p.partmethod = 'h');
END
$$;

-- What makes or changes a workspace tells the engine where: on all nodes, or on this one alone, as views elsewhere would have nothing to
-- read. Its statements are run one after the other, as it makes no schema after a query that was run side by side.
CREATE FUNCTION _clientele.workspace_choose_nodes(storage text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM set_config('citus.enable_ddl_propagation', CASE storage WHEN 'distributed' THEN 'on' ELSE 'off' END, true);
    IF storage = 'distributed' THEN
        PERFORM set_config('citus.multi_shard_modify_mode', 'sequential', true);
    END IF;
END
$$;

-- Views on all nodes read what all nodes know of.
CREATE FUNCTION _clientele.workspace_check_known(workspace text, relation regclass) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kind CONSTANT "char" := (SELECT c.relkind FROM pg_class c WHERE c.oid = relation);
BEGIN
    IF relation IS NULL OR _clientele.workspace_known_storage(workspace) <> 'distributed' OR _clientele.workspace_is_distributed(relation) THEN
        RETURN;
    ELSIF kind NOT IN ('v', 'm') THEN
        RAISE EXCEPTION 'other nodes do not know of %', relation
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = format('Run SELECT create_reference_table(%1$L); first, or SELECT citus_add_local_table_to_metadata(%1$L); if it is to stay on this node.', relation);
    ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_object o WHERE o.classid = 'pg_class'::regclass AND o.objid = relation) THEN
        RAISE EXCEPTION 'other nodes do not know of %', relation
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = CASE kind WHEN 'm' THEN 'Attach a table or a view: the engine keeps a materialized view on this node alone.'
                    ELSE 'Make the view anew, once the engine knows of all tables that it reads.' END;
    END IF;
END
$$;

-- Takes the views away from all nodes, before they are made on this one alone, or on all. Tables stay known to them.
CREATE FUNCTION _clientele.workspace_leave_nodes(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET citus.enable_ddl_propagation = on
AS $$
BEGIN
    PERFORM _clientele.workspace_drop_views(workspace, false);
END
$$;

-- Makes the tables of a workspace known to all nodes. They stay where they are, with their triggers.
CREATE FUNCTION _clientele.workspace_announce(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation text;
BEGIN
    -- One that another refers to comes along with it, and each is another table afterwards.
    FOR relation IN SELECT f.relation FROM _clientele.workspace_files() f WHERE f.folder = 'tables' ORDER BY f.place LOOP
        IF _clientele.workspace_is_distributed(to_regclass(format('%I.%I', workspace, relation))) IS FALSE THEN
            PERFORM pg_catalog.citus_add_local_table_to_metadata(format('%I.%I', workspace, relation)::regclass, cascade_via_foreign_keys => true);
        END IF;
    END LOOP;
END
$$;

-- The types that come out of the orders as they are in the table: others are cast, and shards are told apart by the column itself.
CREATE FUNCTION _clientele.workspace_check_distributable(orders _clientele.attached_relation) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    customer CONSTANT _clientele.attached_column := _clientele.workspace_role_column(orders, 'customer');
    key CONSTANT name := _clientele.workspace_distribution_column(orders.relation);
BEGIN
    IF key IS NULL THEN
        RAISE EXCEPTION 'figures cannot be stored beside the orders: % is no table that Citus distributes by a column', orders.relation
            USING ERRCODE = 'wrong_object_type',
                HINT = format('Run SELECT create_distributed_table(%L, %L); first, or attach with storage => ''materialized''.', orders.relation, customer.name);
    ELSIF key <> customer.name THEN
        RAISE EXCEPTION 'figures of customers cannot be stored beside their orders: % is distributed by "%", and not by "%"', orders.relation, key, customer.name
            USING ERRCODE = 'wrong_object_type',
                HINT = format('Run SELECT alter_distributed_table(%L, distribution_column := %L); first, or attach with storage => ''materialized''.', orders.relation, customer.name);
    ELSIF customer.type <> ALL ('{smallint,integer,bigint,numeric,uuid,text}'::regtype[]) THEN
        RAISE EXCEPTION 'figures cannot be stored beside the orders: customers are of the type %, and shown as text', customer.type
            USING ERRCODE = 'datatype_mismatch',
                HINT = format('Run ALTER TABLE %s ALTER COLUMN %I TYPE text; before the table is distributed, or attach with storage => ''materialized''.', orders.relation, customer.name);
    ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_node n WHERE n.groupid = 0) THEN
        RAISE EXCEPTION 'other nodes cannot ask this one for the settings of a workspace'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Tell them where it is: SELECT citus_set_coordinator_host(''...'');';
    END IF;
END
$$;

-- Whether the relation that is attached in this role, if any, has its rows beside the orders of the same customers.
CREATE FUNCTION _clientele.workspace_lies_beside(workspace text, relation_role text) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders CONSTANT _clientele.attached_relation := _clientele.workspace_attached(workspace, 'orders');
    other CONSTANT _clientele.attached_relation := _clientele.workspace_attached(workspace, relation_role);
BEGIN
    RETURN other.relation IS NULL OR EXISTS (
        SELECT FROM pg_catalog.pg_dist_partition p
        JOIN pg_catalog.pg_dist_partition q ON q.colocationid = p.colocationid AND q.partmethod = 'h'
        WHERE p.logicalrelid = orders.relation AND q.logicalrelid = other.relation
            AND pg_catalog.column_to_column_name(q.logicalrelid, q.partkey) = other.columns->>'customer');
END
$$;

-- By which column what is stored of a view lies beside the orders; NULL where it is on every node: what is of no one customer, or comes from
-- rows that lie elsewhere, whose customer may be nobody.
CREATE FUNCTION _clientele.workspace_distributed_by(workspace text, keys name[], reads name[]) RETURNS name
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF keys[1] <> 'customer' OR _clientele.workspace_known_storage(workspace) <> 'distributed' THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT 'customer'::name WHERE NOT EXISTS (
        SELECT FROM unnest(_clientele.workspace_roles()) a(role)
        WHERE a.role <> 'orders' AND _clientele.workspace_adapter(a.role) = ANY (reads) AND NOT _clientele.workspace_lies_beside(workspace, replace(a.role, 'dimensions', 'customers'))));
END
$$;

-- What is stored in another way than it would be now is read from its source again, until it is stored anew.
CREATE FUNCTION _clientele.workspace_unplace_stored(workspace text, parts text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF 'distributed' = ANY (parts) THEN
        PERFORM _clientele.workspace_make(workspace, w.folder, w.relation, w.statements)
        FROM _clientele.workspace_stored(parts) s
        JOIN _clientele.workspace_wanted(parts) w ON w.place = s.place
        WHERE _clientele.workspace_is_stored(workspace, s.relation) AND _clientele.workspace_distributed_by(workspace, s.keys, s.reads)
            IS DISTINCT FROM _clientele.workspace_distribution_column(to_regclass(format('%I.%I', workspace, _clientele.workspace_data_name(s.relation))));
    END IF;
END
$$;

-- An empty table that takes what a view shows, and what it shows.
CREATE FUNCTION _clientele.workspace_distribute(workspace text, view _clientele.stored_view) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    data CONSTANT text := format('%I.%I', workspace, _clientele.workspace_data_name(view.relation));
    distributed_by CONSTANT name := _clientele.workspace_distributed_by(workspace, view.keys, view.reads);
BEGIN
    IF distributed_by IS NULL THEN
        PERFORM pg_catalog.create_reference_table(data::regclass);
        EXECUTE format('INSERT INTO %s SELECT %s FROM %I.%I n', data, _clientele.workspace_data_columns(data), workspace, view.relation);
    ELSE
        PERFORM pg_catalog.create_distributed_table(data::regclass, distributed_by::text, colocate_with => (_clientele.workspace_attached(workspace, 'orders')).relation::text);
        PERFORM _clientele.workspace_write_beside_orders(workspace, view, NULL);
    END IF;
END
$$;

-- Each node reads the orders that it has, and writes what comes of them beside: nothing passes through here. OFFSET 0, by which some
-- queries keep a plan from working the same out twice, would make the engine fetch the rows first.
CREATE FUNCTION _clientele.workspace_write_beside_orders(workspace text, view _clientele.stored_view, condition text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    data CONSTANT text := format('%I.%I', workspace, _clientele.workspace_data_name(view.relation));
    order_rows CONSTANT text := format('%I.order_rows', workspace);
    columns CONSTANT text := _clientele.workspace_data_columns(data);
    source text := replace(_clientele.workspace_query(view.source, workspace), 'OFFSET 0', '');
BEGIN
    IF condition IS NOT NULL THEN
        source := replace(source, order_rows, format('(SELECT n.* FROM %s n WHERE %s)', order_rows, condition));
    END IF;
    EXECUTE format('DELETE FROM %s n WHERE %s', data, coalesce(condition, 'true'));
    EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM (%s) n', data, replace(columns, 'n.', ''), columns, source);
END
$$;

-- What is on every node is little: another row, and all are written anew. Tells whether there is one.
CREATE FUNCTION _clientele.workspace_write_everywhere(data text, keys name[]) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_same boolean;
BEGIN
    EXECUTE format('CREATE TEMPORARY TABLE clientele_stored AS SELECT d.* FROM %s d', data);
    EXECUTE format('SELECT (SELECT count(*) FROM pg_temp.clientele_stored) = (SELECT count(*) FROM pg_temp.clientele_refreshed)
        AND NOT EXISTS (SELECT FROM pg_temp.clientele_refreshed n WHERE NOT EXISTS (SELECT FROM pg_temp.clientele_stored d WHERE %s AND n OPERATOR(pg_catalog.*=) d))',
        _clientele.workspace_same_keys_sql(keys)) INTO is_same;
    IF NOT is_same THEN
        EXECUTE format('DELETE FROM %s', data);
        EXECUTE format('INSERT INTO %s SELECT n.* FROM pg_temp.clientele_refreshed n', data);
    END IF;
    DROP TABLE pg_temp.clientele_stored;
    RETURN NOT is_same;
END
$$;
