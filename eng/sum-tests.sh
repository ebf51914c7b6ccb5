#!/usr/bin/env bash
# Sums the result files: "N passed, N failed" (suites that did not run count as failed). Exit 1 when anything failed.
set -euo pipefail
results=$1
passed=0
failed=${2:-0}
shopt -s nullglob
for file in "$results"/*.xml; do
  line=$(grep -oE '<assembly [^>]*>' "$file" | head -n 1)
  number() { sed -nE "s/.*[[:space:]]$1=\"([0-9]+)\".*/\1/p" <<<"$line"; }
  passed=$((passed + $(number passed)))
  failed=$((failed + $(number failed) + $(number errors)))
done
[ "$passed" -gt 0 ] || failed=$((failed + 1))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
