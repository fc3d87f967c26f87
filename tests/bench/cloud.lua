-- wrk: one heartbeat after the other, each with a key and a sequence of its own, as an agent sends them.
local body, headers, n = nil, {}, 0
local target = os.getenv("BENCH_TARGET")
function init()
    headers["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN")
    headers["Content-Type"] = "application/json"
    headers["X-Correlation-Id"] = "710b9573-5f47-4de6-b761-070626300001"
    body = os.getenv("BENCH_BODY")
    n = tonumber(os.getenv("BENCH_FIRST"))
end
function request()
    n = n + 1
    headers["Idempotency-Key"] = string.format("710b9573-5f47-4de6-b761-%012x", n)
    return wrk.format("POST", target, headers, (body:gsub("SEQUENCE", n)))
end
function done(summary, latency)
    local e = summary.errors
    io.write(string.format("WRK %d %d %d\n", summary.requests, e.connect + e.read + e.write + e.timeout + e.status, latency:percentile(99)))
end
