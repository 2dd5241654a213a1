-- Makes the fuzzer in a database with the extension: psql -f test/fuzz/fuzz.sql
\set ON_ERROR_STOP on
SET client_min_messages = warning;
\o /dev/null
\ir schema.sql
\ir mutate.sql
\ir pools.sql
\ir try.sql
\ir calls.sql
\ir types.sql
\ir states.sql
\ir batch.sql
\o
