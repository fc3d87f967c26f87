# `almd run --service-key` against a separate `almd cloud`, with the key and the authority that it wrote.
source "$(dirname "$0")/almd.sh"
start cloud cloud --listen 127.0.0.1:0 --mtls-listen 127.0.0.1:0 --admin 127.0.0.1:0 --tls-dir "$work/tls" --service-key-out "$work/key.json"
ready cloud
cloud_admin=$admin
[[ $(stat -c %a "$work/key.json") == 600 ]] || fail "the service key is readable by others"
jq -e '.uaa.clientid and .uaa.clientsecret and .uaa.url and .endpoints.Api' "$work/key.json" >/dev/null || fail "form of the key"

start run run --service-key "$work/key.json" --ca "$work/tls/ca.pem" --speed 60 --admin 127.0.0.1:0
run_pid=$pid
ready run
wait_for 30 "four registrations" jq_is '[.items[] | select(.status == "Registered")] | length == 4' "$admin" destinations list
wait_for 60 "three heartbeats of each" jq_is '[.items[] | select(.heartbeats >= 3)] | length == 4' "$cloud_admin" ledger list

# ALM_SETUP by hand: another destination in a client that has none, registered, a task switched on, everything off again.
secret=$(jq -r .uaa.clientsecret "$work/key.json")
expect_exit 0 ctl "$admin" destinations create QUA 200 SECOND --service-key "$work/key.json" --background-user CALM_SECOND
expect_exit 0 ctl "$admin" destinations check QUA 200 SECOND
expect_exit 0 ctl "$admin" destinations register QUA 200 SECOND
says "Scheduler job for SECOND has been scheduled."
says "Auto Discovery job for SECOND has been triggered."
expect_exit 0 ctl "$admin" destinations unregister QUA 200 SECOND
expect_exit 0 ctl "$admin" destinations delete QUA 200 SECOND
jq_is '[.items[] | select(.name == "SECOND")] | length == 0' "$admin" destinations list || fail "SECOND is still there"
! grep -rqF "$secret" "$work"/*.out "$work"/*.err || fail "the secret was printed"
! tr '\0' ' ' <"/proc/$run_pid/cmdline" | grep -qF "$secret" || fail "the secret is in the command line"
kill -TERM "$run_pid"
wait "$run_pid" || fail "SIGTERM did not end it with 0"
