#!/bin/bash
# Compares deploy/apt-packages.txt with the needs of a finished build. Fails when
#   - a header, library or tool of the build belongs to a package that installing the list would not bring, or
#   - a line is superfluous: the build does not use it directly, and nothing would be missing without it.
# For the second check, each run repeats the first without each line in turn. So it also shows that the check can fail.
# Usage: packages.sh BUILD_FOLDER [LIST]. Exit status 77: not a Debian system, nothing to compare.
set -euo pipefail
build="${1:?usage: packages.sh BUILD_FOLDER [LIST]}"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
list="${2:-deploy/apt-packages.txt}"
command -v dpkg-query >/dev/null || exit 77
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# Tools that scripts and CMake files name, as an extended regular expression, and the package that each comes from.
named_tools='
make                    make
git                     git
g\+\+                   g++
cmake|ctest             cmake
ninja                   ninja-build
clang\+\+-19            clang-19
-fsanitize=fuzzer       libclang-rt-19-dev
clang-format-19         clang-format-19
clang-tidy-19           clang-tidy-19
python3?                python3
zstd(cat|grep|less)     zstd
jq                      jq
curl                    curl
wget                    wget
gdb                     gdb
valgrind                valgrind
xxd                     xxd
column                  bsdextrautils
docker                  docker.io
Xvfb|xvfb-run           xvfb
'

cache() { grep -E "^[^#/=]*$1=/" "$build/CMakeCache.txt" | cut -d= -f2-; }
ninja="$(cache 'CMAKE_MAKE_PROGRAM:[A-Z]*')"

# Headers, from the dependencies that the compiler wrote; libraries, from the link commands; what find_package found.
"$ninja" -C "$build" -t deps 2>/dev/null | sed -nE 's|^ +(/.*)|\1|p' | grep -v "^$PWD/" | sort -u >"$work/headers"
grep -oE '/[^ ]+\.(so|a)(\.[0-9.]+)?( |$)' "$build/build.ninja" | sed 's/ $//' | grep -v "^$PWD/" >"$work/libraries" || true
cache FILEPATH | grep -E '\.(so|a)$' >>"$work/libraries" || true
cache FILEPATH | grep -E '\.(ttf|otf)$' >>"$work/libraries" || true  # fonts count as libraries
cache '_DIR:PATH' | while read -r folder; do ls "$folder"/*[Cc]onfig.cmake 2>/dev/null || true; done >"$work/found"
# Not the binutils: CMake takes any of them, and every compiler brings some.
grep -vE '_(AR|RANLIB|NM|OBJDUMP|OBJCOPY|READELF|STRIP|ADDR2LINE|LINKER|DLLTOOL):' "$build/CMakeCache.txt" |
  sed -nE 's,^[^#/=]*:(FILEPATH|INTERNAL)=(/.*/s?bin/[^/]+)$,\2,p' >"$work/tools"
for kind in headers found tools; do
  [ -s "$work/$kind" ] || { echo "no $kind known in $build: build everything first"; exit 1; }
done

# owners KIND: the package of each file, by its name or by that of what it links to. Debian moved / into /usr, and dpkg
# may know either name. A file without a package is an error, except for tools: a developer may have another CMake.
owners() {
  xargs -d '\n' realpath -- <"$work/$1" | sort -u >"$work/real"
  sed -nE 's,^/usr(/s?bin/.*|/lib.*),\1,p' "$work/real" >"$work/unmerged"
  sort -u "$work/real" "$work/unmerged" | xargs -d '\n' dpkg-query -S 2>/dev/null |
    grep -v '^diversion ' >"$work/owned" || true
  sed -E 's/: .*//; s/:[a-z0-9]+//g; s/, /\n/g' "$work/owned" | sort -u
  sed -E 's/^[^ ]+: //; s|^/s?bin/|/usr&|; s|^/lib|/usr/lib|' "$work/owned" | sort -u >"$work/known"
  if [ "$1" != tools ]; then sort -u "$work/real" | comm -23 - "$work/known" >>"$work/orphans"; fi
}
: >"$work/orphans"
for kind in headers libraries found tools; do owners "$kind"; done >"$work/used"

# Tools by name; comments do not count, and neither does this file. These packages must be listed themselves.
find . \( -path ./build -o -path ./.git -o -name packages.sh \) -prune -o -type f \( -name Makefile -o -path './.ci/*' \
  -o -name CMakePresets.json -o -name CMakeLists.txt -o -name '*.cmake' -o -name '*.sh' \) -print0 |
  xargs -0 sed -E 's/(^|[[:space:]])#.*//' >"$work/scripts"
while read -r tool package; do
  if grep -qE -- "(^|[^[:alnum:]_./-])($tool)($|[^[:alnum:]_+.-])" "$work/scripts"; then echo "$package"; fi
done < <(grep . <<<"$named_tools") >"$work/named"

sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$list" >"$work/list"
dpkg-query -W -f '${db:Status-Abbrev}|${Package}|${Essential}|${Provides}|${Pre-Depends}, ${Depends}\n' |
  sed -n 's/^[ih]i *|//p' | sed -E 's/ ?\([^)]*\)//g; s/:[a-z0-9]+//g' >"$work/installed"

awk -F '|' -v installed="$work/installed" -v used="$work/used" -v named="$work/named" -v orphans="$work/orphans" -v name="$list" '
  # Adds a package and all that it depends on to brought[].
  function bring(package,   need, n, i) {
    if (package in brought) return
    brought[package] = 1
    n = split(depends[package], need, / *, */)
    for (i = 1; i <= n; i++) bring_one_of(need[i])
  }
  # The first alternative that is installed. A virtual package means the package that provides it.
  function bring_one_of(alternatives,   option, n, i) {
    n = split(alternatives, option, / *[|;] */)
    for (i = 1; i <= n; i++) if (option[i] in known) { bring(option[i]); return }
    for (i = 1; i <= n; i++) if (option[i] in provider) { bring(provider[option[i]]); return }
  }
  # Packages that are used, but missing without one line of the list.
  function missing_without(line,   package, text) {
    for (package in brought) delete brought[package]
    for (package in essential) bring(package)
    for (package in listed) if (package != line) bring(package)
    text = ""
    for (package in needed) if (!(package in brought)) text = text " " package
    return text
  }
  BEGIN {
    while ((getline row < installed) > 0) {
      # Fields: name, essential, provides, depends; alternatives inside the last hold the separator as well.
      count = split(row, field, "|")
      known[field[1]] = 1
      if (field[2] == "yes") essential[field[1]] = 1
      count_provided = split(field[3], provided, / *, */)
      for (i = 1; i <= count_provided; i++) if (!(provided[i] in provider)) provider[provided[i]] = field[1]
      all = field[4]
      for (i = 5; i <= count; i++) all = all ";" field[i]
      depends[field[1]] = all
    }
    while ((getline row < used) > 0) needed[row] = 1
    while ((getline row < named) > 0) by_name[row] = 1
    while ((getline row < orphans) > 0) { print "used by the build, but from no package: " row; bad = 1 }
  }
  NF { listed[$1] = 1 }
  END {
    for (package in listed) if (!(package in known)) { print name ": " package " is not installed"; bad = 1 }
    for (package in by_name) {
      needed[package] = 1
      if (!(package in listed)) { print "named by a script, but not in " name ": " package; bad = 1 }
    }
    lacking = missing_without("")
    if (lacking != "") { print "used by the build, but not brought by " name ":" lacking; bad = 1 }
    for (package in listed) {
      if (lacking == "" && !(package in needed) && missing_without(package) == "") {
        print name ": nothing that the build uses would be missing without " package; bad = 1
      }
      lines++
    }
    if (!bad) printf "%d packages listed, each needed, none missing\n", lines
    exit bad
  }' "$work/list"
