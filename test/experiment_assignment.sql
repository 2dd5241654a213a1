-- experiment_position() and experiment_group(): vectors, all types of customers, plain SQL, shares, balance, bad input
BEGIN;
SELECT no_plan();
\ir include/refuses.sql

-- Published: the first eight bytes of sha256('spring:1') are 76458cd107213ddd
SELECT is(round(experiment_position(customer, experiment)::numeric, 6), want, format('%s:%s', experiment, customer))
FROM (VALUES ('spring', 1, 0.461999), ('spring', 2, 0.973792), ('spring', 42, 0.118340), ('autumn', 42, 0.699718)) v(experiment, customer, want);
SELECT is(experiment_position(1, 'spring'), (x'76458cd107213ddd' >> 11)::bigint / float8 '9007199254740992', 'to the last bit');

-- Anybody can compute it: 53 bits of 56
CREATE FUNCTION pg_temp.plain(name text) RETURNS float8 LANGUAGE sql AS $$
    SELECT (('x' || left(encode(sha256(convert_to(name, 'UTF8')), 'hex'), 14))::bit(56)::bigint >> 3)::float8 / 9007199254740992
$$;
SELECT is_empty($$ SELECT n FROM generate_series(1, 5000) n WHERE experiment_position(n, 'e' || n % 7) <> pg_temp.plain(format('e%s:%s', n % 7, n)) $$, 'as in plain SQL');
SELECT is(experiment_position(customer, 'Früh:jahr'), pg_temp.plain('Früh:jahr:' || customer), 'texts: ' || customer) FROM unnest(ARRAY['', 'a', 'Zoë', '💶', 'a:b', repeat('x', 5000)]) customer;
SELECT is_empty($$ SELECT n FROM generate_series(-300, 300) n WHERE experiment_position(n::smallint, 'types') <> experiment_position(n::text, 'types')
    OR experiment_position(n::integer, 'types') <> experiment_position(n::text, 'types') OR experiment_position(n::bigint, 'types') <> experiment_position(n::text, 'types')
    OR experiment_position(n::numeric, 'types') <> experiment_position(n::text, 'types') OR experiment_position(n * 1.000, 'types') <> experiment_position(n, 'types')
    OR experiment_group(n::smallint, 'types', '{0.3,0.7}') <> experiment_group(n * 1.0, 'types', '{0.3,0.7}') OR experiment_group(n::bigint, 'types', '{0.3,0.7}') <> experiment_group(n::text, 'types', '{0.3,0.7}') $$,
    'a number is the same customer in each of its types');
SELECT is(experiment_position('0A1B2C3D-0000-4000-8000-00000000000F'::uuid, 'u'), pg_temp.plain('u:0a1b2c3d-0000-4000-8000-00000000000f'), 'uuids');
SELECT is(experiment_position(9223372036854775807, 'u'), pg_temp.plain('u:9223372036854775807'), 'large numbers');
SELECT is(experiment_position(12.50, 'u'), pg_temp.plain('u:12.5'), 'numbers lose their trailing zeros');
SELECT ok(experiment_position(NULL::integer, 'u') IS NULL AND experiment_position(1, NULL) IS NULL AND experiment_group(1, 'u', NULL) IS NULL, 'NULL');

-- Groups
SELECT is_empty($$ SELECT n FROM generate_series(1, 2000) n, experiment_position(n, 'g') p
    WHERE experiment_group(n, 'g', '{0.2,0,0.5}') IS DISTINCT FROM CASE WHEN p < 0.2 THEN 1 WHEN p < 0.7 THEN 3 END $$, 'in the order of the shares, and beyond them nobody');
SELECT is_empty($$ SELECT n FROM generate_series(1, 2000) n WHERE experiment_group(n, 'g', '{0.1,0.2,0.7}') NOT IN (1, 2, 3) OR experiment_group(n, 'g', array_fill(0.1::float8, '{10}')) IS NULL
    OR experiment_group(n, 'g', '{1}') <> 1 OR experiment_group(n, 'g', '{0,1,0}') <> 2 OR experiment_group(n, 'g', '{0,0}') IS NOT NULL $$, 'everybody where they are 1 together, but for rounding');
SELECT is(experiment_group(1, 'spring', ARRAY[0.461999, 0.5]), 1, 'as far as its share goes: 0.46199874');
-- The shares come out, and one experiment tells nothing of another.
SELECT cmp_ok((SELECT count(*) FROM generate_series(1, 60) e, LATERAL (SELECT count(*) FILTER (WHERE g = 1) AS a, count(*) FILTER (WHERE g = 2) AS b, count(*) FILTER (WHERE g = 3) AS c
        FROM (SELECT experiment_group(n, 'balance ' || e, '{0.1,0.3,0.6}') AS g FROM generate_series(1, 1000) n) s) c,
        experiment_srm(ARRAY[a, b, c], '{0.1,0.3,0.6}') WHERE p_value < 0.05), '<=', 8::bigint, 'three of 60 experiments are unbalanced by chance');
SELECT cmp_ok(abs(corr(experiment_position(n, 'one'), experiment_position(n, 'two'))), '<', 0.03::float8, 'no correlation of two experiments') FROM generate_series(1, 10000) n;

SELECT pg_temp.refuses(format('SELECT experiment_group(1, %L, %L::float8[])', 'x', shares), '22023', 'invalid value for parameter "shares": ' || shares, 'Give %')
FROM unnest(ARRAY['{}', '{NULL}', '{0.5,-0.1}', '{NaN}', '{Infinity}', '{0.6,0.5}', '{{0.5},{0.5}}', '{0.5,NULL}']) shares;

SELECT * FROM finish();
ROLLBACK;
