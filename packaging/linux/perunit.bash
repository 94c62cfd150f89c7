# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Bash completion of perunit: commands, options, files of the right kind, and the scenarios and units of the workspace.

# The names that `perunit KIND -w WORKSPACE list --json` prints, one a line.
_perunit_names()
{
    "$1" "$2" -w "$3" list --json 2>/dev/null | sed -n 's/^ *"name": "\(.*\)",\{0,1\}$/\1/p'
}

# Completes with whole lines, so that names with blanks stay in one piece.
_perunit_complete_lines()
{
    local current=$1 line
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == "$current"* ]]; then
            COMPREPLY+=("$(printf '%q' "$line")")
        fi
    done
}

_perunit_files()
{
    local current=$1 pattern=$2
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -X "!$pattern" -- "$current")
}

_perunit_words()
{
    mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
}

_perunit()
{
    local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]} workspace='' i
    COMPREPLY=()
    for ((i = 1; i + 1 < COMP_CWORD; ++i)); do
        case ${COMP_WORDS[i]} in -w | --workspace) workspace=${COMP_WORDS[i + 1]} ;; esac
    done

    if ((COMP_CWORD == 1)); then
        _perunit_files "$current" '*.@(perunit|perunit-scenario|csv|json|jsonl|gz|zip|zst)'
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "import sources budget dimensions rescue price overlay reconcile catalogue \
            unit scenario settings evaluate chart report export --help --version" -- "$current")
        return
    fi

    case $previous in
    -w | --workspace) _perunit_files "$current" '*.perunit' && return ;;
    -s | --scenario)
        if [[ -n $workspace && $current != */* ]]; then
            _perunit_complete_lines "$current" < <(_perunit_names "$program" scenario "$workspace")
        fi
        if ((${#COMPREPLY[@]} == 0)); then
            _perunit_files "$current" '*.perunit-scenario'
        fi
        return
        ;;
    --unit)
        _perunit_complete_lines "$current" < <([[ -z $workspace ]] || _perunit_names "$program" unit "$workspace")
        return
        ;;
    --mapping | --overlays | --write-calibration) _perunit_files "$current" '*.json' && return ;;
    --catalogue) _perunit_files "$current" '*.@(json|csv|tsv)' && return ;;
    --requests) _perunit_files "$current" '*.jsonl' && return ;;
    -o | --output) _perunit_files "$current" '*' && return ;;
    --on-overlap) _perunit_words "$current" "replace skip keep" && return ;;
    --tier) _perunit_words "$current" "standard batch flex priority" && return ;;
    --bridge) _perunit_words "$current" "shapley sequential" && return ;;
    --hours) _perunit_words "$current" "730 calendar" && return ;;
    --page) _perunit_words "$current" "home units scenarios compare capacity" && return ;;
    --by) _perunit_words "$current" "provider model region deployment workload environment team feature customer \
        prompt_template status tier" && return ;;
    esac

    local options='' actions='' pattern=''
    case $command in
    import)
        options="--workspace --format --mapping --on-overlap --decimal-mark --date-order --dry-run --json --help"
        pattern='*.@(csv|tsv|json|jsonl|gz|zip|zst|txt)'
        ;;
    sources) options="--workspace --role --undo --redo --json --help" ;;
    budget)
        actions="import list remove"
        options="--workspace --decimal-mark --date-order --json --help"
        pattern='*.@(csv|tsv|txt)'
        ;;
    rescue) options="--workspace --output --json --help" ;;
    price) options="--provider --model --at --tier --region --usage --requests --catalogue --reading --workspace --overlays \
        --json --help" ;;
    overlay)
        actions="list set remove"
        options="--workspace --allow-unknown --json --help"
        pattern='*.json'
        ;;
    dimensions)
        options="--workspace --clear --help"
        pattern='*.json'
        ;;
    reconcile) options="--workspace --write-calibration --json --help" ;;
    catalogue)
        actions="list show import diff check names map unmap"
        options="--workspace --provider --offers --harness --effective-from --mapping --accept-suspicious --dry-run --at --json --help"
        pattern='*.@(json|csv|tsv)'
        ;;
    unit)
        actions="list show define"
        options="--workspace --json --help"
        pattern='*.json'
        ;;
    scenario)
        actions="list import export"
        options="--workspace --output --with-baseline --json --help"
        pattern='*.perunit-scenario'
        ;;
    settings) options="--workspace --from --to --whole-ledger --horizon --hours --json --help" ;;
    evaluate) options="--workspace --scenario --unit --by --bridge --json --help" ;;
    explain) options="--workspace --scenario --cell --rows --json --help" ;;
    solve) options="--workspace --scenario --lever --target --lowest --highest --json --help" ;;
    analyse)
        actions="tornado kill savings minus mix routing"
        options="--workspace --scenario --figure --range --against --minus --by --json --help"
        ;;
    size) options="--workspace --scenario --trace --format --rpm --usage --at --model --offer --term --units --scope \
--bin --depth --max-tokens --tokens-per-minute --output-tokens-per-minute --output-weight --unit-price --with --reserved \
--pool --all --json --help" ;;
    chart) options="--workspace --scenario --unit --page --figure --model --offer --term --units --output --help" ;;
    report) options="--workspace --scenario --unit --output --help" ;;
    export) options="--workspace --scenario --unit --by --output --help" ;;
    *)
        _perunit_files "$current" '*'
        return
        ;;
    esac
    if [[ $current == -* ]]; then
        _perunit_words "$current" "$options"
        return
    fi
    # Actions until one of them stands on the line, then the files it works on.
    for ((i = 2; i < COMP_CWORD; ++i)); do
        if [[ " $actions " == *" ${COMP_WORDS[i]} "* ]]; then
            actions=''
        fi
    done
    if [[ -n $actions ]]; then
        _perunit_words "$current" "$actions"
    elif [[ -n $pattern ]]; then
        _perunit_files "$current" "$pattern"
    fi
}

complete -F _perunit perunit
