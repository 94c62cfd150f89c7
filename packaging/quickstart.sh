#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a fresh clone to the running program: installs what is missing, builds, and opens the sample company.
# Without a display it evaluates the sample on the command line and writes its report as PDF.
# Safe to run again: it only does what is not done yet.
set -euo pipefail

if [ $# -gt 0 ]; then
    printf 'usage: packaging/quickstart.sh\n\n'
    sed -n 's/^# \(From\|Without\|Safe\)/\1/p' "${BASH_SOURCE[0]}"
    case $1 in -h | --help) exit 0 ;; *) exit 2 ;; esac
fi

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=packaging/dependencies.sh
. packaging/dependencies.sh
trap perunit_failed ERR

perunit_step "Packages"
perunit_install "${perunit_build_packages[@]}" "${perunit_run_packages[@]}"

perunit_step "Configuration"
# Without the tests: they need packages of their own.
cmake --preset release -DPERUNIT_TESTS=OFF

perunit_step "Build (a few minutes the first time)"
cmake --build --preset release --target perunit sample_workspace

perunit=$root/build/release/app/perunit
built_sample=$root/build/release/share/perunit/sample.perunit
work=$root/build/quickstart
workspace=$work/sample.perunit

perunit_step "Sample workspace"
[ -s "$built_sample" ] || perunit_die "the build left no $built_sample" "Run: cmake --build --preset release --target sample_workspace"
mkdir -p "$work"
# A copy, so that nothing done in the window is lost at the next build.
if [ -e "$workspace" ]; then
    printf 'Going on with %s (delete it to begin again).\n' "$workspace"
else
    cp "$built_sample" "$workspace.part"
    mv "$workspace.part" "$workspace"
    printf 'Copied to %s\n' "$workspace"
fi

if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
    perunit_step "Opening the window"
    exec "$perunit" "$workspace"
fi

scenario="All levers"
report=$work/perunit-sample-report.pdf
perunit_step "No display: what the sample costs today, and with the scenario '$scenario'"
"$perunit" evaluate -w "$workspace" -s "$scenario" --bridge shapley

perunit_step "Report"
"$perunit" report -w "$workspace" -s "$scenario" --output "$report"
[ -s "$report" ] || perunit_die "no report was written to $report"

printf '\nDone. The report is in\n  %s\nThe window opens with\n  %q %q\nand the commands are listed by\n  %q --help\n' \
    "$report" "$perunit" "$workspace" "$perunit"
