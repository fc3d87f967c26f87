#!/usr/bin/env bash
# The stand-in side by side with WireMock, MockServer, Prism and nginx: the same heartbeat with a bearer token of 1.2 KB, server on
# processor 0, client on processor 1, in turns. Prints a table; with a first argument also writes JSON there.
# ROUNDS (4), SECONDS_EACH (5), SOAK (requests of the memory run, 10,000,000), ONLY ("almd nginx") change its size.
# Prism speaks plain HTTP only, the others TLS. Rate runs are h2load over HTTP/1.1: one heartbeat repeated, at 10,000 a second.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
almd=$root/build/release/almd json=${1-}
rounds=${ROUNDS-4} each=${SECONDS_EACH-5} soak=${SOAK-10000000} rate=10000 connections=20
work=$(mktemp -d)
started=()
clean_up() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap clean_up EXIT
now_us() { echo "${EPOCHREALTIME/./}"; }

declare -A pids urls ready_ms
# launch NAME URL COMMAND...: waits until the heartbeat is answered 200.
launch() {
    local name=$1 begin
    urls[$name]=$2
    shift 2
    begin=$(now_us)
    taskset -c 0 "$@" >"$work/$name.out" 2>&1 &
    pids[$name]=$!
    started+=("$!")
    until [[ $(beat "$name" 2>/dev/null) == 200 ]]; do
        kill -0 "${pids[$name]}" 2>/dev/null || { echo "bench: $name has ended:" >&2; tail -n 20 "$work/$name.out" >&2; exit 1; }
        (($(now_us) - begin < 90000000)) || { echo "bench: $name is not ready:" >&2; tail -n 20 "$work/$name.out" >&2; exit 1; }
    done
    ready_ms[$name]=$((($(now_us) - begin) / 1000))
}
beat() { # the status that one heartbeat gets
    curl -sk -o "$work/beat" -w '%{http_code}' -H "Authorization: Bearer $BENCH_TOKEN" -H 'Content-Type: application/json' \
        -H 'X-Correlation-Id: 710b9573-5f47-4de6-b761-070626300001' -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" \
        -d "${BENCH_BODY/SEQUENCE/1}" "${urls[$1]}$BENCH_TARGET"
}
tree() { # a process and its children
    local pid
    echo "$1"
    for pid in $(cat "/proc/$1/task/"*/children 2>/dev/null); do tree "$pid"; done
}
cpu_us() { # user and system time so far, of NAME
    tree "${pids[$1]}" | xargs -I{} cat /proc/{}/stat 2>/dev/null | sed 's/.*) //' | awk '{sum += $12 + $13} END {print sum * 10000}'
}
rss_kib() { tree "${pids[$1]}" | xargs -I{} cat /proc/{}/status 2>/dev/null | awk '/^VmRSS/ {sum += $2} END {print sum}'; }

# --- ours first: it gives the key, the token and the certificate that all others use
begin=$(now_us)
mkfifo "$work/said"
taskset -c 0 "$almd" cloud --listen 127.0.0.1:0 --mtls-listen 127.0.0.1:0 --admin 127.0.0.1:0 --tls-dir "$work/tls" \
    --service-key-out "$work/key.json" >"$work/said" 2>"$work/almd.err" &
pids[almd]=$!
started+=("$!")
exec 3<"$work/said"
read -r line <&3
first_start_ms=$((($(now_us) - begin) / 1000))
urls[almd]=$(sed -n 's/.* cloud=\([^ ]*\).*/\1/p' <<<"$line")
id=$(jq -r .uaa.clientid "$work/key.json") secret=$(jq -r .uaa.clientsecret "$work/key.json")
scopes='imp-cdm-feature-display-ui imp-cdm-feature-manage-ui calm-api.features.read calm-api.projects.read' # of 1.2 KB
BENCH_TOKEN=$(curl -sk -u "$id:$secret" -d grant_type=client_credentials --data-urlencode "scope=$scopes" "${urls[almd]}/oauth/token" | jq -r .access_token)
export BENCH_TOKEN BENCH_BODY BENCH_TARGET BENCH_FIRST=0
registration='{"systemId":"DEV","client":"000","description":"d","systemNumber":"000000000850000001","installationNumber":"0020000001","dbHost":"db","dbType":"HDB","systemType":"ABAP","serviceType":"SAP_S4HANA","role":"DEV","rootUrl":"https://dev.example.com","externalId":"000","components":[],"instances":[]}'
lms=$(curl -sk -H "Authorization: Bearer $BENCH_TOKEN" -H 'Content-Type: application/json' -H 'X-Correlation-Id: 1' \
    -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" -d "$registration" "${urls[almd]}/api/landscape-management/v1/Registration" | jq -r .lmsId)
BENCH_TARGET=/api/standin/v1/systems/$lms/heartbeat
BENCH_BODY=$(jq -c '.sequence = "SEQUENCE" | .client = "000"' "$root/tests/golden/messages/heartbeat.json" | sed 's/"SEQUENCE"/SEQUENCE/')
[[ $(beat almd) == 200 ]] || { echo "bench: our own heartbeat is refused: $(cat "$work/beat")" >&2; exit 1; }
# Ready: with an authority that exists, as at every start but the first.
ready=()
for _ in 1 2 3 4 5; do
    begin=$(now_us)
    taskset -c 0 "$almd" cloud --listen 127.0.0.1:0 --mtls-listen 127.0.0.1:0 --admin 127.0.0.1:0 --tls-dir "$work/tls" >"$work/said" 2>/dev/null &
    again=$!
    read -r line < <(head -n 1 "$work/said")
    ready+=($((($(now_us) - begin) / 1000)))
    kill "$again"; wait "$again" || true
done
ready_ms[almd]=$(printf '%s\n' "${ready[@]}" | sort -n | sed -n 3p)

wanted() { [[ -z ${ONLY-} || " $ONLY " == *" $1 "* ]]; }
names=(almd)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 -keyout "$work/tls.key" -out "$work/tls.pem" 2>/dev/null
openssl pkcs12 -export -inkey "$work/tls.key" -in "$work/tls.pem" -passout pass:password -out "$work/tls.p12" -name bench 2>/dev/null
if wanted nginx; then
    cat >"$work/nginx.conf" <<N
daemon off; master_process off; worker_processes 1; pid $work/nginx.pid; error_log stderr warn;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f;
  uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  server { listen 127.0.0.1:18443 ssl; ssl_certificate $work/tls.pem; ssl_certificate_key $work/tls.key;
    location / { default_type application/json; return 200 '{"useCaseVersion":1}'; } } }
N
    launch nginx https://127.0.0.1:18443 nginx -c "$work/nginx.conf"
    names+=(nginx)
fi
if wanted wiremock; then # checks the token's presence and the body against the schema of the contract's heartbeat
    mkdir -p "$work/wiremock/mappings"
    jq -n --arg path "$BENCH_TARGET" --slurpfile schema "$root/tests/bench/heartbeat.schema.json" '{request: {method: "POST", urlPath: $path,
        headers: {Authorization: {matches: "Bearer .+"}}, bodyPatterns: [{matchesJsonSchema: ($schema[0] | tojson)}]},
        response: {status: 200, headers: {"Content-Type": "application/json"}, body: "{\"useCaseVersion\":1}"}}' >"$work/wiremock/mappings/heartbeat.json"
    launch wiremock https://127.0.0.1:18444 java -jar "$root/tests/bench/node_modules/wiremock/build/"wiremock-standalone-*.jar --root-dir "$work/wiremock" \
        --port 0 --https-port 18444 --https-keystore "$work/tls.p12" --keystore-password password --key-manager-password password \
        --keystore-type PKCS12 --no-request-journal --disable-banner
    names+=(wiremock)
fi
if wanted mockserver; then
    jq -n --arg path "$BENCH_TARGET" --slurpfile schema "$root/tests/bench/heartbeat.schema.json" '[{httpRequest: {method: "POST", path: $path,
        headers: {Authorization: ["Bearer .+"]}, body: {type: "JSON_SCHEMA", jsonSchema: $schema[0]}},
        httpResponse: {statusCode: 200, headers: {"Content-Type": ["application/json"]}, body: "{\"useCaseVersion\":1}"}}]' >"$work/expectations.json"
    launch mockserver https://127.0.0.1:18445 java -Dmockserver.initializationJsonPath="$work/expectations.json" -Dmockserver.logLevel=ERROR \
        -Dmockserver.maxLogEntries=100 -jar "$root/tests/bench/node_modules/mockserver-node/"mockserver-netty-*.jar -serverPort 18445
    names+=(mockserver)
fi
if wanted prism; then
    launch prism http://127.0.0.1:18446 node "$root/tests/e2e/node_modules/@stoplight/prism-cli/dist/index.js" \
        mock "$root/proto/openapi/standin.yaml" --port 18446 --verboseLevel error
    names+=(prism)
fi

declare -A served used p99 saturated
sent=1
load() { # load NAME SECONDS: closed loop; adds to served and used
    local before said
    before=$(cpu_us "$1")
    said=$(BENCH_FIRST=$sent taskset -c 1 wrk -t 1 -c "$connections" -d "${2}s" -s "$root/tests/bench/cloud.lua" "${urls[$1]}" | grep '^WRK ')
    read -r _ requests errors latency <<<"$said"
    ((errors == 0)) || echo "bench: $1: $errors errors" >&2
    sent=$((sent + requests + connections)) # no sequence and no key twice
    served[$1]=$((${served[$1]-0} + requests))
    used[$1]=$((${used[$1]-0} + $(cpu_us "$1") - before))
    saturated[$1]=$latency
}
at_rate() { # p99 in microseconds at a constant rate
    rm -f "$work/rate.log"
    taskset -c 1 h2load --h1 -t 1 -c "$connections" --rps $((rate / connections)) -D "$each" --log-file="$work/rate.log" \
        -H "Authorization: Bearer $BENCH_TOKEN" -H 'Content-Type: application/json' -H 'X-Correlation-Id: 1' \
        -H 'Idempotency-Key: 710b9573-5f47-4de6-b761-070626300001' -d "$work/body" "${urls[$1]}$BENCH_TARGET" >"$work/rate.out" 2>&1 || true
    awk '$2 == 200 {print $3}' "$work/rate.log" | sort -n | awk '{v[NR] = $1} END {print NR ? v[int(NR * 0.99)] : 0, NR}'
}
printf '%s' "${BENCH_BODY/SEQUENCE/1}" >"$work/body"
for name in "${names[@]}"; do load "$name" 2; done # warm, not counted
served=() used=()
declare -A rss_before rates
for name in "${names[@]}"; do rss_before[$name]=$(rss_kib "$name"); done
for ((round = 0; round < rounds; ++round)); do for name in "${names[@]}"; do load "$name" "$each"; done; done
for name in "${names[@]}"; do read -r "p99[$name]" "rates[$name]" <<<"$(at_rate "$name")"; done

# --- the token endpoint of ours
basic=$(printf '%s:%s' "$id" "$secret" | base64 -w0)
cat >"$work/token.lua" <<L
wrk.method = "POST"; wrk.body = "grant_type=client_credentials"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"; wrk.headers["Authorization"] = "Basic $basic"
function done(summary) io.write(string.format("WRK %d\n", summary.requests)) end
L
before=$(cpu_us almd)
tokens=$(taskset -c 1 wrk -t 1 -c "$connections" -d "${each}s" -s "$work/token.lua" "${urls[almd]}/oauth/token" | sed -n 's/^WRK //p')
token_us=$(awk -v used=$(($(cpu_us almd) - before)) -v n="$tokens" 'BEGIN {printf "%.1f", used / n}')

# --- flat memory: SOAK requests at ours
declare -a soaked=()
target=$((${served[almd]} + soak)) step=$((soak / 5))
while ((soak > 0 && ${served[almd]} < target)); do
    load almd 10
    while ((${#soaked[@]} < 5 && ${served[almd]} >= target - soak + (${#soaked[@]} + 1) * step)); do soaked+=("$(rss_kib almd)"); done
done

printf '\n%-11s %10s %14s %16s %14s %12s %12s %9s\n' server requests "CPU us/request" "p99 at 10k/s us" "reached 1/s" "p99 full us" "RSS KiB" "ready ms"
rows=()
for name in "${names[@]}"; do
    cost=$(awk -v used="${used[$name]}" -v n="${served[$name]}" 'BEGIN {printf "%.1f", used / n}')
    printf '%-11s %10d %14s %16s %14d %12s %12s %9s\n' "$name" "${served[$name]}" "$cost" "${p99[$name]}" $((${rates[$name]} / each)) \
        "${saturated[$name]}" "$(rss_kib "$name")" "${ready_ms[$name]}"
    rows+=("{\"server\":\"$name\",\"requests\":${served[$name]},\"cpuUsPerRequest\":$cost,\"p99UsAtRate\":${p99[$name]},\"reachedPerSecond\":$((${rates[$name]} / each)),\"p99UsSaturated\":${saturated[$name]},\"rssKiB\":$(rss_kib "$name"),\"readyMs\":${ready_ms[$name]}}")
done
echo "token endpoint (ES256): $token_us us of CPU, $tokens tokens; token of the heartbeats: ${#BENCH_TOKEN} bytes"
echo "ready at the first start, with a new authority: $first_start_ms ms; later starts: ${ready[*]} ms"
echo "RSS in KiB: ${rss_before[almd]} warm; during $soak requests more: ${soaked[*]-none}"
if [[ $json ]]; then
    printf '{"rows":[%s],"tokenUs":%s,"firstStartMs":%s,"rssKiB":[%s]}\n' "$(IFS=, && echo "${rows[*]}")" "$token_us" "$first_start_ms" \
        "$(IFS=, && echo "${rss_before[almd]}${soaked[*]+,${soaked[*]}}")" >"$json"
fi
