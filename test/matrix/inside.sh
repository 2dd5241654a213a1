#!/usr/bin/env bash
# inside.sh MOUNTS TREE PROJECT DATA [NAME...]: test/run.sh in a copy of the tree, which lives in memory and goes when
# this ends. test/matrix/run.sh calls it in namespaces of its own, so that no mount and no process outlives it either.
set -euo pipefail
mounts=$1 tree=$2 project=$3 data=$4
shift 4

mount -t tmpfs -o mode=755 clientele "$mounts"
mkdir "$mounts"/{changes,work,root}
mount -t overlay -o "lowerdir=$tree,upperdir=$mounts/changes,workdir=$mounts/work" overlay "$mounts/root"
cd "$mounts/root"
mount --bind -o ro "$project" project
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 shm dev/shm
if [ -n "$data" ] && [ -d "$data" ]; then
  mount --bind -o ro "$data" data_sets
  data=/data_sets
fi
exec chroot . env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin COPT="${COPT:-}" CLIENTELE_DATA="$data" \
  CLIENTELE_CLOCK="${CLIENTELE_CLOCK:-}" bash /project/test/run.sh "$@"
