-- The result of a query as text after a statement, which is undone again; how it failed, if it did.
CREATE FUNCTION pg_temp.under(statement text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    BEGIN
        EXECUTE statement;
        EXECUTE query INTO result;
        RAISE SQLSTATE 'UNDER';
    EXCEPTION
        WHEN SQLSTATE 'UNDER' THEN RETURN result;
        WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
    END;
END
$$;
