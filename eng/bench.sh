#!/usr/bin/env bash
# The load bench beside YARP and nginx in one run.
set -euo pipefail
cd "$(dirname "$0")/.."
missing=()
command -v nginx >/dev/null || missing+=(nginx-light)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "The bench needs these Debian packages: ${missing[*]}. Install them, then try again." >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
# The peer that is measured beside us; without it its row is left out.
peer=artifacts/bench/peer
if command -v npm >/dev/null && [ ! -d "$peer/node_modules/@portkey-ai/gateway" ]; then
  mkdir -p "$peer"
  npm install --prefix "$peer" --no-save --no-package-lock --no-audit --no-fund --ignore-scripts --silent @portkey-ai/gateway@1.15.2 || rm -rf "$peer"
fi
eng/build.sh bench/Load
exec dotnet bench/Load/bin/Release/net10.0/AIHigress.Load.dll "$@"
