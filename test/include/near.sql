-- Whether two numbers agree but for their last digits.
CREATE FUNCTION pg_temp.near(a float8, b float8, tolerance float8 DEFAULT 1e-9) RETURNS boolean
LANGUAGE sql AS $$
    SELECT abs(a - b) <= tolerance
$$;
