#!/usr/bin/env bash
# Lints compose files and holds them to the compose JSON schema; needs Node, not an engine.
# usage: eng/check-deploy.sh [FILE…]     without a file: the three in deploy/
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tool=$here/deploy-check
files=("$@")
if [ ${#files[@]} -eq 0 ]; then
  files=("$here"/../deploy/docker-compose*.yml)
fi

if [ ! "$tool/node_modules/.package-lock.json" -nt "$tool/package-lock.json" ]; then
  npm ci --prefix "$tool" --ignore-scripts --no-audit --no-fund --silent
fi

filled=$(mktemp -d)
trap 'rm -rf "$filled"' EXIT
for file in "${files[@]}"; do
  node "$tool/interpolate.mjs" "$file" > "$filled/$(basename "$file")"
done

(cd "$filled" && node "$tool/node_modules/dclint/bin/dclint.cjs" --config "$tool/dclint.json" --max-warnings 0 .)
echo "${#files[@]} compose files are good."
