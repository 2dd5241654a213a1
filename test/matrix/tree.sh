#!/usr/bin/env bash
# Trees with another PostgreSQL and what the tests need, for test/matrix/run.sh to source.
#
# apt resolves, downloads and checks the packages, from the mirror that it uses here anyway and as if nothing were
# installed; they are unpacked, and no script of theirs is run. What that leaves out is made up for where it matters.

NOT_TO_BE_HAD=75 # the status of make_tree where the network or Debian is the reason
KEYS=/usr/share/keyrings/debian-archive-keyring.gpg

# No suite has 16. A candidate comes from two: the one that it is meant for has the rest.
suites_of() {
  case $1 in
    15) echo bookworm ;;
    17) echo trixie ;;
    18) echo forky ;;
    19) echo forky experimental ;;
  esac
}

# The address of the first mirror that offers the very Debian that runs here.
mirror() {
  local codename
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  { apt-get --print-uris update 2>/dev/null || true; } | sed -n "s|^'\(.*\)/dists/$codename/InRelease'.*|\1|p" |
    head -n 1
}

# A tree that this script, as it is now, has made to the end.
is_made() { [ "$(cat "$1/made_by" 2>/dev/null)" = "$(recipe)" ]; }
recipe() { cksum <"${BASH_SOURCE[0]}"; }
version_in() { sed -n 's/.* \([0-9][^ ]*\) (.*/\1/p' "$1/version"; }

# make_tree MAJOR TREE: in a subshell of its own, at whose end what is left over goes.
make_tree() {
  local major=$1 tree=$2 work=$2.new
  # shellcheck disable=SC2064  # as it is now
  trap "rm -rf '$work'" EXIT
  rm -rf "$work"
  mkdir -p "$work"/{lists,cache/archives}/partial "$work/root"
  configure_apt "$work" "$major"
  offered "$work" "$major" || return "$NOT_TO_BE_HAD"
  download "$work" "$major"
  unpack "$work"
  settle "$work/root" "$major"
  recipe >"$work/root/made_by"
  rm -rf "$tree"
  mv "$work/root" "$tree"
}

# A candidate's own libraries are newer than those that its suite prefers. What is not set here (proxies, time limits)
# is the machine's own configuration.
configure_apt() {
  local work=$1 suite
  for suite in $(suites_of "$2"); do echo "deb [signed-by=$KEYS] $(mirror) $suite main"; done >"$work/sources"
  : >"$work/status"
  printf '%s\n' "Package: src:postgresql-$2" 'Pin: version *' 'Pin-Priority: 990' >"$work/preferences"
  cat >"$work/apt.conf" <<CONF
Dir::State "$work";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
Dir::Etc::sourcelist "$work/sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "$work/preferences";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
}

offered() {
  local work=$1 major=$2
  apt-get -c "$work/apt.conf" -q update || { echo 'the mirror cannot be reached' && return 1; }
  apt-cache -c "$work/apt.conf" show "postgresql-$major" >"$work/show" || { echo 'the mirror lacks it' && return 1; }
}

# The headers' own dependencies are a clang and an LLVM, for nothing but compiling ahead for JIT. A candidate has no
# pgTAP yet: that of the newest version is as good.
download() {
  local work=$1 major=$2 pgtap
  pgtap=$(apt-cache -c "$work/apt.conf" pkgnames postgresql- | grep '^postgresql-[0-9]*-pgtap$' | sort -V | tail -n 1)
  apt-get -c "$work/apt.conf" -q -y --download-only install '?essential' perl gcc make libc6-dev \
    libtap-parser-sourcehandler-pgtap-perl "postgresql-$major"
  (cd "$work/cache/archives" && apt-get -c "$work/apt.conf" -q download "postgresql-server-dev-$major" "$pgtap")
}

# Older suites' packages do not say that /bin is /usr/bin. JIT is off in the tests.
unpack() {
  local work=$1 directory package
  for directory in bin sbin lib lib64; do
    mkdir -p "$work/root/usr/$directory"
    ln -s "usr/$directory" "$work/root/$directory"
  done
  for package in "$work"/cache/archives/*.deb; do
    case ${package##*/} in libllvm* | libz3*) continue ;; esac
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work/root" --keep-directory-symlink --exclude='./usr/share/doc' \
      --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./usr/share/info'
  done
}

# What the packages' scripts would have done, as far as the tests need it.
settle() {
  local root=$1 major=$2 share=$1/usr/share/postgresql
  chmod 755 "$root"
  cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
  cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
  [ -e "$root/usr/bin/sh" ] || ln -s dash "$root/usr/bin/sh"
  [ -e "$root/usr/bin/awk" ] || ln -s mawk "$root/usr/bin/awk"
  [ -f "$share/$major/extension/pgtap.control" ] || cp "$share"/*/extension/pgtap* "$share/$major/extension"
  rm -f "$root/usr/bin/apt-get" # nothing can be installed in there
  mkdir -p "$root"/{project,data_sets,proc,dev,tmp}
  chroot "$root" "/usr/lib/postgresql/$major/bin/postgres" --version >"$root/version"
}
