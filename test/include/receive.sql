-- Reads one value in binary form, as a driver would send it.
CREATE FUNCTION pg_temp.receive(type regtype, bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message bytea := '\x5047434f50590aff0d0a00' || int4send(0) || int4send(0)
        || int2send(1::smallint) || int4send(length(bytes)) || bytes || int2send((-1)::smallint);
    octal text;
    value text;
BEGIN
    SELECT string_agg(format('\%s%s%s', b / 64, b / 8 % 8, b % 8), '' ORDER BY i) INTO octal
    FROM (SELECT i, get_byte(message, i) AS b FROM generate_series(0, length(message) - 1) AS i) AS s;
    EXECUTE format('CREATE TEMPORARY TABLE received (value %s)', type);
    EXECUTE format('COPY received FROM PROGRAM %L WITH (FORMAT binary)', format('printf ''%s''', octal));
    EXECUTE 'SELECT value::text FROM received' INTO value;
    DROP TABLE received;
    RETURN value;
END
$$;
