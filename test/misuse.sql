-- Every C function of the extension in the places that its author did not have in mind, put there by an ordinary role: as an operator, and
-- as any part of an aggregate. The server survives, errors are no internal ones, and what comes out can be read again.
\ir fuzz/fuzz.sql
BEGIN;
SELECT no_plan();
SELECT setseed(0.5);
SET client_min_messages = error;
\ir include/plan_has.sql

-- Of bytes the first examples are states: one of each kind.
UPDATE fuzz.pool SET expressions = states || expressions
FROM (SELECT array_agg(state) AS states FROM (
    SELECT DISTINCT ON (s.aggcombinefn) format('%L::bytea', m.state) AS state
    FROM fuzz.stateful s, generate_series(1, 9), LATERAL (SELECT fuzz.some_state(s) AS state) m WHERE s.has_combine AND m.state IS NOT NULL) d) s
WHERE type = 'bytea'::regtype AND NOT hostile;

CREATE ROLE misuse_user;
CREATE SCHEMA misuse AUTHORIZATION misuse_user;
GRANT USAGE ON SCHEMA fuzz TO misuse_user;
GRANT SELECT ON ALL TABLES IN SCHEMA fuzz TO misuse_user;
SET LOCAL ROLE misuse_user;

-- What is of the type internal comes from the server alone.
CREATE TABLE misuse.function AS
SELECT p.oid::regprocedure AS routine, p.oid::regproc AS name, p.prokind AS kind, p.proisstrict AS is_strict, p.proretset AS returns_set, p.prorettype::regtype AS result,
    array(SELECT u.type::regtype FROM unnest(p.proargtypes) WITH ORDINALITY AS u(type, i) ORDER BY u.i) AS arguments
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'c'
    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'clientele'
-- Of records no function in SQL can be made.
WHERE NOT '{internal,record}'::regtype[]::oid[] && (p.proargtypes::oid[] || p.prorettype);
CREATE TABLE misuse.outcome (how text, routine regprocedure, state text, message text, statement text);
CREATE TABLE misuse.combination (routine regprocedure, is_partial boolean);

-- Tries a statement and undoes it. To find one that takes the server down, SET fuzz.announce = 'on'.
CREATE FUNCTION misuse.try(how text, f misuse.function, statement text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    outcome record;
BEGIN
    IF current_setting('fuzz.announce', true) = 'on' THEN
        RAISE WARNING 'next: %', statement;
    END IF;
    SELECT * INTO outcome FROM fuzz.run(statement, true);
    INSERT INTO misuse.outcome VALUES (how, f.routine, outcome.state, outcome.message, statement);
END
$$;

-- A result as text; that of our types is read again from it.
CREATE FUNCTION misuse.shown(f misuse.function, call text) RETURNS text LANGUAGE sql AS $$
    SELECT format('(%s)::text', call) || coalesce((SELECT format('::%s::text', t.type) FROM fuzz.type t WHERE t.type = f.result), '')
$$;

-- Some values of a type, NULL among them.
CREATE FUNCTION misuse.examples(type regtype) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(e), ARRAY[format('NULL::%s', type)]) FROM (SELECT (expressions)[1:4] AS four FROM fuzz.pool p WHERE p.type = examples.type) AS p, unnest(four) AS e
$$;
CREATE FUNCTION misuse.list(types regtype[]) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(t::text, ', ' ORDER BY i), '') FROM unnest(types) WITH ORDINALITY AS u(t, i)
$$;
CREATE FUNCTION misuse.values(types regtype[]) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(fuzz.argument(t, '{}', 0.3), ', ' ORDER BY i), '') FROM unnest(types) WITH ORDINALITY AS u(t, i)
$$;
CREATE FUNCTION misuse.rows(types regtype[]) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN types = '{}' THEN 'generate_series(1, 3) AS v(n)' ELSE fuzz.argument_rows(types, '{day,UTC,strict,first,customers}', 0.3) END
$$;

-- An operator: of all pairs of examples.
CREATE FUNCTION misuse.as_operator(f misuse.function) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    left_type regtype := CASE cardinality(f.arguments) WHEN 2 THEN f.arguments[1] END;
    right_type regtype := f.arguments[cardinality(f.arguments)];
    lefts text[] := CASE WHEN left_type IS NULL THEN '{""}' ELSE misuse.examples(left_type) END;
    l text;
    r text;
BEGIN
    EXECUTE format('CREATE OPERATOR misuse.@@@ (FUNCTION = %s%s, RIGHTARG = %s)', f.name, ', LEFTARG = ' || left_type, right_type);
    FOREACH l IN ARRAY lefts LOOP
        FOREACH r IN ARRAY misuse.examples(right_type) LOOP
            PERFORM misuse.try('operator', f, format('SELECT %s', misuse.shown(f, format('%s OPERATOR(misuse.@@@) %s', l, r))));
        END LOOP;
    END LOOP;
    EXECUTE format('DROP OPERATOR misuse.@@@ (%s, %s)', coalesce(left_type::text, 'NONE'), right_type);
END
$$;

-- A function that gives its first or its last argument, and is as strict as another.
CREATE FUNCTION misuse.giving(argument integer, types regtype[], strict boolean) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE FUNCTION misuse.giving(%s) RETURNS %s LANGUAGE sql IMMUTABLE PARALLEL SAFE %s AS ''SELECT $%s''',
        misuse.list(types), types[argument], CASE WHEN strict THEN 'STRICT' ELSE '' END, argument);
    RETURN 'misuse.giving';
END
$$;

-- An aggregate of this definition, of rows and in a window.
CREATE FUNCTION misuse.try_aggregate(how text, f misuse.function, definition text, types regtype[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    call text := format('misuse.part(%s)', CASE WHEN types = '{}' THEN '*' ELSE fuzz.columns(cardinality(types), '') END);
BEGIN
    definition := format('CREATE AGGREGATE misuse.part(%s) (%s)', CASE WHEN types = '{}' THEN '*' ELSE misuse.list(types) END, definition);
    PERFORM misuse.try(how, f, format('%s; SELECT %s FROM %s', definition, misuse.shown(f, call), misuse.rows(types)));
    PERFORM misuse.try(how, f, format('%s; SELECT string_agg(%s, '' '') FROM (SELECT %s OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS r FROM %s) AS s',
        definition, misuse.shown(f, 'r'), call, misuse.rows(types)));
END
$$;

-- INITCONDs of a type: none, and its examples.
CREATE FUNCTION misuse.initial(type regtype) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
    example text;
    form text;
BEGIN
    RETURN NEXT NULL;
    FOREACH example IN ARRAY misuse.examples(type) LOOP
        EXECUTE format('SELECT (%s)::text', example) INTO form;
        RETURN QUERY SELECT format('%L', form) WHERE form IS NOT NULL;
    END LOOP;
END
$$;

CREATE FUNCTION misuse.as_transition(f misuse.function) RETURNS void LANGUAGE sql AS $$
    SELECT misuse.try_aggregate('transition', f, format('SFUNC = %s, STYPE = %s%s', f.name, f.result, ', INITCOND = ' || i), f.arguments[2:])
    FROM misuse.initial(f.result) AS i
$$;

CREATE FUNCTION misuse.as_inverse(f misuse.function) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    forward text := misuse.giving(1, f.arguments, f.is_strict);
BEGIN
    PERFORM misuse.try_aggregate('inverse', f, format('SFUNC = %1$s, STYPE = %2$s%3$s, MSFUNC = %1$s, MSTYPE = %2$s, MINVFUNC = %4$s%5$s', forward, f.result,
        ', INITCOND = ' || i, f.name, ', MINITCOND = ' || i), f.arguments[2:]) FROM misuse.initial(f.result) AS i;
END
$$;

-- What a final function gets besides the state is NULL, or the arguments in front of WITHIN GROUP.
CREATE FUNCTION misuse.as_final(f misuse.function) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    state regtype := f.arguments[1];
    first text := misuse.giving(1, f.arguments, false);
    last text := misuse.giving(2, ARRAY[state, state], false);
BEGIN
    PERFORM misuse.try_aggregate('final', f, format('SFUNC = %s, STYPE = %s%s, FINALFUNC = %s%s', first, state, ', INITCOND = ' || i, f.name,
        CASE WHEN f.is_strict THEN '' ELSE ', FINALFUNC_EXTRA' END), f.arguments[2:]) FROM misuse.initial(state) AS i
        WHERE NOT f.is_strict OR cardinality(f.arguments) = 1;
    PERFORM misuse.try('ordered set', f, format('CREATE AGGREGATE misuse.part(%1$s ORDER BY %2$s) (SFUNC = %3$s, STYPE = %2$s, FINALFUNC = %4$s); SELECT %5$s FROM %6$s',
            misuse.list(f.arguments[2:]), state, last, f.name,
            misuse.shown(f, format('misuse.part(%s) WITHIN GROUP (ORDER BY a1)', misuse.values(f.arguments[2:]))), misuse.rows(ARRAY[state])))
        FROM generate_series(1, 5);
END
$$;

-- A trigger of each kind; most are refused by the server, or by the function.
CREATE FUNCTION misuse.as_trigger(f misuse.function) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM misuse.try('trigger', f, format('CREATE TABLE misuse.written AS SELECT 1 AS n; CREATE TRIGGER written %s %s ON misuse.written FOR EACH %s EXECUTE FUNCTION %s();
            INSERT INTO misuse.written VALUES (2); UPDATE misuse.written SET n = n + 1; DELETE FROM misuse.written WHERE n = 3; TRUNCATE misuse.written; SELECT 1',
            moment, event, level, f.name))
        FROM unnest(ARRAY['BEFORE', 'AFTER']) moment, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) event, unnest(ARRAY['ROW', 'STATEMENT']) level;
    PERFORM misuse.try('trigger', f, format('SELECT %s()::text', f.name));
END
$$;

-- Parallel workers make the states, of an ordinary table, as they see no temporary one.
CREATE FUNCTION misuse.as_combination(f misuse.function) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    last text := misuse.giving(2, f.arguments, false);
    statement text := format('SELECT %s FROM misuse.states', misuse.shown(f, 'misuse.combined(e)'));
BEGIN
    EXECUTE format('CREATE TABLE misuse.states AS SELECT e::%s FROM (VALUES (%s)) AS v(e)', f.result, array_to_string(misuse.examples(f.result), '), ('));
    ANALYZE misuse.states;
    EXECUTE format('CREATE AGGREGATE misuse.combined(%1$s) (SFUNC = %2$s, STYPE = %1$s, COMBINEFUNC = %3$s, PARALLEL = SAFE)', f.result, last, f.name);
    INSERT INTO misuse.combination VALUES (f.routine, pg_temp.plan_has(statement, 'Partial Aggregate'));
    PERFORM misuse.try('combination', f, statement) FROM generate_series(1, 3);
    EXECUTE format('DROP AGGREGATE misuse.combined(%s)', f.result);
    DROP TABLE misuse.states;
END
$$;

SELECT count(misuse.as_operator(f)) FROM misuse.function f WHERE cardinality(arguments) IN (1, 2);
SELECT count(misuse.as_transition(f)) FROM misuse.function f WHERE arguments[1] = result AND kind = 'f';
SELECT count(misuse.as_inverse(f)) FROM misuse.function f WHERE arguments[1] = result AND cardinality(arguments) > 1 AND kind = 'f';
SELECT count(misuse.as_final(f)) FROM misuse.function f WHERE kind = 'f' AND NOT returns_set AND arguments[1] <> 'cstring'::regtype;
SELECT count(misuse.as_trigger(f)) FROM misuse.function f WHERE result = 'trigger'::regtype;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL cpu_operator_cost = 10; -- worth workers
SELECT count(misuse.as_combination(f)) FROM misuse.function f WHERE arguments = ARRAY[result, result] AND kind = 'f';
RESET ROLE;

-- What it comes to
SELECT is_empty($$ SELECT how, routine, state, message, statement FROM misuse.outcome
    WHERE state LIKE 'XX%' AND NOT (state = 'XX001' AND routine::text ~ 'bytea') $$, 'no error is an internal one, but for states that are none');
SELECT is_empty($$ SELECT how, routine, message, statement FROM misuse.outcome WHERE state = '22P02' AND routine::text !~ 'cstring' $$, 'what comes out can be read again');
SELECT is_empty($$ SELECT how, routine, message, statement FROM misuse.outcome WHERE state IN ('42601', '42703', '42883', '42P01') AND message !~ 'ordering operator for type (xid|_clientele.offer_rules)' $$, 'the test knows its SQL');
SELECT is_empty($$ SELECT routine FROM misuse.function WHERE (cardinality(arguments) < 3 OR kind = 'f' AND NOT returns_set) AND (arguments <> '{}' OR result = 'trigger'::regtype) EXCEPT SELECT routine FROM misuse.outcome $$, 'nothing was forgotten');
SELECT is_empty('SELECT unnest(arguments) FROM misuse.function EXCEPT SELECT type FROM fuzz.pool', 'the pools have every type of argument');
SELECT is_empty('SELECT routine FROM misuse.combination WHERE NOT is_partial', 'workers make what is combined');
SELECT cmp_ok(count(*), '>', least::bigint, format('%s: %s results', how, count(*)))
FROM (VALUES ('operator', 3000), ('transition', 200), ('inverse', 500), ('final', 500), ('ordered set', 500), ('combination', 50)) AS w(how, least) LEFT JOIN misuse.outcome USING (how)
WHERE state = '00000' GROUP BY how, least;

SELECT * FROM finish();
ROLLBACK;
