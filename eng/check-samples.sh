#!/usr/bin/env bash
# Runs every sample against a demo (server and mock provider) of its own, and says what each printed.
# usage: eng/check-samples.sh
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
port=$(node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })")
DATA_DIR=$folder/data PORT=$port eng/demo.sh >"$folder/demo.log" 2>&1 &
demo=$!
stop() {
  # Not INT: a shell without a terminal makes its background jobs deaf to that.
  kill -TERM "$demo" 2>/dev/null || true
  wait "$demo" || true
  rm -rf "$folder"
}
trap stop EXIT
until grep -q '^Try it' "$folder/demo.log"; do
  kill -0 "$demo" 2>/dev/null || { cat "$folder/demo.log" >&2; exit 1; }
  sleep 0.2
done

GATEWAY_KEY=$(sed -nE 's/^  Key +(\S+).*/\1/p' "$folder/demo.log")
export GATEWAY_KEY GATEWAY_URL=http://127.0.0.1:$port MODEL=fast
echo "== curl"
samples/curl/chat.sh
echo "== openai-node"
openai=$(eng/install-client.sh openai-node)
node "$openai/chat.mjs"
echo "== openai-dotnet"
eng/build.sh samples/openai-dotnet
dotnet samples/openai-dotnet/bin/Release/net10.0/AIHigress.OpenAIDotnet.dll
