# What every end-to-end test needs: processes that are certainly ended, lines that are waited for, and plain assertions.
# Sourced. $1 of the test is the binary; everything happens in a folder of its own and on free ports of 127.0.0.1.
set -euo pipefail
almd=$1
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
started=()

clean_up() {
    local code=$?
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
    if [[ $code -ne 0 ]]; then for log in "$work"/*.err "$work"/*.out; do [[ -s $log ]] && { echo "--- $log"; tail -n 40 "$log"; }; done; fi
    rm -rf "$work"
    exit "$code"
}
trap clean_up EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }

# start NAME ARGUMENTS...: runs almd in the background; its output is NAME.out and NAME.err. Sets $pid.
start() {
    local name=$1
    shift
    "$almd" "$@" >"$work/$name.out" 2>"$work/$name.err" &
    pid=$!
    started+=("$pid")
}

# wait_for SECONDS WHAT COMMAND...: asks again until the command succeeds.
wait_for() {
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do ((SECONDS < end)) || fail "$what did not happen within the time"; done
}

# ready NAME: waits for its ready line; sets $admin and $cloud to the URLs in it.
ready() {
    wait_for 30 "the ready line of $1" grep -q '^ready ' "$work/$1.out"
    admin=$(sed -n 's/^ready .*admin=\([^ ]*\).*/\1/p' "$work/$1.out")
    cloud=$(sed -n 's/^ready .*cloud=\([^ ]*\).*/\1/p' "$work/$1.out")
}

# expect_exit CODE COMMAND...: its output is in last.out and last.err.
expect_exit() {
    local wanted=$1 code=0
    shift
    "$@" >"$work/last.out" 2>"$work/last.err" || code=$?
    [[ $code -eq $wanted ]] || fail "exit $code instead of $wanted: $*"
}

# says TEXT: the last command's talk or data contains it.
says() { grep -qF -- "$1" "$work/last.out" "$work/last.err" || fail "\"$1\" was not said"; }

ctl() { "$almd" ctl --admin "$@"; }
# ledger_is URL FILTER: the stand-in's ledger makes the filter true.
ledger_is() { curl -sf "$1/api/v1/cloud/ledger" | jq -e "$2" >/dev/null; }
# jq_is FILTER ARGUMENTS...: the list of `almd ctl` makes the filter true.
jq_is() {
    local filter=$1
    shift
    ctl "$@" -o json 2>/dev/null | jq -e "$filter" >/dev/null
}
