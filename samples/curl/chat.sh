#!/usr/bin/env bash
# Lists the models of a key, asks once, streams once.
set -euo pipefail
: "${GATEWAY_URL:?the address of the gateway}" "${GATEWAY_KEY:?an API key}" "${MODEL:?a model of the list}"

echo "Models:"
curl -fsS "$GATEWAY_URL/v1/models" -H "Authorization: Bearer $GATEWAY_KEY"
echo

echo "Answer:"
curl -fsS "$GATEWAY_URL/v1/chat/completions" \
  -H "Authorization: Bearer $GATEWAY_KEY" -H "Content-Type: application/json" \
  -d "{\"model\":\"$MODEL\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
echo

# -N: show each event when it comes.
echo "Stream:"
curl -fsSN "$GATEWAY_URL/v1/chat/completions" \
  -H "Authorization: Bearer $GATEWAY_KEY" -H "Content-Type: application/json" \
  -d "{\"model\":\"$MODEL\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
