#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Checks that every source file is formatted as .clang-format says; `--fix` formats them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/dependencies.sh
. packaging/dependencies.sh
trap perunit_failed ERR

mode=(--dry-run --Werror)
case ${1:-} in
--fix) mode=(-i) ;;
'') ;;
*) perunit_die "unknown argument '$1'" "usage: .ci/format.sh [--fix]" ;;
esac

perunit_step "Packages"
perunit_install clang-format git

perunit_step "Formatting"
mapfile -d '' -t files < <(git -c safe.directory="$PWD" ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.h')
[ ${#files[@]} -gt 0 ] || perunit_die "there are no source files here"
printf '%s\0' "${files[@]}" | xargs -0 clang-format "${mode[@]}"
printf '%d files are formatted.\n' "${#files[@]}"
