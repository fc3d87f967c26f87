# One client of others against `almd cloud`: client.sh ALMD CLIENT [ES256|RS256]; CLIENT is a file of tests/e2e/clients.
client=$2 algorithm=${3-ES256}
source "$(dirname "$0")/almd.sh"
start cloud cloud --listen 127.0.0.1:0 --mtls-listen 127.0.0.1:0 --admin 127.0.0.1:0 --tls-dir "$work/tls" \
    --service-key-out "$work/key.json" --x509-key-out "$work/x509.json" --token-algorithm "$algorithm"
ready cloud
export ADMIN=$admin SERVICE_KEY=$work/key.json TOKEN_ALGORITHM=$algorithm
export SSL_CERT_FILE=$work/tls/ca.pem NODE_EXTRA_CA_CERTS=$work/tls/ca.pem
case $client in
    *.sh) source "$source_dir/tests/e2e/clients/$client" ;;
    *.mjs) expect_exit 0 node "$source_dir/tests/e2e/clients/$client" ;;
    *) fail "$client is no client" ;;
esac
kill -0 "$pid" || fail "the cloud has ended"
