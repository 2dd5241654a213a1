-- Every object of the extension: what is not listed in expected/objects.out was not meant to be there
\pset format unaligned
\pset tuples_only on
SELECT pg_describe_object(d.classid, d.objid, d.objsubid) COLLATE "C" AS object
FROM pg_depend d
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
    AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'clientele')
    AND NOT EXISTS (SELECT FROM pg_type t WHERE d.objid = t.oid AND t.typelem <> 0) -- array types: members from 17 on
ORDER BY object;

-- None runs with the rights of its owner, and each says how it may be planned: one reads the catalogs
SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'clientele')
    AND (p.prosecdef OR p.prolang = (SELECT oid FROM pg_language WHERE lanname = 'c') AND (p.provolatile <> 'i' OR p.proparallel <> 's'));

-- What is not in _clientele is for users: every type, aggregate and function has a comment, and none is the machinery of another
SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'clientele') AND p.pronamespace <> '_clientele'::regnamespace
    AND (obj_description(p.oid, 'pg_proc') IS NULL OR obj_description(p.oid, 'pg_proc') LIKE 'Internal%'
        OR EXISTS (SELECT FROM pg_aggregate a WHERE p.oid IN (a.aggtransfn, a.aggcombinefn, a.aggfinalfn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn))
        OR EXISTS (SELECT FROM pg_type t WHERE p.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend))
        OR EXISTS (SELECT FROM pg_operator o WHERE p.oid = o.oprcode)
        OR EXISTS (SELECT FROM pg_amproc a WHERE p.oid = a.amproc));
SELECT t.typname FROM pg_type t JOIN pg_depend d ON d.objid = t.oid AND d.classid = 'pg_type'::regclass AND d.deptype = 'e'
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'clientele') AND t.typnamespace <> '_clientele'::regnamespace
    AND t.typelem = 0 AND obj_description(t.oid, 'pg_type') IS NULL;
-- ... and there are no more than a reader of the list can take in
SELECT count(DISTINCT p.proname) <= 130 AS few_names FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'clientele') AND p.pronamespace <> '_clientele'::regnamespace;

-- Aggregates are for parallel plans, and none has an internal state but the one-pass retention_curve, which can be serialized
SELECT a.aggfnoid::regprocedure FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid
    JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'clientele')
    AND (p.proparallel <> 's' OR a.aggtranstype = 'internal'::regtype AND (p.proname <> 'retention_curve' OR a.aggserialfn = 0)
        OR a.aggcombinefn = 0 AND obj_description(p.oid, 'pg_proc') NOT LIKE 'Always an error%');
