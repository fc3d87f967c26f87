# Bad input: each a clear error, the right exit code, no secret, no crash.
source "$(dirname "$0")/almd.sh"
start cloud cloud --listen 127.0.0.1:0 --mtls-listen 127.0.0.1:0 --admin 127.0.0.1:0 --tls-dir "$work/tls" --service-key-out "$work/key.json"
ready cloud
demo=$source_dir/config/demo.yaml
secret=$(jq -r .uaa.clientsecret "$work/key.json")

expect_exit 0 "$almd" check "$demo"
expect_exit 0 "$almd" check "$demo" --service-key "$work/key.json" --ca "$work/tls/ca.pem"
says "a token was given"

# One production system at two tenants is a warning, and no more.
sed -e 's/^destinations:/destinations:\n  - {name: OTHER, tenant: tenant-b}/' \
    -e 's/^setups:/setups:\n  - {system: PRD, client: "000", destination: OTHER}/' "$demo" >"$work/two.yaml"
expect_exit 0 "$almd" check "$work/two.yaml"
says "warning: PRD is a production system and reports to more than one tenant: CALM, OTHER"
expect_exit 0 "$almd" check "$work/two.yaml" --json
jq -e '.good and (.warnings | length == 1)' "$work/last.out" >/dev/null || fail "no warning in JSON"

jq 'del(.uaa.url)' "$work/key.json" >"$work/no-url.json"
expect_exit 2 "$almd" check "$demo" --service-key "$work/no-url.json"
says "uaa.url"
expect_exit 2 "$almd" run --service-key "$work/no-url.json"
says "uaa.url"
echo 'clientsecret: not-json' >"$work/not.json"
expect_exit 2 "$almd" check "$demo" --service-key "$work/not.json"
! grep -q 'not-json' "$work/last.err" || fail "the key's content was printed"
expect_exit 2 "$almd" check "$demo" --service-key "$work/missing.json"
says "missing.json"
jq '.endpoints.Api = "http://example.com/api"' "$work/key.json" >"$work/http.json"
expect_exit 2 "$almd" check "$demo" --service-key "$work/http.json"
jq '.endpoints.Api = "https://example.com/api" | .uaa.url = "https://example.com"' "$work/key.json" >"$work/other.json"
expect_exit 2 "$almd" check "$demo" --service-key "$work/other.json"
says "standin_hosts"

jq '.uaa.clientsecret = "wrong-secret"' "$work/key.json" >"$work/wrong.json"
expect_exit 3 "$almd" check "$demo" --service-key "$work/wrong.json" --ca "$work/tls/ca.pem"
says "401"
! grep -qF "wrong-secret" "$work/last.err" "$work/last.out" || fail "the secret was printed"
expect_exit 3 "$almd" run --once --service-key "$work/wrong.json" --ca "$work/tls/ca.pem" --admin 127.0.0.1:0
sed '/^story:/,$d' "$demo" >"$work/no-story.yaml"
expect_exit 3 "$almd" run "$work/no-story.yaml" --once --service-key "$work/wrong.json" --ca "$work/tls/ca.pem" --admin 127.0.0.1:0
expect_exit 0 "$almd" run "$work/no-story.yaml" --once --admin 127.0.0.1:0 --cloud 127.0.0.1:0 --log-format json
says '"text":"[1/1] '

# Hosts of SAP at their own pace only, wherever the key comes from. Nothing is sent.
jq '.endpoints.Api = "https://eu10.alm.cloud.sap/api" | .uaa.url = "https://t.authentication.eu10.hana.ondemand.com"' "$work/key.json" >"$work/sap.json"
sed 's/tenant: tenant-a/key_file: sap.json/' "$demo" >"$work/sap.yaml"
expect_exit 2 "$almd" run "$work/sap.yaml" --speed 60 --admin 127.0.0.1:0 --cloud 127.0.0.1:0
says "speed 60 is refused on hosts of SAP"
start fast run --speed 60 --admin 127.0.0.1:0 --cloud 127.0.0.1:0
cloud_admin=$admin
ready fast
jq '{system: "QUA", client: "200", name: "SECOND", serviceKey: .}' "$work/sap.json" >"$work/second.json"
curl -s -d "@$work/second.json" "$admin/api/v1/destinations" >"$work/last.out"
says "speed 60 is refused on hosts of SAP"

# Web pages of other hosts are kept out of both admin listeners.
for listener in "$admin" "$cloud_admin"; do
    for header in "Host: evil.example" "Origin: http://evil.example"; do
        code=$(curl -s -o "$work/last.out" -w '%{http_code}' -H "$header" "$listener/api/v1/cloud/ledger")
        [[ $code == 403 ]] || fail "$code instead of 403: $header at $listener"
        says "evil.example"
    done
done
kill "$pid"
admin=$cloud_admin

expect_exit 3 "$almd" check "$demo" --service-key "$work/key.json"
says "PEER_CERT_UNTRUSTED"
jq '.uaa.url = "https://127.0.0.1:1" | .endpoints.Api = "https://127.0.0.1:1/api"' "$work/key.json" >"$work/nobody.json"
expect_exit 3 "$almd" check "$demo" --service-key "$work/nobody.json" --ca "$work/tls/ca.pem"

cat >"$work/five.yaml" <<'Y'
sed: 1
landscape:
  systems:
    - {id: dev, clients: [{number: 000}]}
  tms: {controller: PRD}
destinations: [{name: CALM}]
setups:
  - {system: DEV, client: "000", tasks: [{task: "Transports: Red"}]}
story: [{step: registred}]
Y
expect_exit 2 "$almd" check "$work/five.yaml"
for path in sed 'landscape.systems[0].id' 'landscape.systems[0].clients[0].number' 'setups[0]' 'story[0].step'; do says "$path"; done
expect_exit 2 "$almd" check "$work/nothing-here.yaml"
expect_exit 2 "$almd" run --speed nonsense
for speed in nan inf -inf 0 -1 1e9; do expect_exit 2 "$almd" run "--speed=$speed"; says "speed"; done
expect_exit 2 "$almd" walk
expect_exit 3 "$almd" ctl --admin http://127.0.0.1:1 jobs
expect_exit 3 "$almd" ctl --admin 127.0.0.1:1 jobs
expect_exit 2 "$almd" ctl jobz

# Answers that are no answers: broken JSON and 20 MB, from the token endpoint and from Registration.
for fault in malformedJson oversizeBody; do
    ctl "$admin" faults add "$fault" --name bad >/dev/null
    expect_exit 3 "$almd" check "$demo" --service-key "$work/key.json" --ca "$work/tls/ca.pem"
    ctl "$admin" faults remove bad >/dev/null
    ctl "$admin" faults add "$fault" --name bad --operation register >/dev/null
    expect_exit 3 "$almd" run --once --service-key "$work/key.json" --ca "$work/tls/ca.pem" --admin 127.0.0.1:0
    ctl "$admin" faults remove bad >/dev/null
done
! grep -rqF "$secret" "$work"/*.out "$work"/*.err || fail "the secret was printed"
