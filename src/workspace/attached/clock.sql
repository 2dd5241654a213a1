-- workspace: clocks without a time zone. An hour of one is in another day elsewhere, so where days are those of a time zone what it
-- shows has to be told.

CREATE FUNCTION _clientele.workspace_check_stored_in(stored_in text) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF stored_in <> '' THEN
        PERFORM @extschema@.period_start(timestamptz '2000-01-01 00:00:00+00', 'day'::text, stored_in);
    END IF;
EXCEPTION WHEN invalid_parameter_value THEN
    RAISE EXCEPTION 'invalid value for parameter "stored_in": "%"', stored_in
        USING ERRCODE = 'invalid_parameter_value', HINT = 'Give a full name of the IANA time zone database, such as Europe/Berlin, or UTC.';
END
$$;

-- Whether its clocks show what those of UTC do, in winter and in summer.
CREATE FUNCTION _clientele.workspace_is_utc(time_zone text) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
RETURN timestamptz '2000-01-01 00:00:00+00' AT TIME ZONE time_zone = timestamp '2000-01-01' AND timestamptz '2000-07-01 00:00:00+00' AT TIME ZONE time_zone = timestamp '2000-07-01';

-- Where a clock only ever shows midnight, it is a day.
CREATE FUNCTION _clientele.workspace_shows_hours(relation regclass, clock name) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_filled boolean;
    has_hours boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT o.%2$I FROM %1$s o WHERE o.%2$I IS NOT NULL), EXISTS (SELECT o.%2$I FROM %1$s o WHERE isfinite(o.%2$I) AND o.%2$I <> date_trunc(''day'', o.%2$I))', relation, clock)
    INTO is_filled, has_hours;
    RETURN has_hours OR NOT is_filled;
END
$$;

-- Where the rows are not to be read any clock may show hours.
CREATE FUNCTION _clientele.workspace_check_clocks(workspace text, attached _clientele.attached_relation, reads boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    zone text;
    clock name;
BEGIN
    PERFORM _clientele.workspace_check_stored_in((attached).columns->>'stored_in');
    EXECUTE format('SELECT s.time_zone FROM %I.settings s', workspace) INTO zone;
    IF (attached).columns->>'stored_in' <> '' OR _clientele.workspace_is_utc(zone) THEN
        RETURN;
    END IF;
    SELECT c.name INTO clock
    FROM _clientele.workspace_attached_roles() r
    CROSS JOIN LATERAL _clientele.workspace_role_column(attached, r.role) c
    WHERE r.relation_role = (attached).role AND c.type = 'timestamp'::regtype AND (NOT reads OR _clientele.workspace_shows_hours((attached).relation, c.name))
    ORDER BY r."position" LIMIT 1;
    IF clock IS NOT NULL THEN
        RAISE EXCEPTION 'column "%" has a clock without a time zone', clock
            USING ERRCODE = 'invalid_parameter_value',
                HINT = format('Days are to be those of %1$s. If the clock shows the time there: attach_%2$s(..., stored_in => %1$L); if it is kept in UTC: attach_%2$s(..., stored_in => ''UTC'').', zone, (attached).role);
    END IF;
END
$$;

-- What is attached is asked again where days become those of another zone. Rows are read, and with them the functions that a view calls run,
-- for the owner of the workspace alone. Orders that are being attached are asked by themselves.
CREATE FUNCTION _clientele.workspace_check_zone(workspace text, is_owner boolean, is_attaching boolean) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached _clientele.attached_relation;
BEGIN
    FOR attached IN EXECUTE format('SELECT a.relation_role, to_regclass(a.relation), a.columns FROM %I.attached a
        WHERE to_regclass(a.relation) IS NOT NULL AND NOT ($1 AND a.relation_role = ''orders'') ORDER BY a.relation_role', workspace) USING is_attaching LOOP
        PERFORM _clientele.workspace_check_clocks(workspace, attached, is_owner);
    END LOOP;
END
$$;
