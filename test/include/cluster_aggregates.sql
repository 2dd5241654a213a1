-- Every aggregate, over rows that are on other nodes where the variable distributed says so.
SET client_min_messages = error;
\ir aggregate_examples.sql
DELETE FROM example_rows WHERE customer IS NULL;
DELETE FROM example_values WHERE n IS NULL;
\if :distributed
SELECT create_distributed_table('example_rows', 'customer'), create_distributed_table('example_values', 'n') \g /dev/null
\endif
SELECT format('SELECT %L, (%s(%s))::text FROM %s', e.routine, e.routine::regproc, e.arguments, e.source) FROM aggregate_example e ORDER BY e.routine::text
\gexec
