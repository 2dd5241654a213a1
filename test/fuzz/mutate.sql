-- Mutations of text and of bytes: deleted, repeated and replaced parts, extremes in place of numbers.

CREATE FUNCTION fuzz.below(bound integer) RETURNS integer LANGUAGE sql VOLATILE AS $$
    SELECT floor(random() * bound)::integer
$$;

CREATE FUNCTION fuzz.one_of(choices text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN choices[1 + fuzz.below(cardinality(choices))];
END
$$;

CREATE FUNCTION fuzz.token() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN fuzz.one_of(ARRAY['0', '-0', '-1', '1', '00', '9', '1000', '2147483647', '2147483648', '-2147483648', '4294967296',
        '9223372036854775807', '9223372036854775808', '-9223372036854775808', '922337203685477.5807', '-922337203685477.5808',
        '0.00004', '99999999999999999999999999999999999999999', '1e5', '0x1', 'NaN', 'infinity', '-infinity', 'null', '.', '..', ',', ';', ':', '/', '-',
        '+', '(', ')', '{', '}', '[', ']', ' ', E'\t', E'\n', '"', '''', '\', E'\x01', U&'\FF11', U&'\00A0', U&'\+01F600', 'month', 'year', 'week',
        '2025-02-29', '2024-02-29', '0001-01-01 BC', '4714-11-24 BC', '5874897-12-31', '5874898-01-01', 'day']);
END
$$;

-- A place in a text or in bytes of this length, and how much of what follows.
CREATE FUNCTION fuzz.span(length integer, OUT at integer, OUT size integer) LANGUAGE plpgsql AS $$
BEGIN
    at := 1 + fuzz.below(length + 1);
    size := least(fuzz.below(CASE WHEN random() < 0.7 THEN 4 ELSE 40 END), length + 1 - at);
END
$$;

CREATE FUNCTION fuzz.edit(what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    place record := fuzz.span(length(what));
    part text := substr(what, place.at, place.size);
    action integer := fuzz.below(20);
BEGIN
    RETURN CASE
        WHEN action < 3 THEN overlay(what PLACING '' FROM place.at FOR place.size)
        WHEN action < 6 THEN overlay(what PLACING part || part FROM place.at FOR place.size)
        WHEN action < 9 THEN overlay(what PLACING fuzz.token() FROM place.at FOR 0)
        WHEN action < 12 THEN overlay(what PLACING fuzz.token() FROM place.at FOR place.size)
        WHEN action < 18 THEN regexp_replace(what, '\d+', replace(fuzz.token(), '\', '\\'), 1, 1 + fuzz.below(8))
        WHEN action < 19 THEN left(what, place.at - 1)
        WHEN random() < 0.1 THEN overlay(what PLACING repeat(part, 500) FROM place.at FOR place.size)
        ELSE fuzz.token() END;
END
$$;

CREATE FUNCTION fuzz.mutated(what text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 0..fuzz.below(3) LOOP
        what := fuzz.edit(what);
    END LOOP;
    RETURN what;
END
$$;

CREATE FUNCTION fuzz.random_bytes(size integer) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    bytes bytea := '';
BEGIN
    WHILE length(bytes) < size LOOP
        bytes := bytes || int4send((random() * 4294967295 - 2147483648)::integer);
    END LOOP;
    RETURN substr(bytes, 1, size);
END
$$;

CREATE FUNCTION fuzz.token_bytes() RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    numbers bigint[] := ARRAY[0, 1, -1, 2, 255, 256, 65535, 2147483647, -2147483648, 2147483648, 9223372036854775807,
        -9223372036854775808, 4611686018427387904, 1000, 1001, 536870912];
    number bigint := numbers[1 + fuzz.below(cardinality(numbers))];
    bytes bytea := int8send(number);
    size integer := 2 ^ fuzz.below(4);
BEGIN
    bytes := substr(bytes, 9 - size);
    IF random() < 0.5 THEN -- the other byte order: that of a state
        bytes := (SELECT string_agg(substr(bytes, i, 1), '' ORDER BY i DESC) FROM generate_series(1, size) AS i);
    END IF;
    RETURN bytes;
END
$$;

CREATE FUNCTION fuzz.edit_bytes(what bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    place record := fuzz.span(length(what));
    part bytea := substr(what, place.at, place.size);
    action integer := fuzz.below(20);
    token bytea := fuzz.token_bytes();
BEGIN
    IF action < 6 AND length(what) > 0 THEN
        RETURN set_byte(what, fuzz.below(length(what)), fuzz.below(256));
    END IF;
    RETURN CASE
        WHEN action < 8 THEN overlay(what PLACING '' FROM place.at FOR place.size)
        WHEN action < 9 THEN overlay(what PLACING part || part FROM place.at FOR place.size)
        WHEN action < 10 THEN substr(what, 1, place.at - 1)
        WHEN action < 11 THEN what || fuzz.random_bytes(1 + fuzz.below(30))
        WHEN action < 12 THEN substr(what, 1, 1) || fuzz.random_bytes(fuzz.below(60))
        WHEN random() < 0.02 THEN overlay(what PLACING (SELECT string_agg(part, '') FROM generate_series(1, 500)) FROM place.at FOR place.size)
        -- mostly where a number may stand, after a byte for the version or without one
        WHEN random() < 0.5 THEN overlay(what PLACING token FROM 1 + (place.at - 1) / 4 * 4 + fuzz.below(2) FOR length(token))
        ELSE overlay(what PLACING token FROM place.at FOR length(token)) END;
END
$$;

CREATE FUNCTION fuzz.mutated(what bytea) RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 0..fuzz.below(3) LOOP
        what := fuzz.edit_bytes(what);
    END LOOP;
    RETURN what;
END
$$;
