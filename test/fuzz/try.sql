-- Trying one statement.

-- What the statement gives, and its SQLSTATE. It is undone where it may have written something.
CREATE FUNCTION fuzz.run(statement text, undo boolean, OUT result text, OUT state text, OUT message text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement INTO result;
    state := '00000';
    IF undo THEN
        RAISE SQLSTATE 'FZ000';
    END IF;
EXCEPTION
    WHEN SQLSTATE 'FZ000' THEN NULL;
    WHEN OTHERS THEN
        state := SQLSTATE;
        message := SQLERRM;
END
$$;

CREATE FUNCTION fuzz.problem(result text, state text, message text, allowed text[], seconds numeric) RETURNS text LANGUAGE sql AS $$
    SELECT CASE
        WHEN seconds > 1 THEN format('takes %s s', round(seconds, 1))
        WHEN state <> '00000' AND state <> ALL (allowed)
            THEN format('%s is not documented: %s', state, message)
        WHEN state = '00000' AND regexp_replace(result, '"([^"\\]|\\.)*"', '', 'g') ~* '\m(nan|infinity)\M' /* names may say so */ THEN 'NaN or infinity: ' || left(result, 200)
        WHEN result LIKE 'wrong: %' THEN result END
$$;

-- What a statement takes once more: where much else runs, one time says little.
CREATE FUNCTION fuzz.seconds(statement text, undo boolean) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    started timestamptz := clock_timestamp();
BEGIN
    PERFORM fuzz.run(statement, undo);
    RETURN extract(epoch FROM clock_timestamp() - started);
END
$$;

-- Tries a statement that may fail with these SQLSTATEs only; gives its result. To find one that takes the server down,
-- SET fuzz.announce = 'on': then each is told before it is run.
CREATE FUNCTION fuzz.try(kind text, subject text, statement text, allowed text[], undo boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    started timestamptz := clock_timestamp();
    batch integer := current_setting('fuzz.batch');
    outcome record;
    seconds numeric;
    problem text;
BEGIN
    IF current_setting('fuzz.announce', true) = 'on' THEN
        RAISE NOTICE 'next: %', statement;
    END IF;
    SELECT * INTO outcome FROM fuzz.run(statement, undo);
    seconds := extract(epoch FROM clock_timestamp() - started);
    IF seconds > 1 THEN
        seconds := least(seconds, fuzz.seconds(statement, undo));
    END IF;
    problem := fuzz.problem(outcome.result, outcome.state, outcome.message, allowed, seconds);
    INSERT INTO fuzz.outcome VALUES (batch, kind, subject, outcome.state);
    IF problem IS NOT NULL THEN
        INSERT INTO fuzz.failure VALUES (batch, subject, problem, statement);
    END IF;
    RETURN CASE WHEN outcome.state = '00000' THEN outcome.result END;
END
$$;
