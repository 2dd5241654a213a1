#!/usr/bin/env bash
# A workspace and stored values survive pg_dump and restore, in the plain and the custom format, and pg_restore in parallel
set -u
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
number=0
ok() { # ok NAME COMMAND...
  number=$((number + 1))
  if "${@:2}"; then echo "ok $number - $1"; else echo "not ok $number - $1"; fi
}
work=$(mktemp -d)
copies=()
clean_up() {
  local copy
  for copy in "${copies[@]}"; do psql -Xq -d postgres -c "DROP DATABASE IF EXISTS $copy WITH (FORCE)" 2>/dev/null; done
  rm -rf "$work"
}
trap clean_up EXIT

sql <<'SQL' >/dev/null
SET client_min_messages = warning;
CREATE SCHEMA "My Shop";
CREATE TABLE "My Shop"."Orders" ("Customer Id" integer, "created at" timestamptz, "select" numeric);
INSERT INTO "My Shop"."Orders" SELECT n % 7, timestamptz '2025-01-01 22:30+00' + n * interval '13 hours', n - 5 FROM generate_series(1, 200) n;
SELECT attach_orders('"My Shop"."Orders"', ordered_at => 'created at', amount => 'select', workspace => 'My "Loyal" Customers', time_zone => 'Europe/Berlin');
UPDATE "My ""Loyal"" Customers".settings SET as_of = '2025-04-01';
SELECT attach_orders('"My Shop"."Orders"', ordered_at => 'created at', amount => 'select', workspace => 'stored_figures', time_zone => 'Europe/Berlin', storage => 'materialized');
CREATE TABLE people AS SELECT n AS id, 'name ' || n AS name, n % 2 AS region, n / 2 AS referrer FROM generate_series(0, 5) n;
SELECT attach_customers('people', workspace => 'stored_figures', name => '{name}');
CREATE TABLE contacts AS SELECT n % 9 AS customer, timestamptz '2025-01-01 20:30+00' + n * interval '7 hours' AS happened_at, 'place ' || n % 4 AS touchpoint,
  'from ' || n % 3 AS source, CASE WHEN n % 5 = 0 THEN 'price' END AS reason FROM generate_series(1, 200) n;
CREATE TABLE costs AS SELECT date '2025-01-01' + n AS day, 'from ' || n % 3 AS source, n AS cost FROM generate_series(0, 90) n;
SELECT attach_touchpoints('contacts', workspace => w), attach_costs('costs', workspace => w) FROM unnest(ARRAY['stored_figures', 'My "Loyal" Customers']) w;
INSERT INTO stored_figures.funnel_stages VALUES ('sales', 1, 'place 1'), ('sales', 2, 'place 2'), ('sales', 3, 'PURCHASE');
CREATE TABLE answers AS SELECT nullif(n % 9, 8) AS customer, timestamp '2025-01-02 12:00' + n % 80 * interval '1 day' AS answered_at, n % 11 AS score, 'place ' || n % 3 AS touchpoint,
    (ARRAY['negative', 'idea', 'other', NULL])[1 + n % 4] AS kind, 'Wish ' || n % 5 AS wish, CASE WHEN n % 2 = 0 THEN date '2025-01-09' + n % 80 END AS replied_at FROM generate_series(1, 150) n;
SELECT attach_answers('answers', workspace => w, stored_in => 'Europe/Berlin') FROM unnest(ARRAY['stored_figures', 'My "Loyal" Customers']) w;
CREATE TABLE survey AS SELECT n % 9 AS respondent, (ARRAY['polite', 'recommend', 'colour'])[1 + n % 3] AS question, n % 4 AS answer, timestamptz '2025-01-02 10:00+00' + n * interval '1 day' AS answered_at
FROM generate_series(1, 60) n;
SELECT attach_survey('survey', workspace => 'stored_figures');
SELECT attach_survey('survey', workspace => 'My "Loyal" Customers');
SELECT start_campaign('O''Brien\"s', format('SELECT customer FROM %I.customers', w), strata => 'none', started => '2025-02-01', workspace => w) FROM unnest(ARRAY['stored_figures', 'My "Loyal" Customers']) w;
INSERT INTO stored_figures.touchpoint_ratings VALUES ('Ann', '2025-02-01', 'waiting', 'awful', 'long'), ('Ben', '2025-02-02', 'waiting', 'wow', NULL);
CREATE TEXT SEARCH CONFIGURATION "My Shop"."Words" (COPY = english);
UPDATE stored_figures.settings SET text_search = 'german';
INSERT INTO stored_figures.knowledge_base (question, answer, language, updated_on) VALUES ('Rösten Sie?', 'Ja.', NULL, '2025-01-01'), ('Do you deliver?', 'Yes.', '"My Shop"."Words"', '2025-01-01');
SELECT describe_for_metabase('stored_figures');
UPDATE stored_figures.settings SET as_of = '2025-03-20', period = 'month', language = 'ru';
UPDATE stored_figures.policies SET action = 'Мои слова' WHERE cell = 'AX';
SELECT refresh_workspace('stored_figures');
CREATE TABLE sales (customer integer, sold_at date, amount numeric, source text, year integer) PARTITION BY LIST (year);
CREATE TABLE sales_2025 PARTITION OF sales FOR VALUES IN (2025);
CREATE TABLE sales_other PARTITION OF sales DEFAULT;
INSERT INTO sales SELECT nullif(n % 9, 0), date '2024-10-01' + n, n - 5, 'from' || n % 4, CASE WHEN n > 91 THEN 2025 END FROM generate_series(1, 200) n;
SELECT attach_orders('sales', ordered_at => 'sold_at', workspace => 'kept_figures', storage => 'incremental');
UPDATE sales SET amount = amount + 1, source = 'elsewhere' WHERE customer = 3;
CREATE TABLE stored AS SELECT h.*, nps '(5,3,2)' AS nps, rating_distribution '[1..5](1,2,3,4,5)' AS ratings
FROM "My ""Loyal"" Customers".customer_history h;
CREATE INDEX ON stored USING hash (history);
CREATE MATERIALIZED VIEW kept AS SELECT customer, revenue(history) FROM "My ""Loyal"" Customers".customer_history;
CREATE VIEW dependent AS SELECT sum(c.revenue) + count(s.cell) FROM "My ""Loyal"" Customers".customers c JOIN stored_figures.class_history s USING (customer);
SQL

# All rows of every table and view of the workspaces, but for the time that they were read
contents() {
  sql -d "$1" <<'SQL'
SELECT format('SELECT %L, ROW(%s)::text FROM %s x ORDER BY 2', c.relname, string_agg('x.' || quote_ident(a.attname), ', ' ORDER BY a.attnum), c.oid::regclass)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE (c.relnamespace IN ('stored_figures'::regnamespace, '"My ""Loyal"" Customers"'::regnamespace) AND c.relkind IN ('r', 'v', 'm')
        OR c.relnamespace = 'kept_figures'::regnamespace AND (c.relkind = 'v' AND c.relname NOT IN (SELECT k.relation FROM _clientele.workspace_kept_relations() k) OR c.relname = 'settings'))
    AND a.attname NOT IN ('refreshed_at', 'today', 'words_by')
GROUP BY c.oid ORDER BY c.oid::regclass::text
\gexec
SELECT * FROM stored ORDER BY customer;
SELECT * FROM kept ORDER BY customer;
SELECT * FROM dependent;
SELECT * FROM stored_figures.find_answers('delivery') UNION ALL SELECT * FROM stored_figures.find_answers('rösten');
SELECT col_description('"My ""Loyal"" Customers".customers'::regclass, 4);
SELECT count(*) FROM stored a JOIN stored b USING (history);
SQL
}
contents "$PGDATABASE" >"$work/before"

compare() { # compare DATABASE
  contents "$1" >"$work/after" 2>&1
  diff "$work/before" "$work/after" >"$work/diff" || { sed 's/^/# /' "$work/diff" && false; }
}
fresh() { copies+=("$1") && sql -d postgres -c "CREATE DATABASE $1 TEMPLATE template0"; }
# What triggers keep is what the orders say, and stays so when they change
keeps() { # keeps DATABASE
  sql -d "$1" >"$work/differences" <<'SQL' && [ ! -s "$work/differences" ]
BEGIN;
SELECT * FROM verify_workspace('kept_figures');
INSERT INTO sales VALUES (1, '2024-11-11', 50, 'here', 2024), (77, '2024-11-11', 50, 'here', 2024), (NULL, NULL, 5, NULL, 2025);
DELETE FROM sales_2025 WHERE customer = 5;
SELECT * FROM verify_workspace('kept_figures');
SELECT 'nothing was pending' FROM fold_workspace('kept_figures') f WHERE f < 4;
SELECT * FROM verify_workspace('kept_figures');
SELECT 'not counted' WHERE NOT EXISTS (SELECT FROM kept_figures.customers WHERE customer = 77);
ROLLBACK;
SQL
}
# But for the keys that newer versions of pg_dump make up for each dump, and for where in a table a row lies
lines_of_dump() { pg_dump "$1" | grep -v '^.\(un\)\?restrict ' | LC_ALL=C sort; }
same_dump() {
  lines_of_dump "$PGDATABASE" >"$work/one"
  lines_of_dump "$1" | diff "$work/one" - >/dev/null
}

ok 'there is something to compare' test "$(wc -l <"$work/before")" -gt 1000
pg_dump "$PGDATABASE" >"$work/plain.sql"
fresh dump_plain
ok 'the plain format restores without an error' sql -d dump_plain -o /dev/null -f "$work/plain.sql"
ok '... and everything is as it was' compare dump_plain
ok '... so that its dump is the same' same_dump dump_plain
ok '... and triggers keep it so' keeps dump_plain
pg_dump -Fc "$PGDATABASE" >"$work/custom.dump"
fresh dump_custom
ok 'the custom format restores in parallel without an error' pg_restore -j 2 -e -d dump_custom "$work/custom.dump"
ok '... and everything is as it was' compare dump_custom
ok '... and triggers keep it so' keeps dump_custom
ok '... stored figures too' sql -d dump_custom -o /dev/null -c "SELECT refresh_workspace('stored_figures')"
ok '... which a refresh does not change' compare dump_custom
ok 'the workspace can be attached again' sql -d dump_custom -o /dev/null -c "SET client_min_messages = warning" \
  -c "SELECT attach_orders('\"My Shop\".\"Orders\"', ordered_at => 'created at', amount => 'select', workspace => 'My \"Loyal\" Customers')"
ok '... with its settings and dependents' compare dump_custom
ok '... and upgraded' sql -d dump_custom -o /dev/null -c "SELECT upgrade_workspace('stored_figures')"
ok '... the same way' compare dump_custom

pg_dump --schema-only "$PGDATABASE" >"$work/schema.sql"
pg_dump --data-only "$PGDATABASE" >"$work/data.sql" 2>"$work/warnings"
fresh dump_parts
ok 'the schema restores alone' sql -d dump_parts -o /dev/null -f "$work/schema.sql"
ok '... and the data after it' sql -d dump_parts -o /dev/null -f "$work/data.sql"
ok '... stored figures are computed by a refresh' sql -d dump_parts -o /dev/null -c "SELECT refresh_workspace('stored_figures')" \
  -c 'REFRESH MATERIALIZED VIEW kept'
ok '... and everything is as it was' compare dump_parts
ok '... what triggers keep neither doubled nor lost' keeps dump_parts
pg_dump --data-only --disable-triggers "$PGDATABASE" >"$work/data.sql" 2>"$work/warnings"
fresh dump_disabled
ok 'the schema restores alone' sql -d dump_disabled -o /dev/null -f "$work/schema.sql"
ok '... and the data after it with triggers switched off' sql -d dump_disabled -o /dev/null -f "$work/data.sql"
ok '... stored figures are computed by a refresh' sql -d dump_disabled -o /dev/null -c "SELECT refresh_workspace('stored_figures')" -c 'REFRESH MATERIALIZED VIEW kept'
ok '... gives everything as it was' compare dump_disabled
ok '... and triggers keep it so' keeps dump_disabled
# A text search configuration that was renamed: what names it is restored with the rest, and refused only where it is written
fresh dump_renamed
sql -d dump_renamed <<'SQL' >/dev/null
SET client_min_messages = warning;
CREATE EXTENSION clientele;
CREATE TEXT SEARCH CONFIGURATION shop (COPY = english);
CREATE TABLE orders AS SELECT n % 9 AS customer, date '2025-01-01' + n AS ordered_at, 5 AS amount FROM generate_series(0, 99) n;
SELECT attach_orders('orders', diagnose => false);
UPDATE loyalty.settings SET text_search = 'public.shop';
INSERT INTO loyalty.knowledge_base (question, answer) VALUES ('Do you sell kettles?', 'Yes.');
ALTER TEXT SEARCH CONFIGURATION shop RENAME TO store;
SQL
named() { [ "$(sql -d "$1" -c 'SELECT s.text_search, k.language, (SELECT count(*) FROM loyalty.customers), (SELECT count(*) FROM loyalty.find_answers($$kettles$$)) FROM loyalty.settings s, loyalty.knowledge_base k')" = "$2" ]; }
refused() { ! sql -d "$1" -c "$2" 2>"$work/refused" && grep -q "$3" "$work/refused"; }
pg_dump dump_renamed >"$work/renamed.sql"
fresh dump_named
ok 'a configuration that was renamed keeps no row from being restored' sql -d dump_named -o /dev/null -f "$work/renamed.sql"
ok '... and entries are found' named dump_named 'public.shop|public.shop|9|1'
ok '... nor the extension from being made anew' sql -d dump_renamed -o /dev/null -c 'SET client_min_messages = warning' -c 'DROP EXTENSION clientele CASCADE' -c 'CREATE EXTENSION clientele'
for name in named renamed; do
  ok "... the settings have to name one that is there ($name)" refused "dump_$name" 'SELECT upgrade_workspace()' 'text_search is a text search configuration of the server'
  ok '... then the workspace is upgraded' sql -d "dump_$name" -o /dev/null -c "UPDATE loyalty.settings SET text_search = 'english'" -c 'SELECT upgrade_workspace()'
  ok '... its entries as they were' named "dump_$name" 'english|public.shop|9|1'
done
echo "1..$number"
