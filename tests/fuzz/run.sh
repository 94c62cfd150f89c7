#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the fuzz targets and runs each for a bounded time: `tests/fuzz/run.sh [SECONDS [TARGET…]]`, 20 seconds each by
# default. A target is fuzz_values, fuzz_catalogue, fuzz_workspace, or ledger:FORMAT; without any, all of them.
# What a target found lies in build/fuzz/findings; the exit status says whether there is any.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
# shellcheck source=packaging/dependencies.sh
. packaging/dependencies.sh
trap perunit_failed ERR

seconds=${1:-20}
shift || true

perunit_step "Packages"
perunit_install "${perunit_build_packages[@]}" "${perunit_test_packages[@]}" clang libclang-rt-14-dev

perunit_step "Build"
cmake --preset fuzz
cmake --build --preset fuzz
build=$root/build/fuzz
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    targets=(fuzz_values fuzz_catalogue fuzz_workspace ledger:)
    while read -r format; do
        targets+=("ledger:$format")
    done < <("$build/tests/fuzz_ledger" --formats)
fi

perunit_step "Samples"
# Our own small files, and the real ones when they lie beside the project. A fuzzer works best on small inputs.
ledgers=$build/corpus/ledgers
workspaces=$build/corpus/workspaces
others=$build/corpus/others
mkdir -p "$ledgers" "$workspaces" "$others" "$build/findings"
collect()
{
    local to=$1 folder file
    shift
    for folder in "$@"; do
        [ -d "$folder" ] || continue
        find "$folder" -type f -size -64k | while read -r file; do
            cp "$file" "$to/$(sha256sum "$file" | cut -c1-16)"
        done
    done
}
collect "$ledgers" tests/data/ledgers tests/data/workspace ../shared/data/ledgers
collect "$others" tests/data/pricing tests/data/workspace ../shared/data/catalogues
if [ -x build/release/app/perunit ] && [ -z "$(ls -A "$workspaces")" ]; then
    build/release/app/perunit import -w "$workspaces/small" tests/data/workspace/requests.csv >/dev/null || true
    rm -f "$workspaces"/*-wal "$workspaces"/*-shm
fi

found=0
for target in "${targets[@]}"; do
    perunit_step "$target ($seconds s)"
    program=${target/ledger:*/fuzz_ledger}
    arguments=()
    corpus=$others
    case $target in
    ledger:?*) arguments=("--format=${target#ledger:}") corpus=$ledgers ;;
    ledger:) corpus=$ledgers ;;
    fuzz_workspace) corpus=$workspaces ;;
    fuzz_values) corpus=$ledgers ;;
    esac
    grown=$build/corpus/grown-${target//:/-}
    mkdir -p "$grown"
    if ! ASAN_OPTIONS=detect_leaks=0 "$build/tests/$program" "$grown" "$corpus" -max_total_time="$seconds" \
        -timeout=20 -rss_limit_mb=3000 -max_len=65536 -print_final_stats=0 -verbosity=0 \
        -artifact_prefix="$build/findings/${target//:/-}-" -ignore_remaining_args=0 "${arguments[@]}"; then
        found=1
    fi
done
if [ "$found" -ne 0 ]; then
    printf '\nFindings: %s\n' "$build/findings"
    exit 1
fi
printf '\nNo findings in %d targets.\n' "${#targets[@]}"
