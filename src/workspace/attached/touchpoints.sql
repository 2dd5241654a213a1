-- workspace: attaching what customers were in touch with

CREATE FUNCTION attach_touchpoints(
    touchpoints regclass,
    customer text DEFAULT NULL,
    happened_at text DEFAULT NULL,
    touchpoint text DEFAULT NULL,
    source text DEFAULT NULL,
    reason text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT f.*
    FROM _clientele.workspace_attach_other(workspace, 'touchpoints', touchpoints, jsonb_build_object(
        'customer', customer, 'happened_at', happened_at, 'touchpoint', touchpoint, 'source', source, 'reason', reason, 'stored_in', stored_in)) f
$$;
COMMENT ON FUNCTION attach_touchpoints(regclass, text, text, text, text, text, text, text) IS
'Attaches a table of what customers were in touch with, such as visits, calls, offers and meetings, to a workspace: the views journey, journey_absorption, funnel_steps and others then show how that leads to orders. Can be run again.
Arguments: touchpoints: a table, partitioned or foreign table, view or materialized view with a row per event; customer, happened_at, touchpoint: names of its columns as stored, where left out those of the last time, else found by their usual names; source, reason: names of columns that an event may have besides, where it came from and why something was lost, found by their usual names where left out, none where empty (''''); workspace: name of the schema; stored_in: the time zone whose clock a column of timestamps without a zone shows, a full IANA name or UTC, where left out that of the last time; it has to be told where the days of the workspace are not those of UTC, unless the clock only ever shows midnight. Customers need not have ordered yet.
Result: rows of topic, finding and advice: what was found, and which rows are left out and why.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 55000 where what is stored is distributed and other nodes do not know of it, 42501 without SELECT on the columns or for a workspace of somebody else, 22023 for a time zone that is none, and for a clock without stored_in.';

CREATE FUNCTION detach_touchpoints(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'touchpoints');
END
$$;
COMMENT ON FUNCTION detach_touchpoints(text) IS
'Takes the table of events from a workspace, and drops the views that read it: the table stays as it is, and so does funnel_stages.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on the views.';
