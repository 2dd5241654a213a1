-- workspace: attaching what was spent on each source

CREATE FUNCTION attach_costs(
    costs regclass,
    spent_on text DEFAULT NULL,
    source text DEFAULT NULL,
    cost text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT f.*
    FROM _clientele.workspace_attach_other(workspace, 'costs', costs, jsonb_build_object('spent_on', spent_on, 'source', source, 'cost', cost, 'stored_in', stored_in)) f
$$;
COMMENT ON FUNCTION attach_costs(regclass, text, text, text, text, text) IS
'Attaches a table of what was spent on each source of customers to a workspace: the view sources then has the cost per customer, and what comes back. Can be run again.
Arguments: costs: a table, partitioned or foreign table, view or materialized view with a row per day (or month) and source; spent_on, source, cost: names of its columns as stored, where left out those of the last time, else found by their usual names; the names of sources have to be those of the orders; workspace: name of the schema; stored_in: the time zone whose clock a column of timestamps without a zone shows, a full IANA name or UTC, where left out that of the last time; it has to be told where the days of the workspace are not those of UTC, unless the clock only ever shows midnight.
Result: rows of topic, finding and advice: what was found, which rows are left out and why, and which sources do not fit the orders''.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 55000 where what is stored is distributed and other nodes do not know of it, 42501 without SELECT on the columns or for a workspace of somebody else, 22023 for a time zone that is none, and for a clock without stored_in.';

CREATE FUNCTION detach_costs(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'costs');
END
$$;
COMMENT ON FUNCTION detach_costs(text) IS
'Takes the table of costs from a workspace: the table stays as it is, the columns on cost of the view sources get empty.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else.';
