#!/usr/bin/env bash
# Asks opencode one question through the gateway, headless, and prints its answer.
# Its settings and history go to a home that is deleted afterwards.
# usage: GATEWAY_URL=… GATEWAY_KEY=… [MODEL=…] run.sh [QUESTION]
set -euo pipefail
: "${GATEWAY_URL:?the address of the gateway, without /v1}" "${GATEWAY_KEY:?an API key}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p "$home/.config/opencode"
cp "$here/opencode.json" "$home/.config/opencode/"

options=(--pure)
[ -z "${MODEL:-}" ] || options+=(--model "$MODEL")
env -i PATH="$PATH" HOME="$home" GATEWAY_URL="$GATEWAY_URL" GATEWAY_KEY="$GATEWAY_KEY" \
  OPENCODE_DISABLE_AUTOUPDATE=1 OPENCODE_DISABLE_MODELS_FETCH=1 OPENCODE_DISABLE_LSP_DOWNLOAD=1 OPENCODE_DISABLE_SHARE=1 \
  opencode run "${options[@]}" "${1:-What does README.md say? Read it first.}" </dev/null
