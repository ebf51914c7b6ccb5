#!/usr/bin/env bash
# Builds a project or the solution (Release); silent when all is well.
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! dotnet build "$1" -c Release -m:2 --nologo -v q -clp:NoSummary >"$log" 2>&1; then
  grep -E 'error|warn' "$log" | sort -u >&2 || cat "$log" >&2
  echo "The build of $1 failed." >&2
  exit 1
fi
