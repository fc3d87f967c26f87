# curl with the client certificate of an X.509 service key: the token of row 2, what it opens, and what is refused.
key=$work/x509.json
jq -e '.uaa.certificate and .uaa.key and .uaa.certurl and (.uaa | has("clientsecret") | not)' "$key" >/dev/null || fail "form of the X.509 key"
jq -r .uaa.certificate "$key" >"$work/client.pem"
(umask 077 && jq -r .uaa.key "$key" >"$work/client.key")
certurl=$(jq -r .uaa.certurl "$key") id=$(jq -r .uaa.clientid "$key")

# ask STATUS CURL-ARGUMENTS...: the answer is in last.out.
ask() {
    local wanted=$1 status
    shift
    status=$(curl -s -o "$work/last.out" -w '%{http_code}' --cacert "$SSL_CERT_FILE" "$@") || true
    [[ $status == "$wanted" ]] || fail "$status instead of $wanted: $*"
}
: >"$work/last.err"
certificate=(--cert "$work/client.pem" --key "$work/client.key")
form=(-d grant_type=client_credentials --data-urlencode "client_id=$id")
ask 200 "${certificate[@]}" "${form[@]}" "$certurl/oauth/token"
token=$(jq -r .access_token "$work/last.out")
ask 200 -H "Authorization: Bearer $token" "$cloud/api/calm-features/v1/FeatureStatus"
# Who checks this token finds its key where its header says, without a certificate of his own.
jku=$(cut -d. -f1 <<<"$token" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r .jku) || true
[[ $jku == "$cloud/token_keys" && $jku == "https://$(jq -r .uaa.uaadomain "$key")/token_keys" ]] || fail "jku $jku of a token that was got with a certificate"
ask 200 "$jku"

# As the documentation explains the errors: wrong client ID, certificate of nobody, no certificate.
ask 401 "${certificate[@]}" -d grant_type=client_credentials --data-urlencode "client_id=${id%%|*}" "$certurl/oauth/token"
says "invalid_client"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=nobody -keyout "$work/nobody.key" -out "$work/nobody.pem" 2>/dev/null
ask 000 --cert "$work/nobody.pem" --key "$work/nobody.key" "${form[@]}" "$certurl/oauth/token"
ask 000 "${form[@]}" "$certurl/oauth/token"
# The secret's own endpoint takes no certificate.
ask 401 "${certificate[@]}" "${form[@]}" "$cloud/oauth/token"
says "Bad credentials"

# The daemon reads the same key.
expect_exit 0 "$almd" check "$source_dir/config/demo.yaml" --service-key "$key" --ca "$SSL_CERT_FILE"
says "a token was given"
