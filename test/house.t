#!/usr/bin/env bash
# The house: one version everywhere, a META.json that PGXN accepts, no warning in gcc or clang, a clear word about old servers
set -u
source_tree=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=test/include/tap.sh
source "$(dirname "${BASH_SOURCE[0]}")/include/tap.sh"
skip() { number=$((number + 1)) && echo "ok $number # SKIP $1"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$source_tree/Makefile" "$source_tree/clientele.control" "$source_tree/src" "$work"
cd "$work" || exit
find . -name '*.o' -delete

version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" clientele.control)

# What the PGXN meta spec 1.0.0 requires
meta_is_valid() {
  perl -MJSON::PP -0777 -ne '
    my $meta = decode_json($_);
    my $extension = $meta->{provides}{clientele} or die "provides lacks clientele\n";
    $meta->{name} =~ /^[^\/\\\x00-\x20]{2,}$/ or die "name\n";
    length $meta->{$_} or die "$_ is missing\n" for qw(abstract maintainer license);
    $_ eq $ENV{version} or die "version $_ is not $ENV{version}\n" for $meta->{version}, $extension->{version};
    -f "$ENV{tree}/$_" or die "$_ is no file\n" for $extension->{file}, $extension->{docfile};
    $meta->{"meta-spec"}{version} eq "1.0.0" or die "meta-spec\n";
    $meta->{"meta-spec"}{url} =~ m{^https?://pgxn\.org/meta/spec\.txt$} or die "meta-spec url\n";
    $meta->{release_status} =~ /^(stable|testing|unstable)$/ or die "release_status\n";
    $_ =~ /^\d+\.\d+\.\d+$/ or die "prerequisite $_ is no semantic version\n" for values %{$meta->{prereqs}{runtime}{requires}};
  ' "$source_tree/META.json"
}
export version tree="$source_tree"
ok 'META.json is what PGXN accepts, with the version of the control file' meta_is_valid
ok 'the changelog begins with the version' test "$(sed -n 's/^## \([^ ,]*\).*/\1/p' "$source_tree/CHANGELOG.md" | head -n 1)" = "$version"
ok "... and so does Debian's" test "$(sed -n '1s/^clientele (\(.*\)) .*/\1/p' "$source_tree/debian/changelog")" = "$version"
ok 'docs/install.md names files of the version, and of no other' \
  test "$(grep -o 'clientele[-_][0-9][0-9.]*[0-9]' "$source_tree/docs/install.md" | sed 's/.*[-_]//' | sort -u)" = "$version"
ok 'the installed extension has the version' \
  test "$(psql -XqAtc "SELECT extversion FROM pg_extension WHERE extname = 'clientele'")" = "$version"

# An install script is read in the encoding of each database, which need not have any other character.
is_ascii() { ! LC_ALL=C grep -na '[^[:print:][:space:]]' "$1"; }
ok 'the install script is made' make -s "clientele--$version.sql"
ok '... in ASCII alone' is_ascii "clientele--$version.sql"
others_are_ascii() { ! LC_ALL=C grep -rna --include='*.sql' --exclude-dir=words --exclude='*names.sql' '[^[:print:][:space:]]' src; }
ok '... of SQL that is ASCII but for words and names' others_are_ascii

# A server's own flags, those of its compiler, need not be known to another.
builds() { make -s clean && make -s -j2 with_llvm=no CC="$1" COPT='-Wall -Wextra -Werror -Wno-unknown-warning-option'; }
for compiler in gcc clang; do
  if command -v "$compiler" >/dev/null; then
    ok "no warning in $compiler with -Wall -Wextra -Werror" builds "$compiler"
  else
    skip "no $compiler here"
  fi
done

printf '#!/bin/sh\necho PostgreSQL 14.11\n' >old_pg_config
chmod +x old_pg_config
refuses() { ! make PG_CONFIG="$1" 2>error && grep -q "$2" error; }
ok 'PostgreSQL 14 is refused in words' refuses ./old_pg_config 'needs PostgreSQL 15 or later'
ok 'a missing pg_config too' refuses ./none 'cannot run "./none"'
echo "1..$number"
