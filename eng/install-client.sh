#!/usr/bin/env bash
# Installs what a sample's package.json names into artifacts/clients/NAME, unless it is there, adds the sample's own
# modules and prints that folder. The samples themselves stay clean.
# A sample without a lock file is one whose packages for other platforms can't be had everywhere, which a lock must list.
# usage: eng/install-client.sh NAME
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1
folder=$PWD/artifacts/clients/$name
mkdir -p "$folder"
exec 9>"$folder.lock"
flock 9
wanted=$(cat samples/"$name"/package*.json | sha256sum)
if [ "$(cat "$folder/installed" 2>/dev/null || true)" != "$wanted" ]; then
  rm -rf "${folder:?}"/*
  cp samples/"$name"/package*.json "$folder/"
  how=ci
  [ -e "$folder/package-lock.json" ] || how='install --no-package-lock'
  # shellcheck disable=SC2086 # the command and its option
  npm $how --prefix "$folder" --no-audit --no-fund --loglevel=error >&2
  echo "$wanted" >"$folder/installed"
fi
find "samples/$name" -maxdepth 1 -name '*.mjs' -exec cp -t "$folder" {} +
echo "$folder"
