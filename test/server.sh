#!/usr/bin/env bash
# A PostgreSQL of one's own with Clientele in it, for test/run.sh, demo/run.sh and bench/run.sh to source.
#
#   source "$(dirname "$0")/../test/server.sh"
#   need_packages [tests]    find or install PostgreSQL, its headers and a compiler; with "tests" pgTAP too
#   want_packages TEST...    try to install what these tests take besides: jdbc, psycopg, package, dist, clock, report_browser
#   build                    compile a copy of the project and install it into a private PostgreSQL tree
#   build_cached             the same, with what was compiled the last time kept in the user's cache
#   start_server [LINE...]   start it, with these lines in postgresql.conf; PGHOST etc. then lead psql to it
#   stop_server              stop it; happens by itself at exit, when the run's directory goes too
#   keep_server              leave it running after exit; prints how to connect and how to stop it
#   step TEXT COMMAND...     run a command or function, showing TEXT and the seconds; failure ends the script
#   interruptible COMMAND... run it so that Ctrl-C or kill ends it at once with all that it started
#                            (like a step's, its variables are lost: both run in a subshell)
#   as_server COMMAND...     run a command as the server's user, in the build copy
#   usage                    print the comment at the head of the calling script
#
# Set for the caller: PROJECT (the project's root), RUN (the run's directory), BUILD (the build copy), BIN (the
# private PostgreSQL's programs, first in PATH), PG_CONFIG (the system's).
# Read from the environment: PG_CONFIG (default: the newest server found), CLIENTELE_TMP (where the run's directory
# is made, default /tmp), COPT (more compiler flags), CLIENTELE_SERVER (a program that starts postgres, for one to be
# started with an environment or under a tool), CLIENTELE_CLOCK (what the server takes the time to be when it starts,
# such as "2044-02-29 23:45"; UTC). The caller's language, time zone, connection and the like are left behind.
#
# Nothing is installed into the system's PostgreSQL, and no server but this one is touched: PostgreSQL's programs find
# their files relative to where they lie themselves, so copies of them in a tree of links see that tree only.

# What a shell at home may hold changes what is printed, sorted and built: the language, the time zone, a connection, the
# switches of tools. None of it comes along, so that a run is the same everywhere; messages are the untranslated ones.
leave_home() {
  local name
  # libfaketime does not follow from one user to another: its time does.
  if [ -n "${FAKETIME:-}" ]; then
    CLIENTELE_CLOCK=$(date -u '+%F %T')
    export CLIENTELE_CLOCK
    unset LD_PRELOAD "${!FAKETIME@}"
  fi
  for name in $(compgen -e); do
    case $name in
      PG_CONFIG) ;;
      PG* | LC_* | LANG | LANGUAGE | LOCPATH | NLSPATH | TZ | TZDIR) unset "$name" ;;
      BASH_ENV | ENV | CDPATH | POSIXLY_CORRECT | GREP_* | TAR_OPTIONS) unset "$name" ;;
      PERL5OPT | PERL_UNICODE | HARNESS_* | MAKE* | MFLAGS | GNUMAKEFLAGS | VPATH | GIT_*) unset "$name" ;;
    esac
  done
  export LC_ALL=C TZ=UTC
  if [[ $(locale -a) =~ C\.(utf8|UTF-8) ]]; then LC_ALL=C.UTF-8; fi
}
leave_home

PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=test/include/clock.sh
source "$PROJECT/test/include/clock.sh"
OLDEST_MAJOR=15
FIRST_DAY=2026-01-02 # of a clock: the orders of the tests and of the demo are older
APT_INSTALL='DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install'
RUN='' CHILD='' KEEP='' CACHE='' REFRESHED='' STATUS=0
USER_CACHE=${XDG_CACHE_HOME:-${HOME:-}/.cache} # while HOME is still the user's
AS_SERVER=() # what goes before a command to run it as the server's user

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

die() {
  printf '%s\n' "$@" >&2
  exit 1
}

# --- Running commands ---

# The command gets a process group of its own, so that close_run can end it with all its children, and bash waits for
# it with `wait`, which signals interrupt. The result goes to STATUS: `run_group … || …` would switch off `set -e`
# inside a function that is run.
run_group() {
  STATUS=0
  set -m
  "$@" &
  CHILD=$!
  set +m
  wait "$CHILD" || STATUS=$?
  CHILD=''
}

interruptible() {
  run_group "$@"
  return "$STATUS"
}

now() { echo "${EPOCHREALTIME/[.,]/}"; } # microseconds

seconds_since() {
  local tenths=$((($(now) - $1) / 100000))
  echo "$((tenths / 10)).$((tenths % 10)) s"
}

step() {
  attempt "$@"
  [ "$STATUS" != 0 ] || return 0
  tail -n 40 "$RUN/step.log" >&2
  exit "$STATUS"
}

# A step that may fail: see STATUS.
attempt() {
  local start
  start=$(now)
  printf '%s … ' "$1"
  run_group "${@:2}" >"$RUN/step.log" 2>&1
  if [ "$STATUS" = 0 ]; then seconds_since "$start"; else echo failed; fi
}

as_server() { (cd "$BUILD" && exec "${AS_SERVER[@]}" "$@"); }

# --- The run's directory ---

# Under /tmp whatever TMPDIR says: the server's user must get there, and a socket's path has at most 107 bytes.
open_run() {
  [ ! -t 0 ] || exec </dev/null # nothing here asks, and a background process group must not read the terminal
  # A signal may come while the EXIT trap already runs, so each cleans up by itself.
  trap 'close_run $?' EXIT
  trap 'close_run 129' HUP
  trap 'close_run 130' INT
  trap 'close_run 143' TERM
  RUN=$(mktemp -d "${CLIENTELE_TMP:-/tmp}/clientele.XXXXXX")
  BUILD=$RUN/build
}

close_run() {
  local status=$1
  trap '' HUP INT TERM
  trap - EXIT
  [ -z "$CHILD" ] || end_group "$CHILD"
  if [ -n "$RUN" ] && [ "$KEEP$status" != yes0 ]; then
    stop_server
    rm -rf "$RUN"
  fi
  exit "$status"
}

# Gives the members two seconds to be gone, so that none writes into a directory being removed.
end_group() {
  local tries=40
  kill -- "-$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
  while kill -0 -- "-$1" 2>/dev/null && [ $((tries -= 1)) -gt 0 ]; do sleep 0.05; done
}

# --- Packages ---

has_server() { [ -x "$("$1" --bindir)/postgres" ] && [ "$(major_of "$1")" -ge "$OLDEST_MAJOR" ]; }
has_headers() { [ -f "$("$PG_CONFIG" --pgxs)" ] && [ -f "$("$PG_CONFIG" --includedir-server)/postgres.h" ]; }
has_extension() { [ -f "$("$PG_CONFIG" --sharedir)/extension/$1.control" ]; }
lacks() { ! command -v "$1" >/dev/null; }
major_of() { "$1" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/'; }

# The major version that apt would install: nothing before the first update, or without apt.
offered_major() {
  { apt-cache depends postgresql 2>/dev/null || true; } | sed -n 's/^ *Depends: postgresql-\([0-9]*\)$/\1/p'
}

# Sets PG_CONFIG, to nothing where there is no server. One that was asked for is never passed over for another.
find_postgres() {
  local candidate
  if [ -n "${PG_CONFIG:-}" ]; then
    PG_CONFIG=$(command -v "$PG_CONFIG") || die 'PG_CONFIG does not name a program.'
    PG_CONFIG=$(realpath "$PG_CONFIG")
    has_server "$PG_CONFIG" || die "$PG_CONFIG is not of a PostgreSQL $OLDEST_MAJOR or later that has its server."
    return
  fi
  for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin/pg_config | sort -rV) pg_config; do
    if PG_CONFIG=$(command -v "$candidate") && has_server "$PG_CONFIG" 2>/dev/null; then return; fi
  done
  PG_CONFIG=''
}

# need WORDS PACKAGES: something is missing, and PACKAGES (none for a PostgreSQL that is not Debian's) bring it.
need() {
  MISSING+=("$1")
  PACKAGES+=" $2"
  [ -n "$2" ] || BY_HAND=yes
}

list_missing() {
  local major=''
  MISSING=() PACKAGES='' BY_HAND=''
  if lacks make; then need make make; fi
  if lacks gcc || [ ! -f /usr/include/stdio.h ]; then need 'gcc and the C headers' 'gcc libc6-dev'; fi
  if [ -z "$PG_CONFIG" ]; then
    major=$(offered_major)
    need "PostgreSQL $OLDEST_MAJOR or later, the server" "postgresql-$major postgresql-server-dev-$major"
  else
    case $("$PG_CONFIG" --bindir) in /usr/lib/postgresql/*) major=$(major_of "$PG_CONFIG") ;; esac
    has_headers || need "the server headers of $("$PG_CONFIG" --version)" "${major:+postgresql-server-dev-$major}"
  fi
  if [ "${1:-}" = file ] && lacks python3; then need 'python3' python3; fi
  [ "${1:-}" = tests ] || return 0
  if [ -z "$PG_CONFIG" ] || ! has_extension pgtap; then need pgTAP "${major:+postgresql-$major-pgtap}"; fi
  if [ -n "$PG_CONFIG" ] && ! { has_extension citext && has_extension file_fdw; }; then need "PostgreSQL's contrib" ''; fi
  if lacks pg_prove; then need pg_prove libtap-parser-sourcehandler-pgtap-perl; fi
}

need_packages() {
  open_run
  find_postgres
  list_missing "$@"
  if [ "${#MISSING[@]}" != 0 ]; then
    install_missing "$@"
    find_postgres
    list_missing "$@"
    [ "${#MISSING[@]}" = 0 ] || die 'Still missing after the installation:' "${MISSING[@]/#/  }"
  fi
  choose_server_user
}

install_missing() {
  if [ -n "$BY_HAND" ] && [ -n "$PG_CONFIG" ] || lacks apt-get; then
    die 'Please install what is missing here (and name your PostgreSQL with PG_CONFIG=/path/to/pg_config):' \
      "${MISSING[@]/#/  }"
  fi
  become_root || explain_installation
  step 'refreshing the list of packages' "${AS_ROOT[@]}" apt-get -q update
  REFRESHED=yes
  list_missing "$@" # now it is known which PostgreSQL there is to install
  check_offer
  installation
  # Signals wait until dpkg is done: it must not be left half-way.
  step "installing$PACKAGES" "${AS_ROOT[@]}" \
    sh -c "trap '' HUP INT TERM; trap '$AFTER' EXIT; $BEFORE; $INSTALL"
}

# Sets WANTED, the packages that a test lacks. node-postgres is none: its test asks npm for it.
list_wanted() {
  WANTED=()
  case $1 in
    jdbc)
      ! lacks javac || WANTED+=(default-jdk-headless)
      [ -f /usr/share/java/postgresql.jar ] || WANTED+=(libpostgresql-jdbc-java)
      ;;
    psycopg) /usr/bin/python3 -c 'import psycopg' 2>/dev/null || WANTED+=(python3-psycopg) ;;
    package)
      ! lacks dh || WANTED+=(debhelper)
      ! lacks lintian || WANTED+=(lintian)
      ! lacks pg_buildext || WANTED+=(postgresql-server-dev-all)
      ;;
    report_browser) ! lacks chromium || WANTED+=(chromium) ;;
    load_file)
      ! lacks python3 || WANTED+=(python3)
      ! lacks uchardet || WANTED+=(uchardet)
      ;;
    clock) [ -d /usr/share/i18n/locales ] || WANTED+=(locales) ;;
    dist)
      ! lacks git || WANTED+=(git)
      ! lacks unzip || WANTED+=(unzip)
      ;;
  esac
}

# Each test by itself, so that none goes without because of another. No failure here is one of the tests.
want_packages() {
  local test
  for test; do
    list_wanted "$test"
    [ "${#WANTED[@]}" != 0 ] || continue
    if lacks apt-get || ! become_root; then
      echo "without ${WANTED[*]}, which cannot be installed from here"
      continue
    fi
    [ -n "$REFRESHED" ] || attempt 'refreshing the list of packages' "${AS_ROOT[@]}" apt-get -q update
    REFRESHED=yes
    attempt "installing ${WANTED[*]}" "${AS_ROOT[@]}" sh -c "trap '' HUP INT TERM; $APT_INSTALL ${WANTED[*]}"
  done
}

# Sets what goes before a command to run it as root.
become_root() {
  AS_ROOT=()
  [ "$(id -u)" != 0 ] || return 0
  AS_ROOT=(sudo -n)
  sudo -n true 2>/dev/null
}

check_offer() {
  local offered
  [ -z "$PG_CONFIG" ] || return 0
  offered=$(offered_major)
  [ "${offered:-0}" -ge "$OLDEST_MAJOR" ] ||
    die "Clientele needs PostgreSQL $OLDEST_MAJOR or later, and apt-get offers ${offered:-none} here." \
      'Add PostgreSQL'\''s own package repository and start again.'
}

# Sets the three commands of an installation. Debian makes and starts a cluster for a new server unless told not to.
installation() {
  local no_cluster=/etc/postgresql-common/createcluster.d/clientele.conf
  BEFORE=: AFTER=:
  INSTALL=$APT_INSTALL$PACKAGES
  [ -z "$PG_CONFIG" ] || return 0
  BEFORE="mkdir -p ${no_cluster%/*}; echo create_main_cluster = false >$no_cluster"
  AFTER="rm -f $no_cluster; rmdir --ignore-fail-on-non-empty ${no_cluster%/*}"
}

explain_installation() {
  local commands=('apt-get update')
  if [ -n "$PG_CONFIG" ] || [ -n "$(offered_major)" ]; then
    check_offer
    installation
    for command in "$BEFORE" "$INSTALL" "$AFTER"; do [ "$command" = : ] || commands+=("$command"); done
  fi
  die 'Packages are missing, and sudo without a password does not work here. Run as root, then start again:' \
    "${commands[@]/#/  }"
}

# --- Building and running ---

# The server refuses to run as root. It owns the run's directory, so that no one else can connect.
choose_server_user() {
  local user=postgres
  if [ "$(id -u)" = 0 ]; then
    id "$user" >/dev/null 2>&1 || user=nobody
    # shellcheck disable=SC2016  # "$@" is for the inner shell
    AS_SERVER=(su -s /bin/sh -c 'exec "$@"' -- "$user" sh)
    lacks setpriv || AS_SERVER=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --init-groups)
    chown "$user" "$RUN"
  fi
  (cd "$RUN" && "${AS_SERVER[@]}" mkdir "$BUILD")
  export HOME=$RUN TMPDIR=$RUN # no one's psqlrc, pgpass or proverc; and temporary files go with the run
}

build() {
  BIN=$RUN/root$("$PG_CONFIG" --bindir)
  step "building Clientele for $("$PG_CONFIG" --version)" compile
}

# The same, but for what was compiled the last time of the same source for the same server.
build_cached() {
  CACHE=$USER_CACHE/clientele
  build
}

# The user's tree may be read-only, somebody else's, or hold objects made for another PostgreSQL.
compile() {
  local built=${CACHE:+$CACHE/$(fingerprint).tar}
  copy_tree "$PROJECT" "$BUILD"
  make_in_build clean
  # What comes out of the cache is newer than its sources, whatever their times are.
  [ ! -f "$built" ] || as_server tar -C "$BUILD" -xmf - <"$built"
  make_in_build -j2 all
  [ -z "$built" ] || [ -f "$built" ] || keep_built "$CACHE" "$built" || true
  link_postgres
  make_in_build install DESTDIR="$RUN/root"
}

fingerprint() {
  { "$PG_CONFIG" --version --configure && echo "${COPT:-}" && find "$PROJECT/src" "$PROJECT/Makefile" -type f -print0 | sort -z | xargs -0 cat; } | sha256sum | cut -c1-32
}

# A cache that cannot be written is none. Only the last one is kept.
keep_built() {
  mkdir -p "$1" && rm -f "$1"/*.tar &&
    as_server find . -name '*.o' -o -name 'clientele*.so' -o -name 'clientele--*.sql' -newer Makefile -o -name workspace_files.sql | as_server tar -C "$BUILD" -cf - -T - >"$2.new" && mv "$2.new" "$2"
}

make_in_build() { as_server make -s with_llvm=no "PG_CONFIG=$PG_CONFIG" "$@"; }

# copy_tree FROM TO: what is only readable by us becomes the server user's.
copy_tree() { tar -C "$1" --mode=u+rwX --exclude=./.git -cf - . | as_server tar -C "$2" -xf -; }

link_postgres() {
  local share program programs=()
  share=$("$PG_CONFIG" --sharedir)
  for program in postgres initdb pg_ctl psql createdb dropdb createuser pg_isready pg_basebackup pg_dump pg_dumpall pg_restore \
    pgbench vacuumdb; do
    program=$("$PG_CONFIG" --bindir)/$program
    [ ! -x "$program" ] || programs+=("$program")
  done
  as_server mkdir -p "$BIN"
  as_server cp "${programs[@]}" "$BIN"
  link_entries "$("$PG_CONFIG" --pkglibdir)"
  link_entries "$share"
  as_server rm "$RUN/root$share/extension"
  link_entries "$share/extension"
  # The system may have a Clientele of its own, perhaps of another version.
  as_server find "$RUN/root" -type l -name 'clientele*' -delete
}

link_entries() {
  as_server mkdir -p "$RUN/root$1"
  as_server ln -s "$1"/* "$RUN/root$1"
}

start_server() {
  connection
  choose_clock
  step 'starting a PostgreSQL of its own' start_cluster "$@"
}

connection() {
  export PGHOST=$RUN PGPORT=5432 PGUSER=postgres PGDATABASE=postgres PGCLIENTENCODING=UTF8
  export PATH=$BIN:$PATH PG_CONFIG
}

# What lies in the future is not counted, so orders that do would leave nothing to show.
choose_clock() {
  local clock=${CLIENTELE_CLOCK:-}
  if [ "$(date -d "${clock:-now}" +%s)" -lt "$(date -d "$FIRST_DAY" +%s)" ]; then
    clock=$FIRST_DAY
    echo "The server's clock begins at $FIRST_DAY, when the newest orders are past."
  fi
  [ -z "$clock" ] || set_clock "$clock" "$RUN"
}

start_cluster() {
  as_server "$BIN/initdb" -D "$RUN/data" -U postgres -A trust -E UTF8 --locale="$LC_ALL" --no-sync
  printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$RUN'" "timezone = 'UTC'" 'fsync = off' \
    'max_worker_processes = 16' "$@" >>"$RUN/data/postgresql.conf"
  as_server "$BIN/pg_ctl" -D "$RUN/data" -l "$RUN/server.log" ${CLIENTELE_SERVER:+-p "$CLIENTELE_SERVER"} -w start || {
    tail -n 20 "$RUN/server.log"
    return 1
  }
}

stop_server() {
  [ -f "$RUN/data/postmaster.pid" ] || return 0
  as_server "$BIN/pg_ctl" -D "$RUN/data" -m immediate -w stop >/dev/null 2>&1 || true
}

keep_server() {
  local stop
  stop=$(printf '%q ' "${AS_SERVER[@]}" "$BIN/pg_ctl" -D "$RUN/data" -m fast -s stop)
  printf '%s\n' 'cd /' "$stop && rm -rf '$RUN'" >"$RUN/stop"
  KEEP=yes
  echo "The server stays up. Connect: psql 'host=$PGHOST port=$PGPORT user=$PGUSER dbname=$PGDATABASE'"
  echo "Stop and remove it:           sh $RUN/stop"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then usage; fi
