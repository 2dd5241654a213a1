-- The install script runs with a superuser's rights in a schema that whoever installs it may have filled: nothing in
-- that schema may be called by it. And what it makes must work from any search_path.
BEGIN;
SELECT no_plan();
DROP EXTENSION clientele CASCADE;
CREATE SCHEMA loyalty;

-- What fits the arguments better than the server's own is taken, wherever it stands in search_path.
CREATE FUNCTION pg_temp.trap(name text, arguments text[], type text = 'text') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE FUNCTION loyalty.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', name, array_to_string(arguments, ', '),
        type, format('BEGIN RAISE ''trapped by %s''; END', name));
END
$$;
CREATE FUNCTION pg_temp.trap_operator(operator text, operands text[], type text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.trap(operator, operands, type);
    EXECUTE format('CREATE OPERATOR loyalty.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = loyalty.%I)', operator, operands[1],
        operands[2], operator);
END
$$;
SELECT count(pg_temp.trap(name, array_fill('text'::text, ARRAY[arguments]))) AS traps
FROM unnest(ARRAY['format', 'concat', 'concat_ws', 'quote_ident', 'quote_literal', 'quote_nullable', 'replace', 'lower', 'upper',
        'left', 'right', 'length', 'split_part', 'array_to_string', 'string_to_array', 'string_agg', 'array_agg', 'unnest',
        'to_regtype', 'to_regclass', 'count', 'min', 'max']) AS name,
    generate_series(1, 8) AS arguments \gset
SELECT count(pg_temp.trap_operator('=', string_to_array(operands, ','), 'boolean')) AS traps
FROM unnest(ARRAY['oid,regtype', 'regtype,oid', 'regtype,regtype', 'oid,regclass', 'regclass,oid', 'oid,regproc',
    'oid,regprocedure', 'oid,text', 'name,name', 'name,text', 'text,name', 'name,varchar']) AS operands \gset
SELECT count(pg_temp.trap_operator('||', string_to_array(operands, ','), 'text')) AS traps
FROM unnest(ARRAY['text,integer', 'integer,text', 'text,bigint', 'text,name', 'name,text', 'name,name', 'text,regtype',
    'regtype,text', 'text,boolean', 'text,varchar']) AS operands \gset

SELECT lives_ok('CREATE EXTENSION clientele SCHEMA loyalty', 'the install script calls nothing of the schema it fills');

SET LOCAL search_path = tap;
SELECT is(loyalty.history_agg(day, amount)::text, '{2025-01-03:12.5,2025-02-01:-5/0/1}', 'functions work from elsewhere')
FROM (VALUES (date '2025-01-03', 12.5), ('2025-02-01', -5)) AS orders(day, amount);
SELECT ok((h OPERATOR(loyalty.+) h) OPERATOR(loyalty.=) loyalty.rollup(h), 'and so do operators')
FROM (VALUES (loyalty.purchase_history '{2025-01-03:12.5}'), ('{2025-01-03:12.5}')) AS histories(h) GROUP BY h;
SELECT is(loyalty.period_start(timestamptz '2025-01-31 23:30+00', 'month', 'Europe/Berlin'), '2025-02-01', 'and so do periods');
SELECT is((loyalty.wilson_interval(5, 10)).estimate, 0.5::float8, 'and so do shares');

SELECT * FROM finish();
ROLLBACK;
