#!/bin/bash
# Plays every scenario with the program $1, with another hash salt and without the codec. Neither may change the run.
# Usage: options.sh PROGRAM SCENARIO...
set -uo pipefail
program="${1:?usage: options.sh PROGRAM SCENARIO...}"
shift
failed=0

fingerprint() {
  local out status
  out="$("$program" run "$@" --json)"
  status=$?
  # 1: an expectation failed, which does not matter here.
  [ "$status" -le 1 ] || { echo "'$program run $*' ended with status $status" >&2; return 1; }
  sed -nE 's/.*"fingerprint":"([0-9a-f]{16})".*/\1/p' <<<"$out"
}

for scenario in "$@"; do
  expected="$(fingerprint "$scenario")"
  if [ -z "$expected" ]; then
    echo "$scenario: no fingerprint"
    failed=1
    continue
  fi
  for option in '--hash-salt 12345' '--no-codec'; do
    # shellcheck disable=SC2086  # two words
    found="$(fingerprint "$scenario" $option)"
    if [ "$found" != "$expected" ]; then
      echo "$scenario: the fingerprint is $expected, and ${found:-none} with $option"
      failed=1
    fi
  done
done
[ "$failed" -eq 0 ] && echo "$# scenarios: the same fingerprints under another hash salt and without the codec"
exit "$failed"
