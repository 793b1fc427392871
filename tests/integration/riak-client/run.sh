#!/usr/bin/env bash
# Installs a published Riak client into the build folder, once, and runs client.js against a real node.
# Usage: run.sh PROGRAM BUILD_FOLDER. Exit status 77: skipped, without npm or its registry.
set -euo pipefail
program=$1
build=$2/riak-client
here=$(cd "$(dirname "$0")" && pwd)

skip() {
  echo "SKIPPED: $1"
  exit 77
}

command -v node >/dev/null && command -v npm >/dev/null || skip "node and npm are not installed"
mkdir -p "$build"
if ! cmp -s "$here/package-lock.json" "$build/installed-lock.json"; then
  cp "$here/package.json" "$here/package-lock.json" "$build/"
  (cd "$build" && timeout 120 npm ci --no-audit --no-fund >npm.log 2>&1) ||
    skip "npm can't install the client: $(tail -n 1 "$build/npm.log")"
  cp "$build/package-lock.json" "$build/installed-lock.json"
fi
cp "$here/client.js" "$build/"

folder=$(mktemp -d)
node_pid=
finish() {
  if [[ -n $node_pid ]]; then
    kill -KILL "$node_pid" 2>/dev/null || true
    wait "$node_pid" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap finish EXIT
echo 'cluster: {nodes: [{name: n1, http: "127.0.0.1:0"}]}' >"$folder/node.yaml"
"$program" serve --config "$folder/node.yaml" --data "$folder/data" >"$folder/out" 2>"$folder/log" &
node_pid=$!
address=
for _ in $(seq 400); do
  address=$(sed -nE 's#.* at http://([^,]+),.*#\1#p' "$folder/out")
  [[ -z $address ]] || break
  kill -0 "$node_pid" 2>/dev/null || break
  sleep 0.05
done
[[ -n $address ]] || { echo "the node does not start:"; cat "$folder/log"; exit 1; }
timeout 60 node "$build/client.js" "${address%:*}" "${address##*:}" || {
  status=$?
  echo "the node's log:"
  cat "$folder/log"
  exit "$status"
}
