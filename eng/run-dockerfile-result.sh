#!/usr/bin/env bash
# Starts what eng/run-dockerfile-steps.sh made, as an engine would with `--read-only --network none`: a read-only root,
# DATA at the volume as the only place that can be written, the user and environment of the Dockerfile, no capability,
# a network of its own with nothing but loopback. Without a command the Dockerfile's own runs.
#
# usage: eng/run-dockerfile-result.sh OUT DATA [NAME=value…] [command…]        (as root)
#        eng/run-dockerfile-result.sh --inside PID OUT command…                run a program beside it, PID being its id
set -euo pipefail

setting() { node -p "const image = JSON.parse(require('fs').readFileSync('$1/image.json')); $2"; }
environment() { setting "$1" "Object.entries(image.env).map((pair) => pair.join('=')).join('\n')"; }

if [ "${1:-}" = --inside ]; then
  pid=$2 out=$3
  shift 3
  IFS=: read -r uid gid < <(setting "$out" image.user)
  mapfile -t env < <(environment "$out")
  exec env -i "${env[@]}" "$(command -v nsenter)" --target "$pid" --mount --net --root --wd --setuid "$uid" --setgid "$gid" -- "$@"
fi

out=$(cd "$1" && pwd) data=$(cd "$2" && pwd)
shift 2
mapfile -t env < <(environment "$out")
while [[ "${1:-}" =~ ^[A-Z][A-Z0-9_]*= ]]; do
  env+=("$1")
  shift
done

if [ $# -eq 0 ]; then
  mapfile -t command < <(setting "$out" "image.command.join('\n')")
  set -- "${command[@]}"
fi

mapfile -t entry < <(setting "$out" "image.entrypoint.join('\n')")
IFS=: read -r uid gid < <(setting "$out" image.user)
chown "$uid:$gid" "$data"
root=$out/rootfs volume=$(setting "$out" image.volume) folder=$(setting "$out" image.folder)
export root data volume

# shellcheck disable=SC2016  # the inner shell's variables
exec unshare --mount --net --propagation private bash -euc '
  ip link set lo up
  mount --bind "$root" "$root"
  mount --bind "$data" "$root$volume"
  mount -t proc proc "$root/proc"
  mount --bind /dev "$root/dev"
  mount -o remount,bind,ro "$root"
  exec "$@"
' result env -i "${env[@]}" "$(command -v setpriv)" --no-new-privs --clear-groups \
  "$(command -v unshare)" --root="$root" --wd="$folder" --setgid "$gid" --setuid "$uid" "${entry[@]}" "$@"
