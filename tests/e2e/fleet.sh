# A first fleet: 2,000 registrations over real sockets, in one shard and in two.
source "$(dirname "$0")/almd.sh"
for threads in 1 2; do
    expect_exit 0 "$almd" load "$source_dir/config/fleet.yaml" --systems 2000 --ramp 2s --duration 2s --threads "$threads" --report "$work/report"
    jq -e '.counters.registered == 2000 and .duplicateLmsIds == 0 and .errors == 0 and .counters.heartbeats >= 2000' "$work/report/summary.json" >/dev/null \
        || fail "summary: $(cat "$work/report/summary.json")"
done
