#!/bin/bash
# Installs the missing packages of deploy/apt-packages.txt. When none is missing, it does not even use the network.
set -euo pipefail
list="$(dirname "${BASH_SOURCE[0]}")/apt-packages.txt"
mapfile -t wanted < <(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$list")

if ! command -v dpkg-query >/dev/null; then
  echo "deps: not a Debian system; nothing is installed. The build needs what $list names." >&2
  exit 0
fi

# ${wanted[@]} that dpkg does not report as installed ("ii"; held packages are "hi").
installed="$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^[ih]i *//p' || true)"
mapfile -t missing < <(printf '%s\n' "${wanted[@]}" | grep -vxFf <(printf '%s\n' "$installed" '-') || true)
if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi
echo "deps: installing ${missing[*]}"

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "deps: neither root nor sudo here. As root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

case " ${missing[*]} " in *" libboost1.81-dev "*)
  older="$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' 'libboost*-dev' 2>/dev/null |
           sed -n 's/^[ih]i *//p' | grep -E '^libboost(1\.74)?-dev$|^libboost.*1\.74.*-dev$|^libboost-.*-dev$' | tr '\n' ' ' || true)"
  if [ -n "$older" ]; then
    echo "deps: libboost1.81-dev cannot stand beside the Boost 1.74 headers: apt will remove them, and what needs them: $older"
  fi
esac

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 -qq "$@" </dev/null; }
apt update || echo "deps: apt-get update failed; trying with the package lists as they are" >&2
apt install -y --no-install-recommends "${missing[@]}"
