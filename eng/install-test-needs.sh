#!/usr/bin/env bash
# What the tests need beyond the SDK and Node: real PostgreSQL, Redis and nginx servers (their binaries; the tests start their own), and
# `ip` for the network of the Dockerfile's result, curl and jq for the commands of the documentation.
set -euo pipefail
missing=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v nginx >/dev/null || missing+=(nginx)
command -v ip >/dev/null || missing+=(iproute2)
for tool in curl jq; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
[ "${#missing[@]}" -gt 0 ] || exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "The tests need these Debian packages: ${missing[*]}. Install them (apt-get install ${missing[*]}), then try again." >&2
  exit 1
fi
echo "Installing ${missing[*]} for the tests …"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
