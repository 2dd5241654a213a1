-- Exact money at four decimals, against numeric arithmetic.
BEGIN;
SELECT no_plan();
SELECT setseed(0.5);
SET LOCAL extra_float_digits = 1; -- a float as text is its shortest decimal

\ir include/refuses.sql

-- Of a table (id, amount): each amount is kept as numeric rounds it, and is accepted where its limits say so.
-- exact is the amount as numeric, to the last decimal.
CREATE FUNCTION pg_temp.kept(amounts regclass, exact text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT is_empty(format($sql$
        SELECT left(rounded::text, 60), h
        FROM (SELECT round(%2$s, 4) AS rounded, history_agg(date '2025-01-01', amount) AS h
            FROM %1$s WHERE valid_amount(amount) GROUP BY id, amount) AS kept
        WHERE revenue(h) IS DISTINCT FROM rounded OR scale(revenue(h)) <> greatest(2, min_scale(rounded))
            OR order_count(h) IS DISTINCT FROM (rounded >= 0)::integer
            OR return_count(h) IS DISTINCT FROM (rounded < 0)::integer
    $sql$, amounts, exact), amounts || ': each amount is kept');
    RETURN NEXT is_empty(format($sql$
        SELECT left(amount::text, 60), valid_amount(amount) FROM %1$s
        WHERE valid_amount(amount) <> CASE WHEN amount::text IN ('NaN', 'Infinity', '-Infinity') THEN false
            ELSE abs(round(%2$s, 4)) <= 922337203685477.5807 END
    $sql$, amounts, exact), amounts || ': valid_amount() knows the limits');
    RETURN NEXT is_empty(format($sql$
        SELECT pg_temp.accepted(%1$L, id) FROM (SELECT id FROM %1$s WHERE NOT valid_amount(amount) LIMIT 300) AS bad
    $sql$, amounts), amounts || ': history_agg() accepts no other');
END
$$;
CREATE FUNCTION pg_temp.accepted(amounts text, id integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    history text;
BEGIN
    EXECUTE format('SELECT history_agg(date %L, amount) FROM %s WHERE id = %s', '2025-01-01', amounts, id) INTO history;
    RETURN NEXT history;
EXCEPTION WHEN numeric_value_out_of_range THEN
    RETURN;
END
$$;

-- numeric

-- The odd first column lets the short values behind it begin at odd addresses.
CREATE TEMP TABLE numerics (odd "char" DEFAULT 'x', amount numeric, id serial);
ALTER TABLE numerics ALTER amount SET STORAGE EXTERNAL;
INSERT INTO numerics (amount)
SELECT round(((random() - 0.5) * 10::float8 ^ (random() * 15))::numeric + random()::numeric, (random() * 20)::integer)
FROM generate_series(1, 60000);
INSERT INTO numerics (amount) -- halves of the last decimal, and just below
SELECT CASE WHEN random() < 0.5 THEN -1 ELSE 1 END * ((random() * 1e6)::bigint / 10000.0 + nearly)
FROM generate_series(1, 5000), unnest(ARRAY[0.00005, 0.000049999999999999, 0.0000499999, 0.00005000000000001, 0.00004]) AS nearly;
INSERT INTO numerics (amount) -- whole digits of the base 10000 missing, before and behind the point
SELECT (random() * 9)::integer * ('1e' || power)::numeric + ('1e' || (random() * 15)::integer - 8)::numeric
FROM generate_series(1, 1000), generate_series(-8, 12) AS power;
INSERT INTO numerics (amount) -- four header bytes: by scale, by weight
SELECT round(((random() - 0.5) * 10::float8 ^ (random() * 14))::numeric, 64 + (random() * 300)::integer)
FROM generate_series(1, 5000);
INSERT INTO numerics (amount)
SELECT sign * ('1e' || power)::numeric
FROM unnest(ARRAY[-1, 1]) AS sign, unnest(ARRAY[-1000, -300, -260, -257, -256, -100, 100, 255, 256, 257, 1000]) AS power;
INSERT INTO numerics (amount) -- thousands of decimals, moved out of line
SELECT ((random() * 1e6)::integer || '.' || string_agg(to_char((random() * 99999)::integer, 'FM00000'), ''))::numeric
FROM generate_series(1, 50) AS n, generate_series(1, 1000) AS digits GROUP BY n;
INSERT INTO numerics (amount) VALUES
    (0), (0.0000), (-0.0), (0::numeric(200, 100)), (1.5::numeric(200, 100)), (-1.5::numeric(200, 100)),
    (0.00005), (-0.00005), (0.00004999), (-0.00004999), (9999.99995), (99999999.99995), (0.99995), (-0.99995),
    (922337203685477.5807), (-922337203685477.5807), (922337203685477.58074999), (-922337203685477.58074999),
    (922337203685477.58075), (-922337203685477.58075), (922337203685477.5808), (-922337203685477.5808),
    (922337203685478), (1e15), (-1e15), (1e18), (1e19), (1e100), (1.8446744073709551616e15),
    (('1' || repeat('0', 130000))::numeric),
    ('NaN'), ('Infinity'), ('-Infinity');
SELECT cmp_ok((SELECT count(*) FROM numerics), '>', 100000::bigint, 'over 100,000 amounts');
SELECT cmp_ok((SELECT max(pg_column_size(amount)) FROM numerics WHERE valid_amount(amount)), '>', 2000, 'some of them out of line');
SELECT pg_temp.kept('numerics', 'amount');
SELECT is(revenue(history_agg(date '2025-01-01' + id % 1000, amount)), sum(round(amount, 4)), 'numeric: the total')
FROM numerics WHERE valid_amount(amount);
SELECT is_empty($$
    SELECT id FROM numerics WHERE valid_amount(amount) IS DISTINCT FROM valid_amount(amount + 0)
$$, 'numeric: a value in a table is judged like a computed one');

-- double precision

CREATE TEMP TABLE doubles (odd "char" DEFAULT 'x', amount double precision, id serial);
INSERT INTO doubles (amount) -- any mantissa, any exponent
SELECT sign(random() - 0.5) * floor(random() * 2::float8 ^ 53) * 2::float8 ^ (floor(random() * 2045) - 1074)
FROM generate_series(1, 20000);
INSERT INTO doubles (amount) -- any mantissa, at money's size
SELECT sign(random() - 0.5) * floor(random() * 2::float8 ^ 53) * 2::float8 ^ (-60 + floor(random() * 56))
FROM generate_series(1, 40000);
INSERT INTO doubles (amount) -- halves of the last decimal, written as decimals
SELECT (CASE WHEN random() < 0.5 THEN '-' ELSE '' END || (random() * 10::float8 ^ (random() * 12))::bigint || '.'
    || to_char((random() * 9999)::integer, 'FM0000') || '5')::float8 FROM generate_series(1, 40000);
INSERT INTO doubles (amount) -- prices
SELECT round((random() * 10::float8 ^ (random() * 8))::numeric, 2)::float8 FROM generate_series(1, 20000);
INSERT INTO doubles (amount) -- around the border between the two ways of rounding
SELECT ((99999000 + (random() * 2000)::integer) || '.' || to_char((random() * 999999)::integer, 'FM000000'))::float8
FROM generate_series(1, 5000);
INSERT INTO doubles (amount) VALUES
    (0), ('-0'), (0.00015), (0.00025), (1e-5), (5e-5), (-5e-5), (123456789.12345), (99999999.99995), (100000000.00005),
    (9e14), (-9e14), (5e-324), (1.7976931348623157e308), (2.675), (1.005), (0.1 + 0.2::float8),
    (922337203685477.5), (-922337203685477.5), (922337203685477.6), (-922337203685477.6), (922337203685478), (1e15), (1e300),
    ('NaN'), ('Infinity'), ('-Infinity');
SELECT pg_temp.kept('doubles', 'amount::text::numeric');
SELECT is(revenue(history_agg(date '2025-01-01' + id % 1000, amount)), sum(round(amount::text::numeric, 4)),
    'double precision: the total')
FROM doubles WHERE valid_amount(amount);

-- real

CREATE TEMP TABLE reals (odd "char" DEFAULT 'x', amount real, id serial);
INSERT INTO reals (amount)
SELECT (sign(random() - 0.5) * floor(random() * 2::float8 ^ 24) * 2::float8 ^ (floor(random() * 253) - 149))::real
FROM generate_series(1, 20000);
INSERT INTO reals (amount)
SELECT (sign(random() - 0.5) * floor(random() * 2::float8 ^ 24) * 2::float8 ^ (-30 + floor(random() * 56)))::real
FROM generate_series(1, 40000);
INSERT INTO reals (amount)
SELECT ((random() * 10::float8 ^ (random() * 4))::bigint || '.' || to_char((random() * 9999)::integer, 'FM0000') || '5')::real
FROM generate_series(1, 40000);
INSERT INTO reals (amount) VALUES
    (0), ('-0'), (0.1), (0.00015), (0.00005), (-0.00005), (16777216), (9.2e14), (9.3e14), (-9.3e14), (1e-45), (3.4e38),
    ('NaN'), ('Infinity'), ('-Infinity');
SELECT pg_temp.kept('reals', 'amount::text::numeric');

-- integers

CREATE TEMP TABLE bigints (odd "char" DEFAULT 'x', amount bigint, id serial);
INSERT INTO bigints (amount) SELECT sign(random() - 0.5) * (10::float8 ^ (random() * 18.9))::bigint FROM generate_series(1, 50000);
INSERT INTO bigints (amount) VALUES (0), (-1), (922337203685477), (-922337203685477), (922337203685478), (-922337203685478),
    (9223372036854775807), (-9223372036854775808);
SELECT pg_temp.kept('bigints', 'amount::numeric');

CREATE TEMP TABLE integers (amount integer, id serial);
INSERT INTO integers (amount) SELECT sign(random() - 0.5) * (random() * 2147483647)::integer FROM generate_series(1, 10000);
INSERT INTO integers (amount) VALUES (0), (2147483647), (-2147483648);
SELECT pg_temp.kept('integers', 'amount::numeric');

CREATE TEMP TABLE smallints AS SELECT n::smallint AS amount, n AS id FROM generate_series(-32768, 32767) AS n;
SELECT pg_temp.kept('smallints', 'amount::numeric');
SELECT ok(valid_amount(smallint '1') AND valid_amount(integer '1'), 'valid_amount() takes the narrow integers');

SELECT is(valid_amount(NULL::numeric), NULL, 'valid_amount(NULL) is NULL');

-- errors show the amount and say what to do

SELECT pg_temp.refuses(format('SELECT history_agg(date ''2025-01-01'', %s)', amount), '22003', 'amount out of range: ' || shown,
    '%within +-922337203685477.5807%FILTER (WHERE valid_amount(...))%')
FROM (VALUES ('numeric ''NaN''', 'NaN'), ('numeric ''Infinity''', 'Infinity'), ('numeric ''-Infinity''', '-Infinity'),
    ('922337203685477.5808', '922337203685477.5808'), ('-922337203685477.58075', '-922337203685477.58075'),
    ('float8 ''NaN''', 'NaN'), ('float8 ''-Infinity''', '-Infinity'), ('float8 ''922337203685477.6''', '922337203685477.6'),
    ('real ''NaN''', 'NaN'), ('real ''Infinity''', 'Infinity'), ('real ''1e15''', '1e+15'),
    ('922337203685478', '922337203685478'), ('-9223372036854775808', '-9223372036854775808')) AS bad(amount, shown);

-- totals past 64 bits

SELECT is(revenue(history_agg(date '2025-01-01' + n % 7, sign * 922337203685477.5807)), sum(sign * 922337203685477.5807),
    'a total past 64 bits, ' || sign)
FROM generate_series(1, 1001) AS n, unnest(ARRAY[-1, 1]) AS sign GROUP BY sign;
SELECT is(revenue(history::purchase_history)::text, shown, 'a total past 64 bits has two decimals or as many as it needs')
FROM (VALUES
    ('{2025-01-01:922337203685477,2025-01-02:1}', '922337203685478.00'),
    ('{2025-01-01:1000000000000000.5}', '1000000000000000.50'),
    ('{2025-01-01:1000000000000000.123}', '1000000000000000.123'),
    ('{2025-01-01:1000000000000000.1234}', '1000000000000000.1234'),
    ('{2025-01-01:-1000000000000000/0/1}', '-1000000000000000.00'),
    ('{2025-01-01:922337203685477.5807}', '922337203685477.5807'),
    ('{2025-01-01:922337203685477.5807,2025-01-02:0.0001}', '922337203685477.5808'),
    ('{2025-01-01:-922337203685477.5807/0/1,2025-01-02:-0.0001/0/1}', '-922337203685477.5808'),
    ('{2025-01-01:-922337203685477.5808/0/1,2025-01-02:-0.0001/0/1}', '-922337203685477.5809')) AS t(history, shown);

-- one amount, as it is kept
SELECT results_eq($$ SELECT kept_amount(123456789012345.67::float8)::text, kept_amount(0.1234567::float8)::text, kept_amount(-0.00004::numeric)::text,
    kept_amount(1234567.9::real)::text, kept_amount(-7::bigint)::text, kept_amount(12.34565::numeric)::text $$,
    $$ VALUES ('123456789012345.67', '0.1235', '0.00', '1234567.90', '-7.00', '12.3457') $$, 'kept_amount');
SELECT throws_ok($$ SELECT kept_amount('NaN'::numeric) $$, '22003', NULL, 'kept_amount of NaN');

SELECT * FROM finish();
ROLLBACK;
