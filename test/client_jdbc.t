#!/usr/bin/env bash
# pgjdbc reads a workspace, our types and our errors, in text, in binary and as it changes from one to the other
set -u
cd "$(dirname "$0")/clients" || exit
skip() { echo "1..0 # SKIP $1" && exit; }
driver=/usr/share/java/postgresql.jar
[ -f "$driver" ] || skip 'no pgjdbc here (libpostgresql-jdbc-java)'
# Java 16 was the first to know Unix sockets.
javac -J-XX:-UsePerfData --version 2>/dev/null | awk '{ fits = $2 + 0 >= 16 } END { exit !fits }' ||
  skip 'no Java compiler of version 16 or later here'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

javac -J-XX:-UsePerfData -d "$work" -cp "$driver" ReadShop.java UnixSocketFactory.java || exit
psql -Xq -o /dev/null -f shop.sql || exit
java -XX:-UsePerfData -cp "$work:$driver" ReadShop
