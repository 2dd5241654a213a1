-- Calls of every public function, aggregate and window function with arguments from the pools.

-- A text argument gets one of the words in the routine's comment as often as something else.
CREATE FUNCTION fuzz.argument(type regtype, words text[], hostility float8) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF type = 'text'::regtype AND cardinality(words) > 0 AND random() < 0.5 THEN
        RETURN format('%L::text', fuzz.one_of(words));
    END IF;
    RETURN fuzz.expression(type, hostility);
END
$$;

CREATE FUNCTION fuzz.argument_list(r fuzz.routine, hostility float8) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    list text[] := '{}';
    type regtype;
BEGIN
    FOREACH type IN ARRAY r.arguments LOOP
        list := list || fuzz.argument(type, r.words, hostility);
    END LOOP;
    IF r.is_variadic THEN
        list[cardinality(list)] := 'VARIADIC ' || list[cardinality(list)];
    END IF;
    RETURN array_to_string(list, ', ');
END
$$;

-- A row per day of the whole calendar is two billion rows, which is what was asked for.
CREATE FUNCTION fuzz.nearer(list text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(regexp_replace(list, $re$'(5874897|294277)-$re$, '''2199-', 'g'), $re$'(4714|0001)-(\d\d-\d\d) BC'$re$, $re$'1900-\2'$re$, 'g')
$$;

-- One to seven rows of arguments; half of the columns, and most of the words, are the same in all of them, as cut-offs have to be.
CREATE FUNCTION fuzz.argument_rows(arguments regtype[], words text[], hostility float8) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rows text[] := '{}';
    cells text[];
    constants text[] := '{}';
    size integer := 1 + fuzz.below(7);
    i integer;
BEGIN
    FOR i IN 1..cardinality(arguments) LOOP
        constants := constants || CASE WHEN i > 1 AND random() < CASE WHEN arguments[i] IN ('text'::regtype, 'interval'::regtype) THEN 0.95 ELSE 0.6 END
            THEN fuzz.argument(arguments[i], words, hostility) END;
    END LOOP;
    WHILE cardinality(rows) < size LOOP
        cells := '{}';
        FOR i IN 1..cardinality(arguments) LOOP
            cells := cells || coalesce(constants[i], fuzz.argument(arguments[i], words, hostility));
        END LOOP;
        rows := rows || format('(%s, %s)', cardinality(rows), array_to_string(cells, ', '));
    END LOOP;
    RETURN format('(VALUES %s) AS v(n%s)', array_to_string(rows, ', '), fuzz.columns(cardinality(arguments), ', '));
END
$$;

CREATE FUNCTION fuzz.columns(number integer, before text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(before || string_agg('a' || i, ', ' ORDER BY i), '') FROM generate_series(1, number) AS i
$$;

CREATE FUNCTION fuzz.aggregate_call(r fuzz.routine, hostility float8) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rows text := fuzz.argument_rows(r.arguments, r.words, hostility);
    call text := format('%s(%s)', r.name, fuzz.columns(cardinality(r.arguments), ''));
BEGIN
    IF r.kind = 'a' AND random() < 0.6 THEN
        RETURN format('SELECT %s::text FROM %s', call, rows);
    END IF;
    RETURN format('SELECT string_agg(r::text, '' '') FROM (SELECT %s OVER (%s) AS r FROM %s) AS s', call,
        fuzz.one_of(ARRAY['', 'ORDER BY n', 'PARTITION BY n % 2', 'ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW',
            'ORDER BY n ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING', 'ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING']), rows);
END
$$;

CREATE FUNCTION fuzz.call(r fuzz.routine, hostility float8) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE
        WHEN r.kind <> 'f' THEN fuzz.aggregate_call(r, hostility)
        WHEN r.returns_set THEN format('SELECT string_agg(r::text, '' '') FROM (SELECT %s(%s) AS r LIMIT 1000) AS s',
            r.name, fuzz.nearer(fuzz.argument_list(r, hostility)))
        ELSE format('SELECT %s(%s)::text', r.name, fuzz.argument_list(r, hostility)) END;
END
$$;

CREATE INDEX ON fuzz.routine (name_number, overload);
CREATE TABLE fuzz.routine_name AS
SELECT row_number() OVER (PARTITION BY sort ORDER BY name_number) AS n, name_number, sort, count(*)::integer AS overloads
FROM fuzz.routine GROUP BY name_number, sort;

-- What writes (it attaches tables) takes a thousand times as long, so it has its turn less often; so have the functions that
-- aggregates are made of, most of which have nothing to say outside of one.
CREATE FUNCTION fuzz.some_routine() RETURNS fuzz.routine LANGUAGE plpgsql AS $$
DECLARE
    x float8 := random();
    wanted text := CASE WHEN x < 0.0003 THEN 'writing' WHEN x < 0.03 THEN 'support' ELSE 'plain' END;
    place integer := 1 + fuzz.below((SELECT count(*)::integer FROM fuzz.routine_name o WHERE o.sort = wanted));
    one fuzz.routine_name;
    choice integer;
    chosen fuzz.routine;
BEGIN
    SELECT * INTO one FROM fuzz.routine_name o WHERE o.n = place AND o.sort = wanted;
    choice := fuzz.below(one.overloads);
    SELECT * INTO chosen FROM fuzz.routine r WHERE r.name_number = one.name_number AND r.sort = wanted ORDER BY r.overload OFFSET choice LIMIT 1;
    RETURN chosen;
END
$$;

CREATE FUNCTION fuzz.call_case() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r fuzz.routine := fuzz.some_routine();
    hostility float8 := (ARRAY[0, 0.1, 0.25, 0.6])[1 + fuzz.below(4)];
    allowed text[] := r.states || CASE WHEN 'cstring'::regtype = ANY (r.arguments) THEN ARRAY['22P02'] ELSE '{}' END;
BEGIN
    PERFORM fuzz.try('call', r.routine::text, fuzz.call(r, hostility), allowed, r.sort = 'writing');
END
$$;
