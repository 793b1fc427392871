#!/bin/bash
# Builds the simulator with other compilers and optimisation levels, and compares the fingerprints of all scenarios with
# those of the program $1. DKV_FINGERPRINTS=all compares more builds. A compiler that is not installed is reported and
# skipped; exit status 77 when none is installed.
# Usage: compilers.sh PROGRAM BUILD_ROOT SCENARIO...
set -uo pipefail
program="${1:?usage: compilers.sh PROGRAM BUILD_ROOT SCENARIO...}"
root="${2:?usage: compilers.sh PROGRAM BUILD_ROOT SCENARIO...}"
shift 2
scenarios=("$@")
source="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

for scenario in "${scenarios[@]}"; do
  out="$("$program" run "$scenario" --json)"
  [ $? -le 1 ] || exit 1  # 1: an expectation failed, which does not matter here
  sed -nE 's/.*"scenario":"([^"]*)".*"fingerprint":"([0-9a-f]{16})".*/\1 \2/p' <<<"$out"
done >"$work/expected"
if [ "$(wc -l <"$work/expected")" -ne "${#scenarios[@]}" ]; then
  echo "$program does not give a fingerprint for each of ${#scenarios[@]} scenarios"
  exit 1
fi

# build NAME COMPILER FLAGS: without debug information and tests, because it is only run.
build() {
  cmake -S "$source" -B "$root/determinism-$1" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_COMPILER="$2" \
    -DCMAKE_CXX_FLAGS="$3" -DDKV_DEBUG_INFO=-g0 -DDKV_UNITY=ON --log-level=WARNING &&
    cmake --build "$root/determinism-$1" -j "${DKV_JOBS:-2}" --target fingerprints
}

# The release build is g++ -O3. The default build differs in both; the others take more time.
builds() {
  echo clang-O0 clang++-19 -O0
  [ "${DKV_FINGERPRINTS:-}" = all ] || return 0
  echo clang-O3 clang++-19 -O3
  echo gcc-O0 g++ -O0
}

failed=0 compared=0
while read -r name compiler flags; do
  if ! command -v "$compiler" >/dev/null; then
    echo "$name: left out, for $compiler could not be found"
    continue
  fi
  start=$SECONDS
  if ! build "$name" "$compiler" "$flags" >"$work/log" 2>&1; then
    tail -n 40 "$work/log"
    echo "$name: does not build"
    failed=1
    continue
  fi
  built=$((SECONDS - start))
  compared=$((compared + 1))
  if ! "$root/determinism-$name/bin/fingerprints" "${scenarios[@]}" >"$work/found"; then
    echo "$name: does not run"
    failed=1
  elif ! diff "$work/expected" "$work/found" >"$work/difference"; then
    echo "$name: other fingerprints (< $program, > $compiler $flags)"
    cat "$work/difference"
    failed=1
  else
    echo "$name: the same fingerprints for ${#scenarios[@]} scenarios ($compiler $flags; built in $built s," \
      "played in $((SECONDS - start - built)) s)"
  fi
done < <(builds)
[ "$failed" -eq 0 ] || exit 1
[ "$compared" -gt 0 ] || exit 77
