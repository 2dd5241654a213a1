#!/usr/bin/env bash
# What make dist packs for PGXN has one directory at its top, all files of the commit, and builds in another directory
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=test/include/tap.sh
source "$(dirname "${BASH_SOURCE[0]}")/include/tap.sh"
for program in git unzip; do
  command -v "$program" >/dev/null || { echo "1..0 # SKIP no $program here" && exit; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" "$root/clientele.control")
name=clientele-$version

# A repository of the tree as it is here: without what was built, committed or not.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test
git init -q "$work/tree"
tar -C "$root" --exclude=./.git -cf - . | tar -C "$work/tree" -xf -
cd "$work/tree" || exit
git clean -q -d -f -X
git add . && git commit -q -m all

quiet() { make -s with_llvm=no COPT=-O0 "$@"; } # nothing of it is run
ok 'make dist' quiet dist
ok '... makes a zip of this version' test -f "$name.zip"
packed() { unzip -q "$name.zip" -d "$work/unpacked" && test "$(ls "$work/unpacked")" = "$name"; }
ok '... with one directory at its top' packed
same_files() { diff <(git ls-files | sort) <(cd "$work/unpacked/$name" && find . -type f -printf '%P\n' | sort); }
ok '... and every file of the commit' same_files
for file in META.json README.md LICENSE CHANGELOG.md clientele.control; do ok "... $file among them" test -s "$work/unpacked/$name/$file"; done
echo >>README.md
refuses() { ! quiet dist 2>error && grep -q 'commit first' error; }
ok 'what is not committed is refused in words' refuses

# As make builds in the tree itself for all the other tests, here it does so in another directory.
chmod -R a-w "$work/unpacked"
mkdir "$work/elsewhere"
elsewhere() { quiet -j2 -C "$work/elsewhere" -f "$work/unpacked/$name/Makefile" "VPATH=$work/unpacked/$name" "$@"; }
builds_elsewhere() { elsewhere all && test -f "$work/elsewhere/clientele.so" && cmp "$work/elsewhere/clientele--$version.sql" "$root/clientele--$version.sql"; }
ok 'it builds, in another directory and from one that cannot be written, to the same script' builds_elsewhere
ok '... and installs from there' elsewhere install "DESTDIR=$work/installed"
scripts_installed() {
  diff <({ echo "clientele--$version.sql"; find "$root/release" -name 'clientele--*.sql' -printf '%f\n'; } | sort -u) \
    <(find "$work/installed" -name 'clientele--*.sql' -printf '%f\n' | sort)
}
ok '... with all scripts' scripts_installed
chmod -R u+w "$work/unpacked"
echo "1..$number"
