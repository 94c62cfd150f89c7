#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds the release preset with its tests, and runs all of them.
# The last line is "N passed, N failed" (with ", N skipped" when a test could not run here), counted in test programs;
# the exit status is 0 only when at least one test ran and none failed.
# PERUNIT_PRESET takes another preset of CMakePresets.json, PERUNIT_TEST_FILTER only the tests that the pattern fits.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=packaging/dependencies.sh
. packaging/dependencies.sh

# The last line is promised whatever happens, so that nobody takes a broken build for a clean run.
passed=0
failed=1
skipped=0
finish()
{
    local status=$?
    if [ "$status" -eq 0 ] && { [ "$failed" -ne 0 ] || [ "$passed" -eq 0 ]; }; then
        status=1
    fi
    printf '%d passed, %d failed' "$passed" "$failed"
    if [ "$skipped" -gt 0 ]; then
        printf ', %d skipped' "$skipped"
    fi
    printf '\n'
    trap - EXIT
    exit "$status"
}
trap perunit_failed ERR
trap finish EXIT

export LC_ALL=C.UTF-8
preset=${PERUNIT_PRESET:-release}

perunit_step "Packages"
perunit_install "${perunit_build_packages[@]}" "${perunit_run_packages[@]}" "${perunit_test_packages[@]}"

perunit_step "Configuration ($preset)"
cmake --preset "$preset" -DPERUNIT_TESTS=ON

perunit_step "Build ($preset)"
cmake --build --preset "$preset"

perunit_step "Tests ($preset)"
log=$root/build/$preset/tests.log
tests_status=0
filter=()
if [ -n "${PERUNIT_TEST_FILTER:-}" ]; then
    filter=(--tests-regex "$PERUNIT_TEST_FILTER")
fi
ctest --preset "$preset" --parallel "$(nproc)" "${filter[@]}" 2>&1 | tee "$log" || tests_status=$?

# "100% tests passed, 0 tests failed out of 12": the total counts skipped tests as passed and leaves disabled ones out.
summary=$(sed -n 's/^[0-9]*% tests passed, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$log" | tail -n 1)
if [ -z "$summary" ]; then
    perunit_die "no test ran" "ctest printed no summary; see $log"
fi
failed=${summary% *}
skipped=$(grep -c -E '\*\*\*(Skipped|Not Run \(Disabled\))' "$log" || true)
skipped_in_total=$(grep -c -F '***Skipped' "$log" || true)
passed=$((${summary#* } - failed - skipped_in_total))

# The test functions inside the programs, for the reader; third-party samples that are absent show here as skipped.
printf '\nTest functions: '
awk '/^Totals: / { passed += $2; failed += $4; skipped += $6 }
     END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }' \
    "build/$preset/Testing/Temporary/LastTest.log"

if [ "$tests_status" -ne 0 ] || [ "$failed" -gt 0 ]; then
    printf 'The output of the failed tests is above and in %s\n' "$log" >&2
    exit 1
fi
