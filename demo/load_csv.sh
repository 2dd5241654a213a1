# shellcheck shell=bash
# A file of orders becomes the table "orders". For run.sh to source. What reads the file is demo/orders_file.
#
#   open_csv FILE    open it, before anything is installed
#   learn_csv        look at its beginning: what cannot be read, or only by guessing, stops here, before anything is loaded
#   load_csv         make the table and fill it, its columns given their types and the names of what they mean
#   tell_csv         say what was read, and how
#   csv_told TOPIC FINDING   whether that said already what attaching finds, with the option that settles it
#
# It is read by us and not by the server: it may be private, or a pipe.

FILE_OPTIONS=(customer ordered-at amount order-id status date-order decimal encoding time-zone)

open_csv() {
  CSV=$1
  [ -e "$CSV" ] || die "There is no file \"$CSV\"."
  [ ! -d "$CSV" ] || die "\"$CSV\" is a directory."
  [ -r "$CSV" ] || die "\"$CSV\" cannot be read: permission denied."
  exec 3<"$CSV"
}

learn_csv() {
  local option given=()
  for option in "${FILE_OPTIONS[@]}"; do
    [ -z "${OPTIONS[$option]:-}" ] || given+=("--$option=${OPTIONS[$option]}")
  done
  # A pipe comes once; its beginning is read twice.
  if [ ! -f "/dev/fd/3" ]; then
    (umask 077 && cat <&3 >"$RUN/orders_file")
    exec 3<"$RUN/orders_file"
  fi
  is_utf8 || want_packages load_file
  interruptible read_csv learn "${given[@]}" || exit 1
}

# What another encoding is, uchardet says best; the file may do without.
is_utf8() { iconv -f UTF-8 -t UTF-8 </dev/fd/3 >/dev/null 2>&1; }

read_csv() { python3 -B "$PROJECT/demo/orders_file" "$1" "$CSV" --known "$RUN/csv" "${@:2}" </dev/fd/3; }

load_csv() {
  local start
  start=$(now)
  interruptible copy_csv || die "$(tail -n 5 "$RUN/load.log")"
  exec 3<&-
  mapfile -t VARIABLES <"$RUN/csv.variables"
  sql "${VARIABLES[@]/#/--set=}" -f "$PROJECT/demo/fold_lines.sql"
  echo "loading $CSV … $(seconds_since "$start")"
}

copy_csv() {
  set -o pipefail
  read_csv load | sql >"$RUN/load.log" 2>&1
}

tell_csv() {
  printf '\n%s\n\n' "What \"$CSV\" holds."
  sql -At "${VARIABLES[@]/#/--set=}" -f "$PROJECT/demo/what_was_read.sql" >"$RUN/read"
  { head -n 1 "$RUN/read" && cat "$RUN/csv.notes" && tail -n +2 "$RUN/read"; } | while IFS= read -r line; do
    fold -sw "$WIDTH" <<<"$line" | sed '2,$s/^/    /'
  done
  echo
}

csv_told() {
  case $1 in
    status) [[ $2 == 'every row counts, whatever its status: '* ]] && grep -q '^status: ' "$RUN/read" ;;
    nobody | 'one customer') grep -q '^customer: ".*" has .* looks like sales to nobody known' "$RUN/read" ;;
    spelling) grep -q '^customer: .* differ only by case or blanks' "$RUN/read" ;;
    exponents) grep -q '^customer: .* wrote a number with E+' "$RUN/read" ;;
    *) false ;;
  esac
}
