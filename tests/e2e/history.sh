# While the demo runs, ctl shows both requests in QUA and PRD with the background user of client 000.
source "$(dirname "$0")/almd.sh"
start run run --speed 60 --admin 127.0.0.1:0 --cloud 127.0.0.1:0
ready run
wait_for 90 "the import into PRD" jq_is '[.items[] | select(.system == "PRD" and .returnCode <= 4)] | length == 2' "$admin" history list
jq_is '[.items[] | select(.system == "QUA") | .user] | unique == ["CALM_QUA"]' "$admin" history list || fail "user in QUA"
jq_is '[.items[] | select(.system == "PRD") | .user] | unique == ["CALM_PRD"]' "$admin" history list || fail "user in PRD"
jq_is '.total == (.items | length) and .total > 20' "$admin" jobs list || fail "jobs"
jq_is '[.items[] | select(.status == "S" and .name == "CALM Scheduler CALM")] | length == 4' "$admin" jobs list || fail "released scheduler jobs"
jq_is '.items[0] | has("system") and has("client") and has("name") and has("status") and has("count") and has("plannedStart") and has("start") and has("end") and has("delaySeconds") and has("periodMinutes")' "$admin" jobs list || fail "keys of jobs"
jq_is '.items[0] | .object == "/SDF/CALM" and .subobject == "BUILD_CDM" and has("externalId") and has("type") and has("time") and has("text")' "$admin" log list || fail "keys of log"
jq_is '[.items[].status] == ["Registered","Registered","Registered","Registered"]' "$admin" destinations list || fail "destinations"
for resource in fleet systems usecases requests queue landscape features work faults ledger; do
    ctl "$admin" "$resource" list -o json | jq -e '.items | type == "array"' >/dev/null || fail "$resource has no list"
    ctl "$admin" "$resource" >/dev/null 2>&1 || fail "$resource has no table"
done
