#!/bin/bash
# Makes the pictures of docs/debugger.md. Usage: docs/pictures/make.sh [PROGRAM]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program="${1:-build/release/bin/distri-kv-viz}"
shot() { local name="$1"; shift; "$program" "$@" --shot "docs/pictures/$name.png"; echo "docs/pictures/$name.png"; }
carts=scenarios/shopping-carts.yaml flapping=scenarios/flapping-node.yaml
shot window "$carts" --at 4.0012s --focus key=cart
shot window-light "$flapping" --at 3.45s --focus node=n2 --panel clients --light
panel() { local name="$1"; shift; shot "$name" "$@" --panel "$name" --alone --size 1000x560; }
panel ring "$carts" --at 4.0012s --focus key=cart
panel key "$carts" --at 10.5s --focus key=cart
panel ladder "$carts" --focus event=608
panel clients "$flapping" --at 3.45s
panel hints "$flapping" --at 3.9s
panel merkle "$flapping" --at 3.9s
panel story "$carts" --at 4.01s
panel oracles scenarios/last-write-wins-loses.yaml --at 20s
panel why scenarios/last-write-wins-loses.yaml --at 3.6s
