#!/bin/bash
# Replays every scenario with the program given as $1, and ends with one verdict. Exit status 1 if one of them failed.
set -uo pipefail
program="${1:?usage: demo.sh PROGRAM [SCENARIO...]}"
shift
[ $# -gt 0 ] || set -- scenarios/*.yaml
if [ ! -e "$1" ]; then
  echo "demo: no scenario at $1" >&2
  exit 2
fi

bold='' red='' green='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
fi

total=$# number=0 failed=0 summary=''
for scenario in "$@"; do
  number=$((number + 1))
  printf '\n%s━━━ %d of %d: %s%s\n\n' "$bold" "$number" "$total" "$scenario" "$plain"
  start=$EPOCHREALTIME
  "$program" run "$scenario"
  status=$?
  took_ms=$(((${EPOCHREALTIME/[.,]/} - ${start/[.,]/}) / 1000))
  verdict="${green}held  $plain"
  case $status in
    0) ;;
    1) verdict="${red}FAILED$plain" failed=$((failed + 1)) ;;
    *) verdict="${red}BROKEN$plain" failed=$((failed + 1)) ;;  # bad input or a crash: there is no verdict
  esac
  summary+="$(printf '  %s  %-58s %5d ms' "$verdict" "$scenario" "$took_ms")"$'\n'
done

printf '\n%s━━━ %d scenarios replayed%s\n\n%s\n' "$bold" "$total" "$plain" "$summary"
if [ "$failed" -gt 0 ]; then
  printf '%sVerdict: %d of %d did not hold.%s Replay one with: %s run SCENARIO\n' "$red" "$failed" "$total" "$plain" "$program"
  exit 1
fi
printf '%sVerdict: all %d held.%s\n' "$green" "$total" "$plain"
