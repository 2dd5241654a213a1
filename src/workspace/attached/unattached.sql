-- workspace: what could be attached besides. A view that reads what is not attached is not there, and an error of PostgreSQL's tells no
-- more than that; empty views would look like answers that nobody gave. So attaching the orders says what comes with what.

CREATE FUNCTION _clientele.workspace_unattached(workspace text) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached text[];
BEGIN
    EXECUTE format('SELECT array_agg(a.relation_role) FROM %I.attached a', workspace) INTO attached;
    RETURN QUERY
        SELECT 'not attached', string_agg(r.role, ', ' ORDER BY r.place),
            'More views come with ' || string_agg(format('attach_%s() (%s, ...)', r.role, r.view), ', ' ORDER BY r.place) FILTER (WHERE r.view IS NOT NULL)
        FROM (VALUES (1, 'customers', NULL), (2, 'answers', 'nps_summary'), (3, 'touchpoints', 'funnel_summary'), (4, 'costs', NULL), (5, 'survey', 'survey_tallies'), (6, 'lines', 'product_pairs'), (7, 'offers', 'offer_acceptance'), (8, 'points', 'points_balances')) r(place, role, view)
        WHERE r.role <> ALL (attached)
        HAVING count(*) > 0;
END
$$;
