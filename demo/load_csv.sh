# shellcheck shell=bash
# A file of comma, semicolon or tab separated values becomes the table "orders". For run.sh to source.
#
#   open_csv FILE [ENCODING]   open the file and read its header; ENCODING is PostgreSQL's name for it, default UTF8
#   load_csv                   make the table and fill it, its columns given the types of what they hold
#   column_of TITLE            the column that a title in the header became
#
# The file is read once, and by us instead of the server: it may be private, or a pipe.

open_csv() {
  CSV=$1 CSV_ENCODING=${2:-UTF8}
  [ -e "$CSV" ] || die "There is no file \"$CSV\"."
  [ ! -d "$CSV" ] || die "\"$CSV\" is a directory."
  [ -r "$CSV" ] || die "\"$CSV\" cannot be read: permission denied."
  exec 3<"$CSV"
  read_header
  find_delimiter
  split_header
  check_header
  name_columns
}

# The first record: line ends within quotes belong to it. A \r at its end stays, as COPY wants all line ends alike.
read_header() {
  local line
  HEADER=''
  while IFS= read -r line <&3 || [ -n "$line" ]; do
    HEADER+=${HEADER:+$'\n'}$line
    { quote_is_open "$HEADER" && [ "${#HEADER}" -lt 100000 ]; } || break
  done
  ! quote_is_open "$HEADER" || die "A quote in the header of \"$CSV\" is not closed."
  case $HEADER in
    $'\xff\xfe'* | $'\xfe\xff'* | 'PK'* | $'\x1f\x8b'*)
      die "\"$CSV\" is no plain CSV file: unpack it, or save it as CSV (UTF-8)."
      ;;
  esac
  HEADER=${HEADER#$'\xef\xbb\xbf'}
  [ -n "${HEADER//[[:space:]]/}" ] ||
    die "\"$CSV\" is empty or begins with an empty line; its first line has to name the columns."
}

quote_is_open() {
  local quotes=${1//[!\"]/}
  [ $((${#quotes} % 2)) = 1 ]
}

# What occurs most often outside quotes.
find_delimiter() {
  local unquoted candidate occurrences most=0
  unquoted=$(sed -z 's/"[^"]*"//g' <<<"$HEADER")
  DELIMITER=,
  for candidate in ',' ';' $'\t'; do
    occurrences=${unquoted//[!$candidate]/}
    if [ "${#occurrences}" -gt "$most" ]; then DELIMITER=$candidate most=${#occurrences}; fi
  done
}

# Sets TITLES to the names in the header.
split_header() {
  local text=${HEADER%$'\r'}$DELIMITER title='' quoted='' character i
  TITLES=()
  for ((i = 0; i < ${#text}; i++)); do
    character=${text:i:1}
    if [ "$quoted${text:i:2}" = 'yes""' ]; then
      title+='"' i=$((i + 1))
    elif [ "$character" = '"' ]; then
      if [ -n "$quoted" ]; then quoted=''; else quoted=yes; fi
    elif [ -z "$quoted" ] && [ "$character" = "$DELIMITER" ]; then
      TITLES+=("$(trim "$title")")
      title=''
    else
      title+=$character
    fi
  done
}

trim() { sed -z 's/^[[:space:]]*//; s/[[:space:]]*$//' < <(printf %s "$1"); }

# Without a header the first order would be lost, and no column found by its name.
check_header() {
  local title
  local -A seen
  for title in "${TITLES[@]}"; do
    [[ ! $title =~ ^[-+]?[0-9][-+0-9.,:/TZ\ ]*$ ]] ||
      die "The first line of \"$CSV\" has to name the columns, but it holds \"$title\"."
    [ -z "$title" ] || [ -z "${seen[$title]:-}" ] ||
      die "The header of \"$CSV\" names two columns \"$title\": rename one of them."
    [ -z "$title" ] || seen[$title]=yes
  done
}

# Sets NAMES: the titles, but none empty, longer than PostgreSQL's 63 bytes, or like another when cut.
name_columns() {
  local i name
  local -A used
  NAMES=()
  for i in "${!TITLES[@]}"; do
    name=$(identifier "${TITLES[i]}")
    while [ -z "$name" ] || [ -n "${used[$name]:-}" ]; do name=$(identifier "column_$((i + 1))${name:+_$name}"); done
    used[$name]=yes
    NAMES+=("$name")
  done
}

# A character that was cut in two goes.
identifier() {
  if [ "$(printf %s "$1" | wc -c)" -le 63 ]; then
    printf %s "$1"
  else
    printf %s "$1" | head -c 63 | iconv -c -f UTF-8 -t UTF-8 2>/dev/null || true
  fi
}

is_title() {
  local title
  for title in "${TITLES[@]}"; do
    [ "$title" != "$1" ] || return 0
  done
  return 1
}

column_of() {
  local i
  for i in "${!TITLES[@]}"; do
    [ "${TITLES[i]}" != "$1" ] || { printf %s "${NAMES[i]}" && return; }
  done
  printf %s "$1" # attach_orders says what there is
}

# Before anything is installed: columns that were named are in the header.
check_named_columns() {
  local role name
  for role in customer ordered-at amount; do
    name=${OPTIONS[$role]:-}
    [ -n "$name" ] || continue
    if [ "$role" = amount ] && [[ $name == *\** ]] && ! is_title "$name"; then
      check_title "$role" "$(trim "${name%%\**}")"
      check_title "$role" "$(trim "${name#*\*}")"
    else
      check_title "$role" "$name"
    fi
  done
}

check_title() { is_title "$2" || die "\"$CSV\" has no column \"$2\" for --$1. It has: $(list_titles)."; }

list_titles() { printf '%s, ' "${TITLES[@]}" | sed 's/, $//'; }

# Before anything is loaded: the others are called as is usual.
check_usual_columns() {
  local role names=''
  for role in "${NAMES[@]}"; do names+="${names:+,}$(literal "$role")"; done
  for role in customer ordered-at amount; do
    [ -z "${OPTIONS[$role]:-}" ] || continue
    [ "$(sql -At -c "SELECT EXISTS (SELECT FROM _clientele.workspace_column_role($(literal "${role/-/_}")) r
        CROSS JOIN unnest(ARRAY[$names]) n WHERE translate(lower(n), '_ -', '') = ANY (r.names))")" = t ] ||
      die "No column of \"$CSV\" is called like that of the $role usually is: name it with --$role. It has: $(list_titles)."
  done
}

load_csv() {
  step "loading $CSV" fill_orders
  exec 3<&-
  step 'finding the types of its columns' \
    sql -P footer=off -o "$RUN/columns" -f "$PROJECT/demo/column_types.sql"
}

fill_orders() {
  local name definition='' list=''
  for name in "${NAMES[@]}"; do
    name=$(quoted "$name")
    definition+="${definition:+, }$name text" list+="${list:+, }$name"
  done
  { printf '%s\n' "$HEADER" && without_blank_end <&3; } |
    PGCLIENTENCODING=$CSV_ENCODING sql -c "CREATE TABLE orders ($definition)" \
      -c "COPY orders FROM STDIN (FORMAT csv, HEADER true, DELIMITER '$DELIMITER', FORCE_NULL ($list))" \
      2>"$RUN/load.log" || explain_load
  [ "$(sql -At -c 'SELECT EXISTS (SELECT FROM orders)')" = t ] || die "\"$CSV\" has a header but no orders."
}

explain_load() {
  cat "$RUN/load.log"
  ! grep -q 'byte sequence' "$RUN/load.log" ||
    die "\"$CSV\" is not in $CSV_ENCODING: name its encoding with --encoding, often WIN1252."
  exit 1
}

# Blank lines after the last order are no orders.
without_blank_end() { awk '/^[ \t\r]*$/ { blank = blank $0 "\n"; next } { printf "%s", blank; blank = ""; print }'; }
