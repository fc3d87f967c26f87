# A cloud whose tokens live 5 seconds and that answers 5 % of all calls with 401, 429, 503 or a reset, and sometimes does
# the work and drops the answer, at --speed 60: nothing lost, nothing done twice, no call with an expired token.
source "$(dirname "$0")/almd.sh"
cat >"$work/faults.yaml" <<'Y'
faults:
  - {name: unauthorized, kind: status, status: 401, probability: 0.0125}
  - {name: throttled, kind: status, status: 429, retryAfterSeconds: 1, probability: 0.0125}
  - {name: unavailable, kind: status, status: 503, probability: 0.0125}
  - {name: reset, kind: reset, probability: 0.0125}
  - {name: lost-answer, kind: dropAnswer, probability: 0.02}
Y
start cloud cloud --listen 127.0.0.1:0 --mtls-listen 127.0.0.1:0 --admin 127.0.0.1:0 --tls-dir "$work/tls" --service-key-out "$work/key.json" \
    --token-life 5s --faults "$work/faults.yaml"
ready cloud
cloud_admin=$admin
start run run --service-key "$work/key.json" --ca "$work/tls/ca.pem" --speed 60 --admin 127.0.0.1:0
ready run
wait_for 60 "the transports at the cloud" ledger_is "$cloud_admin" '.summary.operations | .transports.accepted >= 1 and .landscape.accepted >= 1'
ctl "$cloud_admin" features create "Under fire" >/dev/null
ctl "$cloud_admin" features assign 6-1 DEVK900001 DEVK900003 >/dev/null
ctl "$cloud_admin" features status 6-1 startImplementation >/dev/null
ctl "$cloud_admin" features deploy 6-1 >/dev/null
wait_for 90 "the import into QUA" jq_is '[.items[] | select(.system == "QUA")] | length == 2' "$admin" history list
wait_for 150 "fifteen fired faults" jq_is '[.items[].fired] | add >= 15' "$cloud_admin" faults list
ctl "$cloud_admin" faults list -o json | jq -r '.items[].name' | while read -r name; do ctl "$cloud_admin" faults remove "$name" >/dev/null; done
wait_for 60 "a clean ledger" ledger_is "$cloud_admin" '.summary.clean'
ledger_is "$cloud_admin" '.summary | .tokens.expired == 0 and .heartbeats.gaps == 0' || fail "expired tokens or gaps"
jq_is '.total == 2' "$admin" history list || fail "an import was done twice"
