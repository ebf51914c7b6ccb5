#!/usr/bin/env bash
# Asks Claude Code one question through the gateway, headless, and prints its answer.
# It may only read files of the working directory; its settings and history go to a home that is deleted afterwards.
# usage: GATEWAY_URL=… GATEWAY_KEY=… [MODEL=…] run.sh [QUESTION]
set -euo pipefail
: "${GATEWAY_URL:?the address of the gateway, without /v1}" "${GATEWAY_KEY:?an API key}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir "$home/.claude"
cp "$here/settings.json" "$home/.claude/"

options=(--output-format text --allowedTools Read)
[ -z "${MODEL:-}" ] || options+=(--model "$MODEL")
env -i PATH="$PATH" HOME="$home" ANTHROPIC_BASE_URL="$GATEWAY_URL" ANTHROPIC_AUTH_TOKEN="$GATEWAY_KEY" \
  claude -p "${1:-What does README.md say? Read it first.}" "${options[@]}" </dev/null
