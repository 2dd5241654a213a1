-- States of aggregates that are kept as bytes: their functions may be called by anybody, with any bytes. Each of the three kinds
-- of function that read a state gets aggregates of its own, through which it can be given one.

-- A state that is given.
CREATE FUNCTION fuzz.second(bytea, bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT $2 $$;

CREATE FUNCTION fuzz.bare_name(function regproc) RETURNS text LANGUAGE sql STABLE AS $$ SELECT quote_ident(p.proname) FROM pg_catalog.pg_proc p WHERE p.oid = function $$;

CREATE TABLE fuzz.stateful AS
SELECT row_number() OVER (ORDER BY r.routine::text COLLATE "C") AS n, r.routine, r.arguments, r.words,
    a.aggtransfn, a.aggfinalfn::oid <> 0 AS has_final, a.aggfinalfn, a.aggcombinefn::oid <> 0 AS has_combine, a.aggcombinefn
FROM fuzz.routine r JOIN pg_aggregate a ON a.aggfnoid = r.routine::oid
WHERE a.aggtranstype = 'bytea'::regtype AND a.agginitval IS NULL AND NOT a.aggfinalextra;

DO $$
DECLARE
    s record;
BEGIN
    FOR s IN SELECT n, pg_catalog.array_to_string(arguments, ', ') AS arguments, aggtransfn FROM fuzz.stateful LOOP
        EXECUTE pg_catalog.format('CREATE AGGREGATE fuzz.state_%s(%s) (SFUNC = %s, STYPE = bytea)', s.n, s.arguments, s.aggtransfn);
    END LOOP;
    FOR s IN SELECT DISTINCT aggfinalfn FROM fuzz.stateful WHERE has_final LOOP
        EXECUTE pg_catalog.format('CREATE AGGREGATE fuzz.%s(bytea) (SFUNC = fuzz.second, STYPE = bytea, FINALFUNC = %s)', fuzz.bare_name(s.aggfinalfn), s.aggfinalfn);
    END LOOP;
    FOR s IN SELECT DISTINCT aggcombinefn FROM fuzz.stateful WHERE has_combine LOOP
        EXECUTE pg_catalog.format('CREATE AGGREGATE fuzz.%s(bytea) (SFUNC = %s, STYPE = bytea)', fuzz.bare_name(s.aggcombinefn), s.aggcombinefn);
    END LOOP;
END
$$;

CREATE FUNCTION fuzz.some_state(s fuzz.stateful) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    rows text := fuzz.argument_rows(s.arguments, s.words, 0.05);
    state text := (fuzz.run(format('SELECT fuzz.state_%s(%s)::text FROM %s', s.n, fuzz.columns(cardinality(s.arguments), ''), rows), false)).result;
BEGIN
    RETURN state::bytea;
END
$$;

-- Another row on top of a given state.
CREATE FUNCTION fuzz.transition_sql(s fuzz.stateful, state bytea) RETURNS text LANGUAGE sql AS $$
    SELECT format('CREATE AGGREGATE fuzz.broken(%s) (SFUNC = %s, STYPE = bytea, INITCOND = %L); SELECT fuzz.broken(%s)::text FROM %s',
        array_to_string(s.arguments, ', '), s.aggtransfn, state, fuzz.columns(cardinality(s.arguments), ''), fuzz.argument_rows(s.arguments, s.words, 0.05))
$$;

CREATE FUNCTION fuzz.try_support(support regproc, statement text, undo boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM fuzz.try('state', support::text, statement, (SELECT r.states FROM fuzz.routine r WHERE r.routine = support::oid), undo);
END
$$;

CREATE FUNCTION fuzz.state_case() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    s fuzz.stateful;
    place integer := 1 + fuzz.below((SELECT count(*)::integer FROM fuzz.stateful));
    state bytea;
    broken bytea;
BEGIN
    SELECT * INTO s FROM fuzz.stateful f WHERE f.n = place;
    state := fuzz.some_state(s);
    broken := fuzz.mutated(coalesce(state, '\x01000000'));
    IF random() < 0.1 THEN
        PERFORM fuzz.try_support(s.aggtransfn, fuzz.transition_sql(s, broken), true);
    ELSIF random() < 0.5 AND s.has_combine THEN
        PERFORM fuzz.try_support(s.aggcombinefn, format('SELECT fuzz.%s(s)::text FROM (VALUES (%L::bytea), (%L)) AS v(s)', fuzz.bare_name(s.aggcombinefn),
            CASE WHEN random() < 0.5 THEN state ELSE broken END, broken));
    ELSIF s.has_final THEN
        PERFORM fuzz.try_support(s.aggfinalfn, format('SELECT left(fuzz.%s(%L)::text, 0)', fuzz.bare_name(s.aggfinalfn), broken));
    END IF;
END
$$;
