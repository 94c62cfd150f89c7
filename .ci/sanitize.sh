#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds with the address and undefined behaviour sanitizers and runs all tests. Ends like tests/run.sh.
# `.ci/sanitize.sh threads` uses the thread sanitizer instead: only the layers without Qt, which Debian's Qt is not
# built for.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1
case ${1:-} in
'') export PERUNIT_PRESET=sanitizers ;;
threads) export PERUNIT_PRESET=threads PERUNIT_TEST_FILTER='^(pricing|model|resources)/' ;;
*)
    printf "unknown argument '%s'\nusage: .ci/sanitize.sh [threads]\n" "$1" >&2
    exit 2
    ;;
esac
exec "$root/tests/run.sh"
