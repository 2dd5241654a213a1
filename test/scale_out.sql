-- What a distributed engine such as Citus asks of an extension, on one server: states of ordinary types that travel as text, parts
-- that are merged in any order, and results that no setting of the session changes, as it does not reach the workers.
BEGIN;
SELECT no_plan();
SET LOCAL TimeZone = 'UTC';

\ir include/aggregate_examples.sql

-- --- What the catalogue says ---

-- Only these have a state that never leaves a process: the set of customers, or their values, which is large, or names. Over histories they are merged.
-- Rules of offers are made from pairs, where they are used.
CREATE TEMPORARY TABLE keyed AS
SELECT format('retention_curve(%s, %s)', customer, rest)::regprocedure AS routine
FROM unnest(ARRAY['smallint', 'integer', 'bigint', 'numeric', 'uuid', 'text']) AS customer,
    unnest(ARRAY['date, text, date', 'timestamp, text, date', 'timestamptz, text, date, text']) AS rest
UNION ALL SELECT format('_clientele.%s(purchase_history, purchase_history, bytea)', name)::regprocedure FROM unnest('{class_limits,pareto_curve}'::text[]) name
UNION ALL SELECT unnest('{"_clientele.preferences_agg(date, numeric, text, text)","_clientele.preferences_agg(purchase_history, text, text)","_clientele.preference_tallies(bytea, date)"}'::regprocedure[])
UNION ALL SELECT '_clientele.offer_rules(text, text, bigint, bigint)'::regprocedure;
CREATE TEMPORARY TABLE member AS
SELECT p.oid::regprocedure AS routine, p.*, l.lanname, coalesce(obj_description(p.oid, 'pg_proc'), '') AS comment
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'clientele';
CREATE TEMPORARY TABLE state AS
SELECT a.*, t.typtype, t.typcategory, t.typsend, t.typreceive, t.typalign, t.typstorage, m.routine
FROM pg_aggregate a JOIN member m ON m.oid = a.aggfnoid JOIN pg_type t ON t.oid = a.aggtranstype
WHERE EXISTS (SELECT FROM aggregate g WHERE g.routine = a.aggfnoid);

SELECT set_eq($$ SELECT routine::text FROM state WHERE typtype = 'p' $$, 'SELECT routine::text FROM keyed', 'the aggregates in one pass over customers and that of rules, and no others, have an internal state');
SELECT is_empty($$ SELECT routine FROM state WHERE aggcombinefn = 0 $$, 'every aggregate has a combine function');
SELECT is_empty($$ SELECT routine FROM state WHERE typtype = 'p' AND (aggserialfn = 0 OR aggdeserialfn = 0) $$, '... and an internal state can be serialized');
SELECT is_empty($$ SELECT routine FROM state WHERE typtype <> 'p' AND (typsend = 0 OR typreceive = 0 OR typtype <> 'b') $$,
    'other states are of base types that travel as text and in binary form');
SELECT is_empty($$ SELECT routine FROM state WHERE aggtranstype::regtype = ANY ('{oid,regclass,regtype,regproc,name}'::regtype[]) $$, '... and no OID');
SELECT is_empty($$ SELECT routine FROM state WHERE aggkind <> 'n' OR aggfinalextra OR aggfinalmodify <> 'r' $$,
    'none needs an order of its rows, or the types of its arguments, or changes its state at the end');
SELECT is_empty($$ SELECT routine FROM member WHERE prorettype = 'record'::regtype AND proargmodes IS NULL
    OR EXISTS (SELECT FROM pg_type t WHERE t.oid = ANY (prorettype || proargtypes::oid[]) AND t.typname LIKE 'any%') $$, 'nothing is polymorphic or a nameless record');
SELECT is_empty($$ SELECT routine FROM member WHERE provolatile <> 'i' AND routine::text !~ '^_clientele[.](workspace|report|words)_' AND prorettype <> 'trigger'::regtype
    AND proname !~ '^(attach|detach|grant|describe|loyalty)_|_(workspace|campaign)$' $$, 'what is called for rows is IMMUTABLE; only workspaces are read and changed');
SELECT is_empty($$ SELECT routine FROM member WHERE proparallel <> 's' AND provolatile = 'i' AND comment NOT LIKE 'Internal to %' $$, '... and PARALLEL SAFE');
SELECT is_empty($$ SELECT routine FROM member WHERE lanname IN ('sql', 'plpgsql') AND provolatile = 'i' AND comment NOT LIKE 'Internal to %'
    AND regexp_replace(prosrc, '''[^'']*''', '', 'g') ~* '\mfrom\M\s+[a-z_.]+\s' AND prosrc !~* '\mfrom\M\s+(unnest|generate_series)' $$, '... and runs no query on tables');

-- --- Split, carried as text, and merged ---

-- As workers and coordinator run them: transitions alone on each part, whose result travels as text; then combine, in two steps;
-- then the final function.
CREATE SCHEMA scatter;
CREATE FUNCTION pg_temp.make_parts(agg state) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    initial text := coalesce(', INITCOND = ' || quote_literal(agg.agginitval), '');
BEGIN
    EXECUTE format('CREATE AGGREGATE scatter.part_%s(%s) (SFUNC = %s, STYPE = %s%s)', agg.aggfnoid::oid, pg_get_function_arguments(agg.aggfnoid),
        agg.aggtransfn, agg.aggtranstype::regtype, initial);
    EXECUTE format('CREATE AGGREGATE scatter.merge_%1$s(%2$s) (SFUNC = %3$s, STYPE = %2$s%4$s)', agg.aggfnoid::oid, agg.aggtranstype::regtype, agg.aggcombinefn, initial);
    EXECUTE format('CREATE AGGREGATE scatter.whole_%1$s(%2$s) (SFUNC = %3$s, STYPE = %2$s%4$s%5$s)', agg.aggfnoid::oid, agg.aggtranstype::regtype, agg.aggcombinefn, initial,
        CASE WHEN agg.aggfinalfn <> 0 THEN format(', FINALFUNC = %s', agg.aggfinalfn) ELSE '' END);
END
$$;
SELECT lives_ok($$ SELECT pg_temp.make_parts(s) FROM state s WHERE typtype <> 'p' $$, 'transition, combine and final functions stand alone');

-- What the statement gives, as bytes: no setting of the session changes how these are written.
CREATE FUNCTION pg_temp.value_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SELECT pg_catalog.string_agg(pg_catalog.encode(pg_catalog.record_send(r), ''hex''), '' '' ORDER BY pg_catalog.record_send(r)) FROM (%s) AS r', statement) INTO result;
    RETURN result;
END
$$;
CREATE FUNCTION pg_temp.merged(agg state, arguments text, source text, parts integer) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT pg_temp.value_of(format($query$
        WITH placed AS MATERIALIZED (SELECT x.*, floor(random() * %1$s) AS place FROM %2$s x),
            part AS MATERIALIZED (
                SELECT (scatter.part_%3$s(%4$s))::text AS state FROM placed GROUP BY place
                UNION ALL SELECT (scatter.part_%3$s(%4$s))::text FROM placed WHERE abs(n) < 0),
            merged AS MATERIALIZED (SELECT (scatter.merge_%3$s(state::%5$s ORDER BY random()))::text AS state FROM part GROUP BY floor(random() * 3))
        SELECT scatter.whole_%3$s(state::%5$s ORDER BY random()) FROM merged
        $query$, parts, source, agg.aggfnoid::oid, arguments, agg.aggtranstype::regtype))
$$;
SELECT setseed(0.5);
SELECT is_empty(format($$ SELECT e.routine, e.arguments FROM aggregate_example e JOIN state s ON s.routine = e.routine AND s.typtype <> 'p'
    WHERE pg_temp.value_of(format('SELECT %%s(%%s) FROM %%s', e.routine::regproc, e.arguments, e.source)) IS DISTINCT FROM pg_temp.merged(s, e.arguments, e.source, %s) $$, parts),
    format('every aggregate over %s parts is that over the whole, to the last digit', parts))
FROM unnest(ARRAY[1, 2, 7, 100]) AS parts;
SELECT is_empty($$ SELECT e.routine, e.arguments FROM aggregate_example e JOIN state s ON s.routine = e.routine AND s.typtype <> 'p'
    WHERE pg_temp.value_of(format('SELECT %s(%s) FROM %s WHERE abs(n) < 0', e.routine::regproc, e.arguments, e.source))
        IS DISTINCT FROM pg_temp.merged(s, e.arguments, format('(SELECT * FROM %s WHERE abs(n) < 0)', e.source), 3) $$, '... and over no rows');
SELECT is_empty($$ SELECT e.routine FROM aggregate_example e JOIN state s ON s.routine = e.routine AND s.typtype <> 'p'
    WHERE pg_temp.value_of(format('SELECT state FROM (SELECT scatter.part_%s(%s) AS state FROM %s GROUP BY part) p', s.aggfnoid::oid, e.arguments, e.source))
        IS DISTINCT FROM pg_temp.value_of(format('SELECT state::text::%s FROM (SELECT scatter.part_%s(%s) AS state FROM %s GROUP BY part) p', s.aggtranstype::regtype, s.aggfnoid::oid, e.arguments, e.source)) $$,
    'states come back from text as they went');
SELECT is_empty($$ SELECT routine FROM state WHERE typtype <> 'p' AND routine NOT IN (SELECT routine FROM aggregate_example) $$, 'none is left out');

-- --- Settings of the session ---

-- Every function that can be called with values, with arguments that the fuzzer knows to be taken, and some that are not.
\ir fuzz/fuzz.sql
CREATE TEMPORARY TABLE call (n serial, routine regprocedure, is_own boolean, statement text);
CREATE SEQUENCE scatter.number;
-- A table of arguments, so that nothing but the call itself is read under other settings; a plain function is called for each of its rows.
CREATE FUNCTION pg_temp.add_calls(r fuzz.routine, arguments text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    source CONSTANT text := 'scatter.rows_' || nextval('scatter.number');
    call CONSTANT text := format('SELECT %s(%s%s)%s AS x FROM %s', r.name, CASE WHEN r.is_variadic THEN 'VARIADIC ' ELSE '' END,
        fuzz.columns(cardinality(r.arguments), ''), CASE r.kind WHEN 'w' THEN ' OVER ()' ELSE '' END, source);
    is_own CONSTANT boolean := EXISTS (SELECT FROM fuzz.type t JOIN pg_proc p ON p.oid = r.routine WHERE t.type = p.prorettype);
BEGIN
    EXECUTE format('CREATE TABLE %s (n%s) AS SELECT * FROM %s', source, fuzz.columns(cardinality(r.arguments), ', '), arguments);
    EXECUTE format(CASE r.kind WHEN 'f'
        THEN $dml$ INSERT INTO pg_temp.call (routine, is_own, statement) SELECT %1$L, %2$L, format('%%s WHERE n OPERATOR(pg_catalog.=) %%s LIMIT 500', %3$L, n) FROM %4$s $dml$
        ELSE 'INSERT INTO pg_temp.call (routine, is_own, statement) VALUES (%1$L, %2$L, %3$L)' END, r.routine, is_own, call, source);
END
$$;
SELECT setseed(0.25);
SELECT pg_temp.add_calls(r, fuzz.argument_rows(r.arguments, r.words, hostility)) FROM unnest(ARRAY[0, 0, 0, 0, 0, 0, 0.1]) hostility, (
    SELECT * FROM fuzz.routine WHERE sort = 'plain' AND cardinality(arguments) > 0 AND NOT '{cstring,record}'::regtype[] && arguments ORDER BY name_number, overload) r \g /dev/null
SELECT pg_temp.add_calls(r, format('(SELECT n, %s FROM %s WHERE abs(n) %% 5 = 0) x', e.arguments, e.source)) FROM aggregate_example e JOIN fuzz.routine r ON r.routine = e.routine AND NOT 'record'::regtype = ANY (r.arguments) \g /dev/null
-- What chance seldom fits together.
SELECT pg_temp.add_calls(r, a.arguments) FROM (VALUES
    ('basket_pairs(baskets, integer, integer, double precision)', $$ (SELECT n, '{"1": ["tea", "pot"], "2": ["pot", "tea"], "3": ["cup"]}'::baskets, n, 100, 0.9::float8 FROM generate_series(1, 2) n) x $$),
    ('tier_progress(purchase_history, date, numeric[], text[], interval, interval, text, boolean)', $$ (SELECT n, history_agg(date '2025-01-01' + d * n, d * 50.5), date '2025-06-01', '{100,900}'::numeric[], '{silver,gold}'::text[],
        interval '1 year', n * interval '1 month', 'spend'::text, n = 2 FROM generate_series(1, 2) n, generate_series(1, 9) d GROUP BY n) x $$),
    ('experiment_effect(experiment, text, boolean, double precision, text, bigint)', $$ (SELECT n, experiment_agg((ARRAY['control', 'a'])[1 + i % 2], (i * i % 17)::bigint, (i % 5)::bigint), 'control'::text, n = 1, 0.9::float8, 'welch'::text, 5000::bigint
        FROM generate_series(1, 2) n, generate_series(1, 60) i GROUP BY n) x $$),
    ('experiment_effect(experiment[], text, boolean, double precision, text, bigint)', $$ (SELECT n, ARRAY[experiment_agg((ARRAY['control', 'a'])[1 + i % 2], (i * i % 17)::bigint, (i % 5)::bigint)], 'control'::text, n = 1, 0.9::float8, 'always_valid'::text, 500::bigint
        FROM generate_series(1, 2) n, generate_series(1, 60) i GROUP BY n) x $$),
    ('_clientele.gini_of_all(bytea)', $$ (SELECT n, _clientele.gini_values(n * d + 0.5) FROM generate_series(1, 2) n, generate_series(1, 9) d GROUP BY n) x $$),
    ('_clientele.changed_buckets(bytea, bytea)', $$ (SELECT n, _clientele.row_digests(_clientele.row_digest(ROW(d))), _clientele.row_digests(_clientele.row_digest(ROW(n * d))) FROM generate_series(1, 3) n, generate_series(1, 9) d GROUP BY n) x $$),
    ('_clientele.tier_rules(numeric[], interval, interval, text, boolean)', $$ (SELECT n, '{100,900}'::numeric[], interval '1 year', interval '0 days', 'spend'::text, n = 2 FROM generate_series(1, 2) n) x $$),
    ('_clientele.tier_cost(purchase_history, bytea, numeric[], date, date)', $$ (SELECT n, history_agg(date '2025-01-01' + d * n, d * 50.5), _clientele.tier_rules('{100,900}'::numeric[], interval '1 year', interval '0 days', 'spend'::text, false),
        '{0.1,0.2}'::numeric[], date '2025-01-01', date '2025-06-01' FROM generate_series(1, 2) n, generate_series(1, 9) d GROUP BY n) x $$),
    ('rating_distribution(integer, integer, bigint[])', $$ (SELECT n, 1, 2 + n, array_fill(n::bigint, ARRAY[2 + n]) FROM generate_series(1, 2) n) x $$),
    ('stage_changes(purchase_history, text, date, date, interval, interval, interval, integer, text)', $$ (SELECT n, history_agg(date '2024-01-01' + d * n * 20, 5), 'month'::text, date '2024-01-01', date '2025-06-01',
        interval '1 month', interval '3 months', interval '6 months', 3, 'days'::text FROM generate_series(1, 2) n, generate_series(1, 9) d GROUP BY n) x $$)) a(routine, arguments)
JOIN fuzz.routine r ON r.routine = a.routine::regprocedure \g /dev/null
SELECT cmp_ok(count(*), '>', 2500::bigint, 'there are calls') FROM call;
-- Each call is a subtransaction, which goes through all that its transaction has made so far. The database is dropped in the end.
COMMIT AND CHAIN;
SET LOCAL TimeZone = 'UTC';

-- The result as bytes, and as text where the extension itself writes it; a failure by its SQLSTATE.
CREATE TEMPORARY TABLE result (n integer, kind text, value text);
CREATE FUNCTION pg_temp.run_calls(kind text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    call record;
    value text;
BEGIN
    FOR call IN SELECT c.n, c.is_own, c.statement FROM pg_temp.call c LOOP
        BEGIN
            value := pg_temp.value_of(call.statement);
            IF call.is_own THEN
                EXECUTE pg_catalog.concat('SELECT pg_catalog.concat(', pg_catalog.quote_nullable(value), ', '' as '', pg_catalog.string_agg(x::pg_catalog.text, '' '')) FROM (', call.statement, ') y') INTO value;
            END IF;
        EXCEPTION WHEN OTHERS THEN
            value := SQLSTATE;
        END;
        INSERT INTO pg_temp.result VALUES (call.n, kind, value);
    END LOOP;
END
$$;
SELECT pg_temp.run_calls('plain') \g /dev/null
SELECT cmp_ok(count(*) FILTER (WHERE length(value) > 5), '>', 2000::bigint, 'most have a result') FROM result;
SELECT cmp_ok(count(*) FILTER (WHERE NOT has_result) / count(*)::numeric, '<', 0.05, '... of nearly every function') FROM (SELECT bool_or(length(value) > 5) AS has_result FROM result JOIN call USING (n)
    WHERE obj_description(routine, 'pg_proc') NOT LIKE 'Always an error%' GROUP BY routine) c;

-- Locales that differ are tried where the machine has some.
CREATE FUNCTION pg_temp.set_all(settings text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    entry text[];
BEGIN
    FOREACH entry SLICE 1 IN ARRAY settings LOOP
        BEGIN
            PERFORM pg_catalog.set_config(entry[1], entry[2], true);
        EXCEPTION WHEN invalid_parameter_value THEN
            CONTINUE WHEN entry[1] LIKE 'lc%';
            RAISE;
        END;
    END LOOP;
END
$$;
\ir include/old_strings.sql
SAVEPOINT settings;
SELECT pg_temp.set_all(ARRAY[['DateStyle', 'SQL, DMY'], ['TimeZone', 'America/Los_Angeles'], ['IntervalStyle', 'sql_standard'], ['extra_float_digits', '-15'],
    ['bytea_output', 'escape'], ['lc_numeric', 'de_DE.UTF-8'], ['lc_monetary', 'de_DE.UTF-8'], ['lc_time', 'de_DE.UTF-8'], ['lc_messages', 'de_DE.UTF-8'],
    ['array_nulls', 'off'], ['standard_conforming_strings', :'old_strings'], ['quote_all_identifiers', 'on'], ['transform_null_equals', 'on'], ['default_text_search_config', 'simple'],
    ['timezone_abbreviations', 'Australia'], ['search_path', '']]) \g /dev/null
SELECT pg_temp.run_calls('other') \g /dev/null
\o /dev/null
SELECT pg_catalog.set_config('search_path', 'public, tap, pg_temp', true), pg_catalog.set_config('TimeZone', 'UTC', true);
\o
SELECT is_empty($$ SELECT c.routine, p.value, o.value, c.statement FROM result p JOIN result o ON o.n = p.n AND o.kind = 'other' JOIN call c ON c.n = p.n
    WHERE p.kind = 'plain' AND p.value IS DISTINCT FROM o.value $$, 'no result depends on how the session writes numbers, dates, intervals and bytes, on its zone or its search_path');
ROLLBACK TO settings;
SELECT pg_temp.set_all(ARRAY[['DateStyle', 'German, MDY'], ['TimeZone', 'Pacific/Kiritimati'], ['IntervalStyle', 'postgres_verbose'], ['extra_float_digits', '3'],
    ['work_mem', '64kB'], ['hash_mem_multiplier', '1'], ['enable_hashagg', 'off'], ['enable_sort', 'off'], ['jit', 'off'], ['search_path', 'pg_temp, scatter, pg_catalog']]) \g /dev/null
SELECT pg_temp.run_calls('other') \g /dev/null
\o /dev/null
SELECT pg_catalog.set_config('search_path', 'public, tap, pg_temp', true), pg_catalog.set_config('TimeZone', 'UTC', true);
\o
SELECT is_empty($$ SELECT c.routine, p.value, o.value, c.statement FROM result p JOIN result o ON o.n = p.n AND o.kind = 'other' JOIN call c ON c.n = p.n
    WHERE p.kind = 'plain' AND p.value IS DISTINCT FROM o.value $$, '... nor under other settings, with little memory');

SELECT * FROM finish();
ROLLBACK;
