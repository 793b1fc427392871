#!/bin/bash
# The real window on a virtual screen: it opens, draws with OpenGL for a moment and closes. Without OpenGL or a screen
# the program must report that and exit with 2.
# Usage: window.sh PROGRAM SCENARIO. Exit status 77: Xvfb is not installed.
set -euo pipefail
program="${1:?usage: window.sh PROGRAM SCENARIO}" scenario="${2:?}"
command -v Xvfb >/dev/null || exit 77
work="$(mktemp -d)"
xvfb=
cleanup() {
  if [ -n "$xvfb" ]; then kill "$xvfb" 2>/dev/null || true; wait "$xvfb" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

# The X server picks a free display and writes its number.
Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$work/display" >"$work/xvfb.log" 2>&1 &
xvfb=$!
for _ in $(seq 100); do
  [ -s "$work/display" ] && break
  kill -0 "$xvfb" 2>/dev/null || { echo "Xvfb ended:"; cat "$work/xvfb.log"; exit 77; }
  sleep 0.1
done
[ -s "$work/display" ] || { echo "Xvfb says nothing"; exit 1; }

run() { env -u WAYLAND_DISPLAY LIBGL_ALWAYS_SOFTWARE=1 "$@"; }
DISPLAY=":$(cat "$work/display")" run timeout 60 "$program" "$scenario" --for 2 >"$work/out" 2>&1 || {
  status=$?
  echo "exit status $status"; cat "$work/out"; exit 1
}
[ -s "$work/out" ] && { echo "it should have nothing to say:"; cat "$work/out"; exit 1; }

status=0
DISPLAY=:987654 run timeout 60 "$program" "$scenario" --for 2 >"$work/out" 2>&1 || status=$?
[ "$status" -eq 2 ] || { echo "without a screen: exit status $status, not 2"; cat "$work/out"; exit 1; }
grep -q -- '--shot' "$work/out" || { echo "without a screen it names no way out:"; cat "$work/out"; exit 1; }
echo "the window opened, drew and closed"
