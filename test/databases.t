#!/usr/bin/env bash
# Databases that are not like most: another encoding, another language's letters, the extension in a schema that few may use
set -u
cd "$(dirname "$0")/.." || exit
# shellcheck source=test/include/tap.sh
source test/include/tap.sh
work=$(mktemp -d)
made=''
clean_up() {
  local name
  for name in $made; do psql -Xq -d postgres -c "DROP DATABASE $name WITH (FORCE)"; done
  psql -Xq -d postgres -c 'DROP ROLE IF EXISTS databases_editor'
  rm -rf "$work"
}
trap clean_up EXIT
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
create() { # create NAME OPTIONS...
  sql -d postgres -c "CREATE DATABASE $1 TEMPLATE template0 ${*:2}" && made+=" $1"
}

# A shop with answers, whose names hold the letters that Turkish has two of
shop() {
  sql -d "$1" <<'SQL'
CREATE TABLE orders (order_id integer, customer text, ordered_at timestamptz, amount numeric, source text, category text);
INSERT INTO orders SELECT n, 'K' || n % 40, timestamptz '2024-01-01 12:00+00' + n * interval '13 hours', n % 90 + 1, 'INSTA', 'IT' FROM generate_series(1, 600) n;
CREATE TABLE answers (customer text, answered_at timestamptz, score integer, kind text, comment text);
INSERT INTO answers SELECT 'K' || n % 40, timestamptz '2024-06-01 12:00+00' + n * interval '1 hour', n % 11, (ARRAY['CRITICISM', 'QUESTION', 'IDEA', 'Praise'])[1 + n % 4], 'word ' || n FROM generate_series(1, 80) n;
CREATE TABLE contacts (customer text, at timestamptz, touchpoint text);
INSERT INTO contacts SELECT customer, answered_at, 'INBOX' FROM answers;
SQL
}
storages() { # storages DATABASE: nothing, once every storage can be had, and shows the same
  local storage
  for storage in view materialized incremental; do
    sql -d "$1" -c 'SET client_min_messages = warning' -o /dev/null \
      -c "SELECT count(*) FROM attach_orders('orders', workspace => 'loyalty', time_zone => 'UTC', storage => '$storage')" \
      -c "SELECT count(*) FROM attach_answers('answers')" &&
      sql -d "$1" -c "SELECT count(*), sum(revenue), min(abc), max(stage) FROM loyalty.customers" >>"$work/$1.figures" || return
  done
  sql -d "$1" -c "INSERT INTO orders VALUES (9000, 'K1', '2024-02-02', 5, 'INSTA', 'IT'); SELECT fold_workspace()" -c 'SELECT * FROM verify_workspace()' \
    -c "DELETE FROM orders WHERE order_id = 9000" >"$work/$1.verified"
  [ "$(cat "$work/$1.verified")" = 1 ] && [ "$(sort -u "$work/$1.figures" | wc -l)" = 1 ]
}

russian="UPDATE loyalty.settings SET language = 'ru'"
refused() { # refused DATABASE MESSAGE: and nothing was changed
  ! sql -d "$1" -c "$russian" 2>"$work/refused" && grep -q "$2" "$work/refused" &&
    [ "$(sql -d "$1" -c 'SELECT language FROM loyalty.settings')" = en ] && sql -d "$1" -o /dev/null -c 'SELECT * FROM loyalty.labels'
}
texts() { sql -d "$1" -c 'SELECT * FROM loyalty.policies ORDER BY cell' -c 'SELECT * FROM loyalty.touchpoint_catalogue ORDER BY "position"'; }
switched() {
  texts "$1" >"$work/$1.english" && sql -d "$1" -c "$russian" && ! texts "$1" | LC_ALL=C grep -qa '[a-z] [a-z]' &&
    sql -d "$1" -c "UPDATE loyalty.settings SET language = 'en'" && texts "$1" | cmp -s - "$work/$1.english"
}

for encoding in EUC_JP EUC_KR LATIN1 SQL_ASCII WIN1251; do
  database=databases_$(tr '[:upper:]' '[:lower:]' <<<"$encoding")
  ok "a database in $encoding" create "$database" "ENCODING $encoding LC_COLLATE 'C' LC_CTYPE 'C'"
  ok '... takes the extension' sql -d "$database" -c 'CREATE EXTENSION clientele'
  ok '... and a shop' shop "$database"
  ok '... in every storage' storages "$database"
  case $encoding in
    SQL_ASCII | WIN1251) ok '... in another language, and back' switched "$database" ;;
    *) ok '... not in a language that it lacks characters of' refused "$database" "has no equivalent in encoding \"$encoding\"" ;;
  esac
done

if create databases_turkish "ENCODING UTF8 LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'" 2>/dev/null; then
  capital() { test "$(sql -d databases_turkish -c "SELECT upper('i') <> 'I'")" = t; }
  ok 'a database whose capital of i is no I' capital
  ok '... takes the extension' sql -d databases_turkish -c 'CREATE EXTENSION clientele'
  ok '... and a shop' shop databases_turkish
  ok '... in every storage' storages databases_turkish
  kinds() { test "$(sql -d databases_turkish -c 'SELECT string_agg(DISTINCT kind, chr(44) ORDER BY kind) FROM loyalty.answers_enriched')" = criticism,idea,praise,question; }
  ok '... and knows the kinds of answers' kinds
fi

# Who may edit what a workspace has tables for needs no right on the extension's schema.
ok 'the extension in a schema of its own' create databases_schema
as_editor() { sql -d databases_schema -c 'SET ROLE databases_editor' -c "$1"; }
prepare() {
  sql -d databases_schema -c 'CREATE SCHEMA kept_apart; CREATE EXTENSION clientele SCHEMA kept_apart; CREATE ROLE databases_editor' &&
    shop databases_schema &&
    sql -d databases_schema -o /dev/null -c 'SET client_min_messages = warning' -c "SELECT kept_apart.attach_orders('orders', storage => '$1')" \
      -c "SELECT kept_apart.attach_touchpoints('contacts')" -c "SELECT kept_apart.grant_workspace('loyalty', 'databases_editor')" \
      -c 'GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA loyalty TO databases_editor'
}
ok '... and somebody who may edit, but not use that' prepare view
for storage in view materialized incremental; do
  attach() { sql -d databases_schema -o /dev/null -c 'SET client_min_messages = warning' -c "SELECT kept_apart.attach_orders('orders', storage => '$storage')"; }
  ok "$storage" attach
  ok '... the settings' as_editor 'UPDATE loyalty.settings SET rfm_bins = 4'
  ok '... their language' as_editor "UPDATE loyalty.settings SET language = 'ru'; UPDATE loyalty.settings SET language = 'en'"
  ok '... the stages of funnels' as_editor "INSERT INTO loyalty.funnel_stages VALUES ('way', 1, 'in $storage'); DELETE FROM loyalty.funnel_stages"
  ok '... the knowledge base' as_editor "INSERT INTO loyalty.knowledge_base (question, answer) VALUES ('where', 'here')"
  ok '... and every view' as_editor 'SELECT count(*) FROM loyalty.customers, loyalty.overview, loyalty.sources'
done
echo "1..$number"
