#!/bin/bash
# The tests that take minutes to hours. Each part names its command before it runs; the first failure ends the script.
# Usage: long.sh [--sample] [PART...]; without a PART it runs all. --sample is for CI: each part takes at most two
# minutes or is skipped. The parts:
#   fingerprints  the fingerprints of all scenarios across compilers and optimisation levels
#   seeds         many random clusters, loads and faults under all oracles
#   sanitizers    every test, and random seeds, under the address and undefined-behaviour sanitizers
#   threads       the real host's tests under the thread sanitizer
#   frames        libFuzzer on the code that reads bytes from the network
#   drills        nodes that are killed and clusters over loopback, many times
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs="${JOBS:-$(nproc)}"

sample=''
if [ "${1:-}" = --sample ]; then
  sample=yes
  shift
fi
parts=("$@")
if [ ${#parts[@]} -eq 0 ]; then
  parts=(seeds frames drills)
  if [ -z "$sample" ]; then parts=(fingerprints seeds sanitizers threads frames drills); fi
fi

# pick LONG SHORT: prints the second one for a sample.
pick() { if [ -n "$sample" ]; then echo "$2"; else echo "$1"; fi; }
say() {
  printf '\n━━━ %s\n' "$*"
  "$@"
}
# build PRESET TARGET...
build() {
  cmake --preset "$1" --log-level=WARNING >/dev/null
  cmake --build "build/$1" -j "$jobs" --target "${@:2}"
}

fingerprints() {
  build release distri-kv
  DKV_FINGERPRINTS=all say ctest --test-dir build/release -L '^determinism$' --no-tests=error --output-on-failure
}

seeds() {
  build release distri-kv
  say build/release/bin/distri-kv fuzz --time "$(pick 30m 45s)" --jobs "$jobs"
}

sanitizers() {
  export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
  build asan all
  say ctest --test-dir build/asan --output-on-failure -j "$jobs"
  say build/asan/bin/distri-kv fuzz --time "$(pick 10m 30s)" --jobs "$jobs"
}

threads() {
  build tsan test_runtime test_kill test_integration distri-kv
  say ctest --test-dir build/tsan -R '^(runtime|kill|integration):' --no-tests=error --output-on-failure -j "$jobs"
}

frames() {
  build fuzz fuzzers
  local target found
  found="$(mktemp -d)"
  for target in build/fuzz/bin/fuzz_*; do
    local corpus="tests/fuzz/corpus/${target##*/fuzz_}"
    # New inputs go to the first folder; the repository's corpus is only read.
    say "$target" -max_total_time="$(pick 600 20)" -artifact_prefix="$found/" "$found" "$corpus"
  done
  rm -rf "$found"
}

drills() {
  build release test_kill test_integration
  say ctest --test-dir build/release -R '^(kill|integration):' --no-tests=error --output-on-failure \
    --repeat until-fail:"$(pick 20 2)"
}

for part in "${parts[@]}"; do
  case $part in
    fingerprints | seeds | sanitizers | threads | frames | drills) "$part" ;;
    *)
      echo "long.sh: no part '$part'; there are fingerprints, seeds, sanitizers, threads, frames and drills" >&2
      exit 2
      ;;
  esac
done
