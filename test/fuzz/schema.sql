-- The fuzzer: hostile input for every type, function, aggregate and window function of the extension, in a schema of
-- its own. What there is to try comes from the catalogue, so that nothing new is left out.
--
--     SELECT fuzz.batch(seed, number, cases)
--
-- tries cases statements that depend on the seed and the number of the batch alone. They run in the server, each under
-- an EXCEPTION block; what they did is counted in fuzz.outcome, and what should not be is kept in fuzz.failure with the
-- statement that shows it.
CREATE SCHEMA fuzz;

CREATE TABLE fuzz.outcome (batch integer, kind text, subject text, state text);
CREATE TABLE fuzz.failure (batch integer, subject text, problem text, statement text);

-- The SQLSTATEs that a comment names.
CREATE FUNCTION fuzz.states_in(comment text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array(SELECT DISTINCT m[1] FROM regexp_matches(comment, '\m(\d[0-9A-Z]{4}|XX\d{3})\M', 'g') AS m WHERE m[1] !~ '^[12][0-9]00$' ORDER BY 1)
$$;

-- The types with a text and a binary form of their own.
CREATE TABLE fuzz.type AS
SELECT row_number() OVER (ORDER BY t.typname COLLATE "C") AS n, t.oid::regtype AS type, t.typsend::regproc AS send,
    h.amproc::regproc AS hash,
    ARRAY['22P02'] || fuzz.states_in(obj_description(t.oid, 'pg_type')) AS states
FROM pg_type t JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
    JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'clientele'
    JOIN pg_amproc h ON h.amproclefttype = t.oid AND h.amprocrighttype = t.oid AND h.amprocnum = 1
    JOIN pg_opfamily f ON f.oid = h.amprocfamily
    JOIN pg_am a ON a.oid = f.opfmethod AND a.amname = 'hash'
WHERE t.typtype = 'b' AND t.typelem = 0;

-- What can be called with values: where each argument stands, which words its comment offers, which errors it names.
CREATE TABLE fuzz.routine AS
SELECT dense_rank() OVER (ORDER BY p.proname COLLATE "C") AS name_number,
    row_number() OVER (PARTITION BY p.proname ORDER BY p.oid::regprocedure::text COLLATE "C") AS overload,
    p.oid::regprocedure AS routine, p.prokind AS kind, p.proretset AS returns_set, CASE WHEN p.provolatile = 'v' THEN 'writing' ELSE 'plain' END AS sort, p.provariadic <> 0 AS is_variadic,
    format('%s.%I', p.pronamespace::regnamespace, p.proname) AS name, array(SELECT u.type::regtype FROM unnest(p.proargtypes) WITH ORDINALITY AS u(type, i) ORDER BY u.i) AS arguments,
    array(SELECT DISTINCT m[1] FROM regexp_matches(c.comment, '''([a-z_]+)''', 'g') AS m ORDER BY 1) AS words,
    fuzz.states_in(c.comment) AS states
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'clientele'
    CROSS JOIN LATERAL (SELECT coalesce(obj_description(p.oid, 'pg_proc'), '') AS comment) c
WHERE p.prorettype NOT IN ('internal'::regtype, 'trigger'::regtype)
    AND NOT 'internal'::regtype = ANY (p.proargtypes) AND c.comment NOT LIKE 'Internal to %' AND p.proname !~ '^(workspace|report|chart)_';

-- The functions an aggregate is made of fail as it does, called by themselves, and those that read a state as bytes also where it is none.
UPDATE fuzz.routine r SET sort = 'support', states = r.states || s.states || ARRAY['42809'] || CASE WHEN 'bytea'::regtype = ANY (r.arguments) THEN ARRAY['XX001'] ELSE '{}' END
FROM (
    SELECT support, array_agg(state) AS states
    FROM fuzz.routine a JOIN pg_aggregate g ON g.aggfnoid = a.routine
        CROSS JOIN LATERAL unnest(a.states || NULL::text) AS state
        CROSS JOIN LATERAL unnest(ARRAY[g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggmtransfn, g.aggminvtransfn, g.aggmfinalfn]) AS support
    GROUP BY support) AS s
WHERE s.support = r.routine::oid;
