# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034
# The Debian packages that Perunit needs, and how the scripts install what is missing of them.
# Sourced by quickstart.sh, tests/run.sh and the scripts of .ci; it does nothing by itself.

# To build. libqt6opengl6-dev is named because Qt Charts does not configure without it, although no package asks for it.
perunit_build_packages=(
    g++ cmake ninja-build ccache pkg-config
    qt6-base-dev qt6-charts-dev libqt6opengl6-dev qt6-svg-dev
    libsqlite3-dev nlohmann-json3-dev libvalijson-dev libarchive-dev libzstd-dev nettle-dev libcli11-dev
)

# To run: the SVG icon plug-in, which nothing else pulls in, and the font of the reports.
perunit_run_packages=(libqt6svg6 fonts-noto-core)

# To test: the PDF reader that the report tests compare text with, the types that ours build on, and the big numbers of
# the reference engine.
perunit_test_packages=(poppler-utils shared-mime-info libgmp-dev libcsv-dev)

perunit_step_name="start"

# Announces a step; what fails after it is reported under this name.
perunit_step()
{
    perunit_step_name=$1
    printf '\n==> %s\n' "$1"
}

# Ends the script: what failed, and what to do about it.
perunit_die()
{
    printf '\nFAILED: %s\n' "$1" >&2
    if [ $# -gt 1 ]; then
        printf '        %s\n' "$2" >&2
    fi
    exit 1
}

# For `trap perunit_failed ERR`: names the step that the script was in.
perunit_failed()
{
    local status=$?
    printf '\nFAILED: %s (exit status %d)\n' "$perunit_step_name" "$status" >&2
    printf '        The messages above say why. Put it right and run the script again: it goes on where it stopped.\n' >&2
    exit "$status"
}

# Those of the packages given that are not installed, one a line.
perunit_missing_packages()
{
    local package
    for package in "$@"; do
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
            printf '%s\n' "$package"
        fi
    done
}

# Runs a command as root: directly, or with sudo.
perunit_as_root()
{
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

perunit_apt()
{
    perunit_as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"
}

# True when apt knows a version of every package given; without package lists it knows none.
perunit_apt_knows()
{
    local package
    for package in "$@"; do
        if ! apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [^(]'; then
            return 1
        fi
    done
}

# Installs those of the packages given that are missing, and nothing else.
perunit_install()
{
    local missing
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        printf 'This is not a Debian system: taking for granted that what these packages hold is installed:\n  %s\n' "$*"
        return 0
    fi
    mapfile -t missing < <(perunit_missing_packages "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        printf 'All %d packages are installed.\n' "$#"
        return 0
    fi
    printf 'Missing: %s\n' "${missing[*]}"
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        perunit_die "installing packages needs root, and there is no sudo" \
            "As root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    fi
    if ! perunit_apt_knows "${missing[@]}"; then
        perunit_apt update
    fi
    if perunit_apt install -y --no-install-recommends "${missing[@]}"; then
        return 0
    fi
    # Package lists that are too old name files that the mirror has since replaced.
    printf 'Once more with fresh package lists.\n'
    perunit_apt update
    perunit_apt install -y --no-install-recommends "${missing[@]}" ||
        perunit_die "apt-get could not install: ${missing[*]}" \
            "See its messages above. Debian 12 (bookworm) or later has all of them in its main archive."
}
