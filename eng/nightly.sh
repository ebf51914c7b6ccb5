#!/usr/bin/env bash
# The fuzzed classes with as many cases as a night has time for. What fails prints the seed that repeats it.
set -euo pipefail
cd "$(dirname "$0")/.."
export FUZZ_CASES=${FUZZ_CASES:-1000000}
results=artifacts/nightly
mkdir -p "$results"
eng/build.sh tests/Gateway.UnitTests
exec dotnet tests/Gateway.UnitTests/bin/Release/net10.0/AIHigress.Gateway.UnitTests.dll -noLogo -noColor \
  -class 'AIHigress.Gateway.UnitTests.Wire.CodecFuzz' -class 'AIHigress.Gateway.UnitTests.Wire.Translation.*' \
  -result-xml "$results/Gateway.UnitTests.xml"
