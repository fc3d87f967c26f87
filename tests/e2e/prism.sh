# Prism (npm) as validating proxy between agent and stand-in: no violation of the contract, in either direction, during the whole story.
source "$(dirname "$0")/almd.sh"

# The cloud comes first to make the authority that Prism trusts; it shows as well that Prism does find violations. Its port, and
# the next one for mTLS, are taken again by the daemon below: on an address of their own, where no other test can take them.
start first cloud --listen 127.0.46.1:0 --mtls-listen 127.0.46.1:0 --admin 127.0.0.1:0 --tls-dir "$work/tls" --service-key-out "$work/key.json"
first=$pid
ready first
listen=${cloud#https://}
NODE_EXTRA_CA_CERTS=$work/tls/ca.pem node "$source_dir/tests/e2e/node_modules/@stoplight/prism-cli/dist/index.js" \
    proxy "$source_dir/proto/openapi/standin.yaml" "$cloud" --errors --port 0 >>"$work/prism.out" 2>"$work/prism.err" &
started+=("$!")
wait_for 60 "Prism" grep -q 'Prism is listening' "$work/prism.out"
proxy=$(sed -n 's/.*Prism is listening on \(http[^ ]*\).*/\1/p' "$work/prism.out" | head -n 1)
violations() { sed 's/\x1b\[[0-9;]*m//g' "$work/prism.out" | grep -E 'Violation|terminated with error' || true; }

# A request and an answer that break the contract are violations, or Prism would prove nothing.
: >"$work/last.err"
curl -s -o "$work/last.out" --json '{}' -H "Authorization: Bearer none" "$proxy/api/landscape-management/v1/Registration"
says "Request body must have required property"
ctl "$admin" faults add status --status 418 --name bad >/dev/null
curl -s -o "$work/last.out" "$proxy/token_keys"
[[ $(violations | wc -l) -eq 2 ]] || fail "Prism found other than the two violations: $(violations)"
kill "$first"
wait "$first" || true
: >"$work/prism.out"

expect_exit 0 "$almd" run --once --speed 60 --admin 127.0.0.1:0 --cloud "$listen" --cloud-via "$proxy" --state-dir "$work/tls"
says "ledger is clean"
[[ -z $(violations) ]] || fail "violations: $(violations)"
for call in 'post /oauth/token' 'post /api/landscape-management/v1/Registration' 'get .*/usecases ' 'put .*/usecases/' 'post .*/heartbeat' \
    'post .*/discovery' 'post .*/cdm/diagnostics' 'put .*/cdm/landscape' 'post .*/cdm/transports' 'get .*/cdm/work ' 'post .*/cdm/work/.*/result'; do
    grep -qE "HTTP SERVER.*$call" "$work/prism.out" || fail "no call \"$call\" went through Prism"
done
