-- The forms in which values outlive the library that made them: as text, in binary as drivers send it, as the bytes in a
-- table, as hashes in an index, and as states of aggregates that one server hands to another. Needs a superuser.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;

-- The bytes in a table. A type of the same size and alignment takes and shows them as they are; nps has the size of an lseg,
-- whose text is four 64-bit words, read as numbers. Both depend on the order of bytes in the machine.
CREATE TYPE aligned_bytes;
CREATE FUNCTION aligned_bytes_in(cstring) RETURNS aligned_bytes LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION aligned_bytes_out(aligned_bytes) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
CREATE TYPE aligned_bytes (INPUT = aligned_bytes_in, OUTPUT = aligned_bytes_out, INTERNALLENGTH = VARIABLE, ALIGNMENT = double);

CREATE TABLE base_type AS
SELECT t.oid::regtype AS type, t.typsend::regproc AS send,
    (CASE WHEN t.typlen = 32 THEN 'lseg' WHEN t.typlen = -1 AND t.typalign = 'd' THEN 'aligned_bytes' WHEN t.typlen = -1 THEN 'bytea' END)::regtype AS bytes,
    max(p.amproc::oid) FILTER (WHERE p.amprocnum = 1)::regproc AS hash, max(p.amproc::oid) FILTER (WHERE p.amprocnum = 2)::regproc AS hash_extended
FROM pg_depend d JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
JOIN pg_opclass o ON o.opcintype = t.oid AND o.opcmethod = (SELECT a.oid FROM pg_am a WHERE a.amname = 'hash') JOIN pg_amproc p ON p.amprocfamily = o.opcfamily
WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT e.oid FROM pg_extension e WHERE e.extname = 'clientele') AND d.deptype = 'e'
    AND t.typtype = 'b' AND t.typelem = 0
GROUP BY t.oid;
SELECT format('CREATE CAST (%1$s AS %2$s) WITHOUT FUNCTION; CREATE CAST (%2$s AS %1$s) WITHOUT FUNCTION', type, bytes) FROM base_type
\gexec

CREATE TABLE specimen (type text, value text, sent bytea, stored text, hash integer, hash_extended bigint);

-- All forms of a value given as text.
CREATE FUNCTION forms_of(type text, value text) RETURNS specimen LANGUAGE plpgsql AS $$
DECLARE
    t base_type;
    forms specimen;
BEGIN
    SELECT b.* INTO STRICT t FROM base_type b WHERE b.type = forms_of.type::regtype;
    EXECUTE format('SELECT %L, v::text, %s(v), v::%s::text, %s(v), %s(v, 8192) FROM (SELECT $1::%s AS v) s', type, t.send, t.bytes, t.hash, t.hash_extended, t.type)
    INTO forms USING value;
    RETURN forms;
END
$$;

-- All forms of a value given as the bytes in a table.
CREATE FUNCTION forms_of_stored(type text, stored text) RETURNS specimen LANGUAGE plpgsql AS $$
DECLARE
    t base_type;
    shown text;
BEGIN
    SELECT b.* INTO STRICT t FROM base_type b WHERE b.type = forms_of_stored.type::regtype;
    EXECUTE format('CREATE TEMPORARY TABLE as_stored (value %s); INSERT INTO as_stored SELECT %L::%s::%1$s', t.type, stored, t.bytes);
    EXECUTE 'SELECT value::text FROM as_stored' INTO shown;
    DROP TABLE as_stored;
    RETURN forms_of(type, shown);
END
$$;

-- The first half of the rows as a state, and the result of all of them; its last digits may differ between machines.
CREATE TABLE state_specimen (aggregate text, arguments text, state bytea, result text);

CREATE FUNCTION state_of(aggregate text, arguments text) RETURNS state_specimen LANGUAGE plpgsql SET extra_float_digits = -2 AS $$
DECLARE
    a record;
    specimen state_specimen := ROW(aggregate, arguments, NULL, NULL);
BEGIN
    SELECT g.aggtransfn, g.aggfnoid, pg_get_function_identity_arguments(p.oid) AS taken INTO STRICT a
    FROM pg_aggregate g JOIN pg_proc p ON p.oid = g.aggfnoid WHERE p.oid = aggregate::regprocedure;
    EXECUTE format('CREATE AGGREGATE first_half(%s) (SFUNC = %s, STYPE = bytea)', a.taken, a.aggtransfn);
    EXECUTE format('SELECT first_half(%s) FROM generate_series(1, 20) n', arguments) INTO specimen.state;
    EXECUTE format('DROP AGGREGATE first_half(%s)', a.taken);
    EXECUTE format('SELECT %s(%s)::text FROM generate_series(1, 40) n', a.aggfnoid, arguments) INTO specimen.result;
    RETURN specimen;
END
$$;

-- The result of all rows where the first half comes as a state.
CREATE FUNCTION result_with(specimen state_specimen) RETURNS text LANGUAGE plpgsql SET extra_float_digits = -2 AS $$
DECLARE
    a record;
    result text;
BEGIN
    SELECT g.aggtransfn, g.aggcombinefn, g.aggfinalfn, pg_get_function_identity_arguments(g.aggfnoid) AS taken INTO STRICT a
    FROM pg_aggregate g WHERE g.aggfnoid = specimen.aggregate::regprocedure;
    EXECUTE format('CREATE AGGREGATE second_half(%s) (SFUNC = %s, STYPE = bytea); CREATE AGGREGATE whole(bytea) (SFUNC = %s, STYPE = bytea%s)',
        a.taken, a.aggtransfn, a.aggcombinefn, CASE WHEN a.aggfinalfn <> 0 THEN ', FINALFUNC = ' || a.aggfinalfn END);
    EXECUTE format('SELECT whole(half)::text FROM (SELECT $1 AS half UNION ALL SELECT second_half(%s) FROM generate_series(21, 40) n) s', specimen.arguments)
    INTO result USING specimen.state;
    EXECUTE format('DROP AGGREGATE second_half(%s); DROP AGGREGATE whole(bytea)', a.taken);
    RETURN result;
END
$$;
