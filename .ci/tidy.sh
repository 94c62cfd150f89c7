#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs clang-tidy (.clang-tidy) over the program's own sources, or over those given. Takes several minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/dependencies.sh
. packaging/dependencies.sh
trap perunit_failed ERR

perunit_step "Packages"
perunit_install "${perunit_build_packages[@]}" clang-tidy git

# Without precompiled headers, which only the compiler that made them can read. Generated sources and moc files must exist
# before clang-tidy can read what includes them.
perunit_step "Generated sources"
cmake --preset release -B build/tidy -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON
cmake --build build/tidy --target pricing widgets_autogen app_core_autogen

perunit_step "clang-tidy"
files=("$@")
if [ ${#files[@]} -eq 0 ]; then
    mapfile -t files < <(git -c safe.directory="$PWD" ls-files -- 'pricing/*.cpp' 'model/*.cpp' 'widgets/*.cpp' 'app/*.cpp' 'resources/*.cpp')
fi
[ ${#files[@]} -gt 0 ] || perunit_die "there are no source files here"
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" \
    clang-tidy -p build/tidy --quiet --extra-arg=-Wno-unknown-warning-option
printf '%d files are clean.\n' "${#files[@]}"
