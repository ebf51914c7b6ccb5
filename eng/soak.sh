#!/usr/bin/env bash
# The long rows of the fault suite: tests with the trait Category=Soak, which `make test` leaves out. Prints what each
# measured; fails when one does.
#   SOAK_SECONDS            how long the mixed load runs (3600)
#   SOAK_OUTAGE_SECONDS     how long PostgreSQL and Redis are away (30)
#   SOAK_TOLERANCE_PERCENT  how much more memory the last quarter may need than the second (5)
#   SOAK_METHOD             only tests whose name matches, such as '*MixedLoad*'
set -euo pipefail
cd "$(dirname "$0")/.."
results=artifacts/soak
mkdir -p "$results"
eng/install-test-needs.sh
eng/build.sh tests/Gateway.IntegrationTests
selection=()
[ -z "${SOAK_METHOD:-}" ] || selection=(-method "$SOAK_METHOD")
exec dotnet tests/Gateway.IntegrationTests/bin/Release/net10.0/AIHigress.Gateway.IntegrationTests.dll -noLogo -noColor \
  -explicit only -trait Category=Soak "${selection[@]}" -maxThreads 1 -showLiveOutput -result-xml "$results/soak.xml"
