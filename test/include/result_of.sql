-- The statement's result as one text. It runs by itself: a test function around it, or a loop over
-- its rows, would keep it serial.
CREATE FUNCTION pg_temp.result_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SELECT string_agg(r::text, '' '' ORDER BY r::text) FROM (%s) AS r', statement)
    INTO result;
    RETURN result;
END
$$;
