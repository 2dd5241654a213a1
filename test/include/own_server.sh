#!/usr/bin/env bash
# Servers of a test's own, for those that kill, copy or promote one: source it after setting work, a directory that is removed at exit.
#
#   make_server NAME [LINE...]    a new server in $work/NAME, with these lines in postgresql.conf
#   start_server NAME             start one that is there
#   at NAME [OPTION...]           psql, as its superuser unless told otherwise
#   contents NAME WORKSPACE [ROLE]   what every view of a workspace shows, a line each, as a number; without the changes of
#                                    class, which are told where they are stored
#   stop_servers                     all of them, at once

: "${work:?}"

make_server() {
  local name=$1
  shift
  mkdir -p "$work/$name.socket"
  initdb -D "$work/$name" -U postgres -A trust -E UTF8 --no-sync &&
    printf '%s\n' 'fsync = off' 'jit = off' "timezone = 'UTC'" 'max_locks_per_transaction = 512' "${CLIENTELE_SETTINGS:-}" "$@" >>"$work/$name/postgresql.conf" &&
    start_server "$name"
}

start_server() {
  printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$work/$1.socket'" >>"$work/$1/postgresql.conf"
  pg_ctl -D "$work/$1" -l "$work/$1.log" ${CLIENTELE_SERVER:+-p "$CLIENTELE_SERVER"} -s -w start
}

at() { psql -XqAt -v ON_ERROR_STOP=1 -h "$work/$1.socket" -U postgres -d postgres "${@:2}"; }

# But for the time that it is, and was at the refresh, and the number in a row of equal orders; what is pending is no figure
contents() {
  at "$1" <<SQL
${3:+SET ROLE $3;}
SELECT format('SELECT %L, sum(hashtextextended(ROW(%s)::text, 0)::numeric), count(*) FROM %I.%I x %s', c.relname, string_agg(format('x.%I', a.attname), ', ' ORDER BY a.attnum), '$2', c.relname,
    CASE WHEN c.relname IN ('customer_changes', 'customer_timeline') THEN 'WHERE kind <> ''class''' END)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = '$2'::regnamespace AND c.relkind = 'v' AND c.relname NOT IN (SELECT k.relation FROM _clientele.workspace_kept_relations() k)
    AND c.relname NOT IN (SELECT f.relation FROM _clientele.workspace_files() f WHERE f.belongs_to = 'materialized') AND a.attname NOT IN ('today', 'refreshed_at', 'storage', 'order_number')
GROUP BY c.relname ORDER BY c.relname
\gexec
SQL
}

# One that is just being started has no file with its number yet.
stop_servers() {
  local log
  for log in "$work"/*.log; do
    for _ in 1 2 3 4; do
      pg_ctl -D "${log%.log}" -m immediate -s stop >/dev/null 2>&1 && break
      sleep 0.2
    done
  done
}
