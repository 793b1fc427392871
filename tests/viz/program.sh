#!/bin/bash
# distri-kv-viz as scripts use it: pictures, scripts, exit statuses and messages.
# Usage: program.sh PROGRAM SCENARIOS_FOLDER
set -euo pipefail
program="${1:?usage: program.sh PROGRAM SCENARIOS_FOLDER}" scenarios="${2:?}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
failed=0
# expect STATUS WORDS COMMAND...: checks the exit status, and that the output contains the words.
expect() {
  local wanted="$1" words="$2" status=0
  shift 2
  "$@" >"$work/out" 2>&1 || status=$?
  if [ "$status" -ne "$wanted" ] || { [ -n "$words" ] && ! grep -qF -- "$words" "$work/out"; }; then
    echo "$*: exit status $status, not $wanted, or no \"$words\" in:"; head -20 "$work/out"; failed=1
  fi
}
is_png() { [ "$(head -c 8 "$1" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ]; }

story="$scenarios/shopping-carts.yaml"
expect 0 "" "$program" "$story" --shot "$work/a.png" --at 4.5s --focus key=cart --size 800x600
is_png "$work/a.png" || { echo "no picture"; failed=1; }
"$program" "$story" --shot "$work/b.png" --at 4.5s --focus key=cart --size 800x600
cmp "$work/a.png" "$work/b.png" || { echo "two pictures of one moment differ"; failed=1; }

expect 0 "Usage" "$program" --help
expect 2 "scenario is required" "$program"
expect 2 "can't be opened" "$program" "$work/none.yaml"
expect 2 "--at" "$program" "$story" --at soon
expect 2 "--size" "$program" "$story" --size 10x10
expect 2 "there is no node" "$program" "$story" --shot "$work/c.png" --focus node=nobody
expect 2 "there is no panel" "$program" "$story" --shot "$work/c.png" --panel nothing
expect 2 "can't be written" "$program" "$story" --shot "$work/none/c.png"
printf 'run: 5s\ncluster: {nodez: 3}\n' >"$work/bad.yaml"
expect 2 "bad.yaml:2:" "$program" "$work/bad.yaml" --shot "$work/c.png"

printf 'press Right\nexpect event 1\nclick Nowhere\n' >"$work/ui.txt"
expect 1 "ui.txt:3:1" "$program" "$story" --script "$work/ui.txt"
printf 'press Right\nklick Play\n' >"$work/ui.txt"
expect 2 "ui.txt:2:1" "$program" "$story" --script "$work/ui.txt"
printf 'press Right\nexpect event 1 # one step\n' >"$work/ui.txt"
expect 0 "" "$program" "$story" --script "$work/ui.txt"
exit "$failed"
