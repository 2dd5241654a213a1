-- What the catalogue says about the extension's objects, one line for each property of each, in the order of their names: two
-- databases with the same extension print the same. By hand:
--   for d in upgraded fresh; do psql -XqAt -d $d -f test/include/catalogue.sql >$d.txt; done; diff upgraded.txt fresh.txt
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only on
\pset fieldsep ' | '
SET client_min_messages = warning;
-- Every name with its schema, and every number of an object as its name
SET search_path = pg_catalog;

CREATE TEMP TABLE member AS
SELECT d.classid, d.objid, pg_describe_object(d.classid, d.objid, 0) AS object
FROM pg_depend d WHERE d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT e.oid FROM pg_extension e WHERE e.extname = 'clientele')
    AND NOT EXISTS (SELECT FROM pg_type t WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid AND t.typelem <> 0 AND t.typsubscript = 'array_subscript_handler'::regproc); -- members from 17 on

CREATE TEMP TABLE line (object text, property text, value text);

-- Adds the columns of a row, but for those that hold numbers of objects or are no business of the extension's.
CREATE FUNCTION pg_temp.properties(described jsonb, left_out text[]) RETURNS TABLE (property text, value text) LANGUAGE sql AS $$
    SELECT p.key, p.value FROM jsonb_each_text(described - left_out - ARRAY['oid']) p
$$;

-- An access control list with names instead of numbers, in a fixed order.
CREATE FUNCTION pg_temp.privileges(acl aclitem[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(a::text, ', ' ORDER BY a::text COLLATE "C") FROM unnest(acl) a
$$;

-- Functions
INSERT INTO line
SELECT m.object, v.property, v.value
FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid JOIN pg_language l ON l.oid = p.prolang, LATERAL (
    SELECT * FROM pg_temp.properties(to_jsonb(p), '{pronamespace,proowner,prolang,provariadic,prorettype,proargtypes,proallargtypes,proargdefaults,protrftypes,prosqlbody,proacl}')
    UNION ALL VALUES ('language', l.lanname), ('arguments', pg_get_function_arguments(p.oid)), ('result', pg_get_function_result(p.oid)), ('body', pg_get_function_sqlbody(p.oid)),
        ('transforms', p.protrftypes::regtype[]::text), ('privileges', pg_temp.privileges(p.proacl)), ('owner', p.proowner::regrole::text)) v;
INSERT INTO line
SELECT m.object, 'aggregate ' || v.property, v.value
FROM member m JOIN pg_aggregate a ON m.classid = 'pg_proc'::regclass AND a.aggfnoid = m.objid, LATERAL (
    SELECT * FROM pg_temp.properties(to_jsonb(a), '{aggfnoid,aggsortop,aggtranstype,aggmtranstype}')
    UNION ALL VALUES ('sort operator', a.aggsortop::regoperator::text), ('state', a.aggtranstype::regtype::text), ('moving state', a.aggmtranstype::regtype::text)) v;

-- Types, with the columns of composite ones, the labels of enums and the constraints of domains
INSERT INTO line
SELECT m.object, v.property, v.value
FROM member m JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid, LATERAL (
    SELECT * FROM pg_temp.properties(to_jsonb(t), '{typnamespace,typowner,typrelid,typelem,typarray,typbasetype,typcollation,typdefaultbin,typacl}')
    UNION ALL VALUES ('element', t.typelem::regtype::text), ('array', t.typarray::regtype::text), ('base type', t.typbasetype::regtype::text),
        ('collation', t.typcollation::regcollation::text), ('privileges', pg_temp.privileges(t.typacl)), ('owner', t.typowner::regrole::text)
    UNION ALL SELECT 'label', string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid
    UNION ALL SELECT 'constraint ' || c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.contypid = t.oid) v;
CREATE TEMP TABLE relation AS
SELECT m.object, t.typrelid AS oid FROM member m JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid AND t.typtype = 'c'
UNION ALL SELECT m.object, m.objid FROM member m WHERE m.classid = 'pg_class'::regclass;
-- A column's place among those that are left, as ALTER ... DROP leaves gaps in the numbers
INSERT INTO line
SELECT r.object, format('column %s %s', a.place, a.attname), v.value
FROM relation r, LATERAL (
    SELECT x.*, row_number() OVER (ORDER BY x.attnum) AS place, pg_get_expr(f.adbin, f.adrelid) AS default_value
    FROM pg_attribute x LEFT JOIN pg_attrdef f ON f.adrelid = x.attrelid AND f.adnum = x.attnum WHERE x.attrelid = r.oid AND x.attnum > 0 AND NOT x.attisdropped) a,
    concat_ws(' ', format_type(a.atttypid, a.atttypmod), 'COLLATE ' || nullif(a.attcollation, 0)::regcollation, CASE WHEN a.attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || a.default_value,
        'identity ' || nullif(a.attidentity::text, ''), 'generated ' || nullif(a.attgenerated::text, ''), 'storage ' || a.attstorage::text, (SELECT string_agg(o, ', ') FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg\_%')) AS v(value); -- some servers keep a stamp of their own there

-- Relations: there is none so far, and the first one shall not be forgotten
INSERT INTO line
SELECT m.object, v.property, v.value
FROM member m JOIN pg_class c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid, LATERAL (
    VALUES ('kind', c.relkind::text), ('persistence', c.relpersistence::text), ('row security', c.relrowsecurity || ' ' || c.relforcerowsecurity), ('options', c.reloptions::text),
        ('definition', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END), ('privileges', pg_temp.privileges(c.relacl)), ('owner', c.relowner::regrole::text)
    UNION ALL SELECT 'constraint ' || k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k WHERE k.conrelid = c.oid
    UNION ALL SELECT 'index', pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = c.oid
    UNION ALL SELECT 'trigger', pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
    UNION ALL SELECT 'rule', pg_get_ruledef(w.oid) FROM pg_rewrite w WHERE w.ev_class = c.oid AND c.relkind NOT IN ('v', 'm')
    UNION ALL SELECT 'policy ' || p.polname, concat_ws(' / ', p.polcmd, p.polpermissive, p.polroles::regrole[]::text, pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid))
        FROM pg_policy p WHERE p.polrelid = c.oid) AS v(property, value);

-- Operators, and the families and classes that indexes go by
INSERT INTO line
SELECT m.object, v.property, v.value
FROM member m JOIN pg_operator o ON m.classid = 'pg_operator'::regclass AND o.oid = m.objid, LATERAL (
    SELECT * FROM pg_temp.properties(to_jsonb(o), '{oprnamespace,oprowner,oprleft,oprright,oprresult,oprcom,oprnegate}')
    UNION ALL VALUES ('result', o.oprresult::regtype::text), ('commutator', o.oprcom::regoperator::text), ('negator', o.oprnegate::regoperator::text), ('owner', o.oprowner::regrole::text)) v;
INSERT INTO line
SELECT m.object, v.property, v.value
FROM member m JOIN pg_opclass o ON m.classid = 'pg_opclass'::regclass AND o.oid = m.objid, LATERAL (
    VALUES ('family', pg_describe_object('pg_opfamily'::regclass, o.opcfamily, 0)), ('type', o.opcintype::regtype::text), ('stored', o.opckeytype::regtype::text),
        ('default', o.opcdefault::text), ('owner', o.opcowner::regrole::text)) AS v(property, value);
INSERT INTO line
SELECT m.object, v.property, v.value
FROM member m JOIN pg_opfamily f ON m.classid = 'pg_opfamily'::regclass AND f.oid = m.objid, LATERAL (
    SELECT format('operator %s (%s, %s)', x.amopstrategy, x.amoplefttype::regtype, x.amoprighttype::regtype), format('%s %s %s', x.amopopr::regoperator, x.amoppurpose, nullif(x.amopsortfamily, 0))
        FROM pg_amop x WHERE x.amopfamily = f.oid
    UNION ALL SELECT format('function %s (%s, %s)', x.amprocnum, x.amproclefttype::regtype, x.amprocrighttype::regtype), x.amproc::regprocedure::text
        FROM pg_amproc x WHERE x.amprocfamily = f.oid
    UNION ALL VALUES ('owner', f.opfowner::regrole::text)) AS v(property, value);

INSERT INTO line
SELECT m.object, v.property, v.value
FROM member m JOIN pg_cast c ON m.classid = 'pg_cast'::regclass AND c.oid = m.objid, LATERAL (
    VALUES ('function', c.castfunc::regprocedure::text), ('context', c.castcontext::text), ('method', c.castmethod::text)) AS v(property, value);

-- Of every member: that it is one, its comments, what its privileges were at first
INSERT INTO line SELECT m.object, 'is of the extension', 'yes' FROM member m;
INSERT INTO line
SELECT pg_describe_object(d.classoid, d.objoid, d.objsubid), 'comment', d.description
FROM pg_description d JOIN (SELECT m.classid, m.objid FROM member m UNION SELECT 'pg_class'::regclass, r.oid FROM relation r) m ON d.classoid = m.classid AND d.objoid = m.objid;
INSERT INTO line
SELECT pg_describe_object(i.classoid, i.objoid, i.objsubid), 'first privileges', pg_temp.privileges(i.initprivs)
FROM pg_init_privs i JOIN member m ON i.classoid = m.classid AND i.objoid = m.objid;
INSERT INTO line
SELECT 'extension', v.property, v.value
FROM pg_extension e, LATERAL (
    SELECT * FROM pg_temp.properties(to_jsonb(e), '{extowner,extnamespace,extconfig,extversion}')
    UNION ALL VALUES ('dumped tables', (SELECT string_agg(c::regclass::text, ', ' ORDER BY i) FROM unnest(e.extconfig) WITH ORDINALITY AS u(c, i))),
        ('needs', (SELECT string_agg(pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid), ', ' ORDER BY 1) FROM pg_depend d
            WHERE d.classid = 'pg_extension'::regclass AND d.objid = e.oid AND d.refclassid = 'pg_extension'::regclass))) v
WHERE e.extname = 'clientele';

-- Values of several lines, such as the body of a function, as several, after the values have been put in order: some are long.
SELECT l.object, l.property, v.value
FROM (SELECT x.*, row_number() OVER (ORDER BY x.object COLLATE "C", x.property COLLATE "C", x.value COLLATE "C") AS place FROM line x) l,
    string_to_table(l.value, E'\n') WITH ORDINALITY AS v(value, place)
ORDER BY l.place, v.place;
