#!/bin/bash
# Runs clang-tidy on the changed files: the uncommitted ones, or those of the last commit when there are none.
# A changed header is read through the source file of its name. $1: the folder of the compile database.
set -euo pipefail
build="${1:?usage: lint.sh BUILD_FOLDER}"

changed="$(git status --porcelain --untracked-files=all | cut -c4- | sed 's/.* -> //' | grep -E '\.(h|cpp)$' || true)"
if [ -z "$changed" ] && git rev-parse -q --verify HEAD~1 >/dev/null; then
  changed="$(git diff --name-only --diff-filter=d HEAD~1 | grep -E '\.(h|cpp)$' || true)"
fi
# Only files in the compile database are checked. This drops deleted files and headers without a source.
mapfile -t files < <(sed 's/\.h$/.cpp/' <<<"$changed" | sort -u |
                     while read -r file; do grep -qF "\"file\": \"$PWD/$file\"" "$build/compile_commands.json" && echo "$file"; done)
if [ "${#files[@]}" -eq 0 ]; then
  echo "lint: no changed C++ files"
  exit 0
fi
echo "lint: ${files[*]}"
# The database holds g++ flags that clang does not know.
printf '%s\0' "${files[@]}" |
  xargs -0 -n 1 -P "$(nproc)" clang-tidy-19 -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option
