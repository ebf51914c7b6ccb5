#!/usr/bin/env bash
# Builds once, runs every test program, prints the time of each and the sum of their result files.
# A suite that is missing, crashes or runs nothing is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
results=artifacts/tests
suites=(Gateway.UnitTests Gateway.IntegrationTests)
eng/install-test-needs.sh
rm -rf "$results"
mkdir -p "$results"
eng/build.sh AIHigress.slnx

options=(-noLogo -noColor -parallelAlgorithm conservative)
[ "${CI:-}" = true ] && options+=(-failSkips)
broken=0
for suite in "${suites[@]}"; do
  program=tests/$suite/bin/Release/net10.0/AIHigress.$suite.dll
  started=$SECONDS
  code=0
  dotnet "$program" "${options[@]}" -result-xml "$results/$suite.xml" >"$results/$suite.log" 2>&1 || code=$?
  ran=$(sed -nE 's/.*<assembly [^>]*[[:space:]]total="([0-9]+)".*/\1/p' "$results/$suite.xml" 2>/dev/null | head -n 1)
  if [ "${ran:-0}" -eq 0 ]; then
    echo "$suite ran nothing (exit code $code); the end of its output:" >&2
    tail -n 40 "$results/$suite.log" >&2
    broken=$((broken + 1))
  elif [ "$code" -ne 0 ]; then
    grep -vE '^\s*(Discovering|Discovered|Starting|Finished)' "$results/$suite.log" | tail -n 200 >&2
  fi
  printf '%-28s %5s tests  %4d s\n' "$suite" "${ran:-0}" $((SECONDS - started))
done

# Once more at the end, where a reader of a long log looks first: each failing test with what it said.
grep -hE -A 20 '\[FAIL\]' "$results"/*.log | cut -c -400 | tail -n 120 >&2 || true
eng/sum-tests.sh "$results" "$broken"
