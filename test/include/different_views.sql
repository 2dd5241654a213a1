-- The views that differ between two workspaces of the same orders, but for the time that they were read, how they are stored,
-- and changes of class, which are told where they are stored; '' where none does. The others stand on those that are stored.
CREATE FUNCTION pg_temp.different_views(one name, other name, stored_alone boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    view name;
    list text;
    found bigint;
    different text := '';
    seen integer := 0;
BEGIN
    FOR view, list IN
        SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = one::text::regnamespace AND c.relkind = 'v' AND a.attname NOT IN ('refreshed_at', 'storage', 'fold_after', 'today')
            AND NOT (stored_alone AND to_regclass(format('%I.%I', other, c.relname || '_data')) IS NULL)
        GROUP BY c.relname
    LOOP
        -- Each view is read once.
        EXECUTE format('WITH ours AS MATERIALIZED (SELECT %1$s FROM %2$I.%4$I %5$s), theirs AS MATERIALIZED (SELECT %1$s FROM %3$I.%4$I %5$s)
            SELECT count(*) FROM ((TABLE ours EXCEPT ALL TABLE theirs) UNION ALL (TABLE theirs EXCEPT ALL TABLE ours)) d', list, one, other, view,
            CASE WHEN view IN ('customer_changes', 'customer_timeline') THEN 'WHERE kind <> ''class''' END) INTO found;
        IF found > 0 THEN different := different || ' ' || view; END IF;
        seen := seen + 1;
    END LOOP;
    RETURN CASE WHEN seen < CASE WHEN stored_alone THEN 20 ELSE 30 END THEN 'only ' || seen || ' views' ELSE btrim(different) END;
END
$$;
