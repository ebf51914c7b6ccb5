#!/usr/bin/env bash
# Warnings as errors, formatting, shell scripts. Quiet when all is well.
set -euo pipefail
cd "$(dirname "$0")/.."
eng/build.sh AIHigress.slnx
dotnet format AIHigress.slnx --no-restore --verify-no-changes --exclude src/Gateway/Data/Migrations -v q
if command -v shellcheck >/dev/null; then
  shellcheck eng/*.sh .ci/run
fi
if [ -x eng/check-deploy.sh ]; then
  eng/check-deploy.sh
fi
if git grep -nIE '"resolved": "https?://' -- '*package-lock.json'; then
  echo "A lock file holds download addresses." >&2
  exit 1
fi
