#!/usr/bin/env bash
# Runs the steps of deploy/Dockerfile without a container engine, to see that they work; builds no image.
# usage: eng/run-dockerfile-steps.sh OUT      OUT/rootfs is the root of the last stage, OUT/image.json its settings
#
# The SDK stage runs on this machine's own files under a throw-away layer, so nothing outside OUT changes. The last stage
# starts from a root that holds this machine's ASP.NET runtime, what that is linked with, certificates and time zones,
# and nothing else: no shell, no SDK. Needs root, for mount and chroot, and Node.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ "$(id -u)" -ne 0 ]; then
  echo "eng/run-dockerfile-steps.sh: must run as root (it mounts a throw-away layer over the file system)" >&2
  exit 1
fi

mkdir -p "${1:?usage: eng/run-dockerfile-steps.sh OUT}"
exec unshare --mount --propagation private node "$here/deploy-check/dockerfile-steps.mjs" "$here/.." "$(cd "$1" && pwd)"
