#!/usr/bin/env bash
# Asks Codex one question through the gateway, headless, and prints its answer.
# Its commands run without a sandbox: use it in a folder, or a container, where that is no harm. Its settings and
# history go to a home that is deleted afterwards.
# usage: GATEWAY_URL=… GATEWAY_KEY=… [MODEL=…] run.sh [QUESTION]
set -euo pipefail
: "${GATEWAY_URL:?the address of the gateway, without /v1}" "${GATEWAY_KEY:?an API key}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir "$home/.codex"
cp "$here/config.toml" "$home/.codex/"

options=(--skip-git-repo-check --ephemeral --sandbox danger-full-access)
options+=(-c "model_providers.aihigress.base_url=\"$GATEWAY_URL/v1\"")
[ -z "${MODEL:-}" ] || options+=(--model "$MODEL")
env -i PATH="$PATH" HOME="$home" GATEWAY_KEY="$GATEWAY_KEY" \
  codex exec "${options[@]}" "${1:-What does README.md say? Read it first.}" </dev/null
