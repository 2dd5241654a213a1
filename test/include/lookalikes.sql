-- Sets a trap beside each function of the extension that is not in _clientele: for each of its arguments look-alikes of the
-- same name with another type there, and for each that can be left out one that has not got it. Whatever calls one of them fails.
DO $do$
DECLARE
    extension CONSTANT name := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'clientele');
    trap record;
BEGIN
    FOR trap IN
        WITH ours AS (
            SELECT p.oid, p.proname, p.pronargdefaults, p.provariadic, string_to_array(p.proargtypes::text, ' ')::oid[] AS types
            FROM pg_proc p
            JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
            JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'clientele'
            WHERE p.pronamespace = e.extnamespace
        ), other AS (
            SELECT t::oid AS type
            FROM unnest('{smallint,integer,bigint,real,double precision,numeric,text,varchar,name,char,date,timestamp,timestamptz,interval,oid,regclass,smallint[],integer[],numeric[],varchar[],name[],jsonb}'::regtype[]) t
        )
        SELECT DISTINCT o.proname, o.types[:n - 1] || t.type || o.types[n + 1:] AS types
        FROM ours o CROSS JOIN LATERAL generate_series(1, cardinality(o.types)) n CROSS JOIN other t
        UNION
        SELECT o.proname, o.types[:n] FROM ours o CROSS JOIN LATERAL generate_series(cardinality(o.types) - o.pronargdefaults, cardinality(o.types) - 1) n
        EXCEPT
        SELECT o.proname, o.types FROM ours o
    LOOP
        EXECUTE format('CREATE FUNCTION %I.%I(%s) RETURNS integer LANGUAGE plpgsql AS %L', extension, trap.proname,
            (SELECT string_agg(format_type(t, NULL), ', ' ORDER BY n) FROM unnest(trap.types) WITH ORDINALITY u(t, n)),
            format('BEGIN RAISE EXCEPTION ''captured: %s''; END', trap.proname));
    END LOOP;
END
$do$;
