#!/usr/bin/env bash
# The server beside a mock provider, configured by a gateway.yaml of its own; some sample traffic; Ctrl-C ends both.
set -euo pipefail
cd "$(dirname "$0")/.."
eng/build.sh src/Gateway
eng/build.sh tests/MockUpstream
folder=${DATA_DIR:-$PWD/data/demo}
mkdir -p "$folder"
port=${PORT:-8000}
random() { od -An -N18 -tx1 /dev/urandom | tr -d ' \n'; }

dotnet tests/MockUpstream/bin/Release/net10.0/AIHigress.MockUpstream.dll --urls http://127.0.0.1:0 \
  --name demo --models demo-small,demo-large >"$folder/mock.log" 2>&1 &
mock=$!
server=
stop() {
  [ -z "$server" ] || kill -TERM "$server" 2>/dev/null || true
  kill -TERM "$mock" 2>/dev/null || true
  [ -z "$server" ] || wait "$server" || true
}
trap stop EXIT
trap 'exit 0' INT TERM
# A busy machine may take long to start them; each wait ends by itself when its program does.
upstream=
for _ in $(seq 1200); do
  upstream=$(sed -n 's/^MOCK READY //p' "$folder/mock.log")
  [ -n "$upstream" ] && break
  kill -0 "$mock" 2>/dev/null || { cat "$folder/mock.log" >&2; exit 1; }
  sleep 0.1
done
[ -n "$upstream" ] || { echo "The mock provider did not start within two minutes; see $folder/mock.log" >&2; exit 1; }

cat >"$folder/gateway.yaml" <<YAML
providers:
  - id: mock
    kind: openai
    base_url: $upstream/v1
    keys:
      - { label: demo, key: env:DEMO_UPSTREAM_KEY }
    models: [demo-small, demo-large]
logical_models:
  - id: fast
    aliases: [gpt-4o-mini]
    upstreams:
      - { provider: mock, model: demo-small, weight: 3 }
      - { provider: mock, model: demo-large, weight: 1 }
api_keys:
  - { name: demo, key: env:DEMO_KEY, user: demo@example.com }
YAML
DEMO_KEY=sk-demo-$(random)
DEMO_UPSTREAM_KEY=sk-mock-$(random)
export DEMO_KEY DEMO_UPSTREAM_KEY
export CONFIG_FILE=$folder/gateway.yaml DATA_DIR=$folder DEMO_MODE=true LOG_FORMAT=${LOG_FORMAT:-text}
export DEFAULT_ADMIN_EMAIL=demo@example.com DEFAULT_ADMIN_PASSWORD=${DEMO_PASSWORD:-demo-$(random)}
first=$([ -e "$folder/aihigress.db" ] && echo no || echo yes)
dotnet src/Gateway/bin/Release/net10.0/aihigress.dll --port "$port" &
server=$!
for _ in $(seq 1200); do
  [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/health/ready" || true)" = 200 ] && break
  kill -0 "$server" 2>/dev/null || { wait "$server" || exit 1; }
  sleep 0.1
done

for text in "Hello" "What is a gateway?" "Count to eight."; do
  curl -s -o /dev/null "http://127.0.0.1:$port/v1/chat/completions" -H "Authorization: Bearer $DEMO_KEY" \
    -H 'Content-Type: application/json' -d "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"$text\"}]}"
done
cat <<TEXT

Demo: a mock provider answers at $upstream; nothing leaves this machine.
  Key       $DEMO_KEY (good until this demo ends)
  Sign in   demo@example.com$([ "$first" = yes ] && echo " with $DEFAULT_ADMIN_PASSWORD" || echo " with the password of the first demo")

Try it:

curl -N http://127.0.0.1:$port/v1/chat/completions \\
  -H "Authorization: Bearer $DEMO_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model":"fast","stream":true,"messages":[{"role":"user","content":"Hello"}]}'

TEXT
wait "$server"
