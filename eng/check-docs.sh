#!/usr/bin/env bash
# Runs the commands of documentation pages and compares what they print with what the pages show (eng/check-docs.mjs).
# usage: eng/check-docs.sh [FILE.md…] [--write]     without a file: README.md and docs/quick-start.md
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -eq 0 ] || [ "$*" = --write ]; then
  set -- README.md docs/quick-start.md "$@"
fi
exec node eng/check-docs.mjs "$@"
