-- The install script runs with a superuser's rights in a schema that whoever installs it may have filled: nothing in
-- that schema may be called by it. And what it makes must work from any search_path.
BEGIN;
SELECT no_plan();
DROP EXTENSION clientele CASCADE;

CREATE SCHEMA loyalty;
DO $$
DECLARE
    trap text;
    arguments integer;
    operands text[];
BEGIN
    FOREACH trap IN ARRAY ARRAY['format', 'concat', 'concat_ws', 'quote_ident', 'quote_literal', 'quote_nullable', 'replace',
        'lower', 'upper', 'left', 'right',
        'length', 'split_part', 'array_to_string', 'string_to_array', 'string_agg', 'array_agg', 'unnest', 'to_regtype',
        'to_regclass', 'count', 'min', 'max'] LOOP
        FOR arguments IN 1..8 LOOP
            EXECUTE format('CREATE FUNCTION loyalty.%I(%s) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RAISE ''trapped by %s''; END $f$',
                trap, concat_ws(', ', VARIADIC array_fill('text'::text, ARRAY[arguments])), trap);
        END LOOP;
    END LOOP;
    FOREACH operands SLICE 1 IN ARRAY ARRAY[['oid', 'regtype'], ['regtype', 'oid'], ['regtype', 'regtype'], ['oid',
        'regclass'], ['regclass', 'oid'],
        ['oid', 'regproc'], ['oid', 'regprocedure'], ['name', 'name'], ['name', 'text'], ['text', 'name'], ['oid',
            'text'], ['name', 'varchar']] LOOP
        EXECUTE format('CREATE FUNCTION loyalty.trapped(%s, %s) RETURNS boolean LANGUAGE plpgsql AS $f$ BEGIN RAISE ''trapped by =''; END $f$', operands[1], operands[2]);
        EXECUTE format('CREATE OPERATOR loyalty.= (LEFTARG = %s, RIGHTARG = %s, FUNCTION = loyalty.trapped)', operands[1], operands[2]);
    END LOOP;
    FOREACH operands SLICE 1 IN ARRAY ARRAY[['text', 'integer'], ['integer', 'text'], ['text', 'bigint'], ['text',
        'name'], ['name', 'text'],
        ['text', 'regtype'], ['regtype', 'text'], ['text', 'boolean'], ['text', 'varchar'], ['name', 'name']] LOOP
        EXECUTE format('CREATE FUNCTION loyalty.joined(%s, %s) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RAISE ''trapped by ||''; END $f$', operands[1], operands[2]);
        EXECUTE format('CREATE OPERATOR loyalty.|| (LEFTARG = %s, RIGHTARG = %s, FUNCTION = loyalty.joined)', operands[1], operands[2]);
    END LOOP;
END
$$;
SELECT lives_ok('CREATE EXTENSION clientele SCHEMA loyalty', 'the install script calls nothing from the schema it installs into');

SET LOCAL search_path = tap;
SELECT is(h::text, '{2025-01-03:12.5,2025-02-01:-5/0/1}', 'the functions work from another search_path')
FROM (SELECT loyalty.history_agg(at, amount) AS h FROM (VALUES (date '2025-01-03', 12.5),
    ('2025-02-01', -5)) AS orders(at, amount)) AS a;
SELECT ok((h OPERATOR(loyalty.+) h) OPERATOR(loyalty.=) loyalty.rollup(h), 'and so do the operators')
FROM (SELECT loyalty.history_agg(timestamptz '2025-01-03 23:30+00', 12.5,
    'Europe/Berlin') AS h) AS a, pg_catalog.generate_series(1, 2) GROUP BY h;
SELECT is(loyalty.period_start(timestamptz '2025-01-31 23:30+00', 'month',
    'Europe/Berlin'), '2025-02-01'::date, 'and so do the periods');
SELECT is((loyalty.wilson_interval(5, 10)).estimate, 0.5::float8, 'and so do the shares');

SELECT * FROM finish();
ROLLBACK;
