#!/usr/bin/env bash
# Asks Gemini CLI one question through the gateway, headless, and prints its answer.
# It runs its tools without asking: use it in a folder, or a container, where that is no harm. Its settings and
# history go to a home that is deleted afterwards.
# usage: GATEWAY_URL=… GATEWAY_KEY=… [MODEL=…] run.sh [QUESTION]
set -euo pipefail
: "${GATEWAY_URL:?the address of the gateway, without /v1beta}" "${GATEWAY_KEY:?an API key}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir "$home/.gemini"
cp "$here/settings.json" "$home/.gemini/"

options=(--approval-mode yolo --skip-trust --output-format text)
[ -z "${MODEL:-}" ] || options+=(--model "$MODEL")
env -i PATH="$PATH" HOME="$home" GOOGLE_GEMINI_BASE_URL="$GATEWAY_URL" GEMINI_API_KEY="$GATEWAY_KEY" \
  gemini --prompt "${1:-What does README.md say? Read it first.}" "${options[@]}" </dev/null
