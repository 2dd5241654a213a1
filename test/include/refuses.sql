-- ok where the statement fails with this SQLSTATE, a message that contains in_message, and a hint like hint.
CREATE FUNCTION pg_temp.refuses(statement text, state text, in_message text, hint text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    got text;
    as_said boolean;
BEGIN
    EXECUTE statement;
    RETURN fail(statement || ' is refused');
EXCEPTION WHEN others THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, got = PG_EXCEPTION_HINT;
    as_said := sqlstate = state AND strpos(message, in_message) > 0 AND got LIKE hint;
    RETURN concat_ws(E'\n', ok(as_said, left(statement, 150) || ' is refused'),
        CASE WHEN NOT as_said THEN diag(format('got %s: %s / %s', sqlstate, message, got)) END);
END
$$;
