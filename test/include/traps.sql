-- The schema trap: a look-alike of every function and operator of the server and of the extension that arguments allow, of types
-- and of catalogues. With trap before pg_catalog in search_path, whoever calls something without its schema falls in.
CREATE SCHEMA trap;
GRANT USAGE ON SCHEMA trap TO PUBLIC;
CREATE FUNCTION pg_temp.set_traps() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    target record;
    traps integer := 0;
BEGIN
    FOR target IN
        SELECT DISTINCT ON (p.proname, p.proargtypes) p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, p.prorettype::regtype AS type, p.proretset
        FROM pg_proc p JOIN pg_type t ON t.oid = p.prorettype
        WHERE p.prokind IN ('f', 'a', 'w') AND (p.pronamespace = 'pg_catalog'::regnamespace
                OR EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))
            AND (t.typtype <> 'p' OR t.typname IN ('void', 'record') OR t.typname LIKE 'any%') AND p.provariadic = 0
            AND p.proname NOT IN ('plpgsql_call_handler')
    LOOP
        BEGIN
            EXECUTE format('CREATE FUNCTION trap.%I(%s) RETURNS %s%s LANGUAGE plpgsql AS %L', target.proname, regexp_replace(target.arguments, ' ORDER BY ', ', '),
                CASE WHEN target.proretset THEN 'SETOF ' ELSE '' END, target.type, format('BEGIN RAISE ''trapped by %s''; END', target.proname));
            traps := traps + 1;
        EXCEPTION WHEN OTHERS THEN NULL; -- arguments that no function of one's own may have
        END;
    END LOOP;
    FOR target IN
        SELECT o.oprname, o.oprleft::regtype AS left_type, o.oprright::regtype AS right_type, o.oprcode, o.oprresult::regtype AS type, n.nspname
        FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
        WHERE o.oprleft <> 0 AND (n.nspname = 'pg_catalog' OR EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e'))
    LOOP
        BEGIN
            EXECUTE format('CREATE FUNCTION trap.%I(%s, %s) RETURNS %s LANGUAGE plpgsql AS %L', 'operator ' || target.oprname, target.left_type, target.right_type, target.type,
                format('BEGIN RAISE ''trapped by %s''; END', target.oprname));
            EXECUTE format('CREATE OPERATOR trap.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = trap.%I)', target.oprname, target.left_type, target.right_type, 'operator ' || target.oprname);
            traps := traps + 1;
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END LOOP;
    -- A type of the name takes the text and refuses it.
    FOR target IN SELECT unnest(ARRAY['text', 'date', 'name', 'regclass', 'regtype', 'regrole', 'jsonb', 'oid', 'uuid', 'bytea', 'timestamptz', 'int4', 'int8', 'float8', 'bool',
        'purchase_history', 'nps', 'retention', 'order_columns', 'attach_finding']) AS type LOOP
        EXECUTE format('CREATE DOMAIN trap.%I AS pg_catalog.text CHECK (false)', target.type);
    END LOOP;
    FOR target IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'v') LOOP
        EXECUTE format('CREATE VIEW trap.%I AS SELECT 1 / 0 AS oid', target.relname);
    END LOOP;
    RETURN traps;
END
$$;
SELECT cmp_ok(pg_temp.set_traps(), '>', 2500, 'traps are set');
