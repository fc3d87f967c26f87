// OpenTelemetry's own exporters push metrics and logs in, as JSON and as protobuf; what is read back goes through OpenTelemetry's own decoder.
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtobufMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { assert, api, refused, register, token } from "./stand_in.mjs";

const require = createRequire(import.meta.url);
// The decoder is not among the package's exports; its file is in the package.
const transformer = dirname(require.resolve("@opentelemetry/otlp-transformer/package.json"));
const { opentelemetry } = require(join(transformer, "build/src/generated/root.js"));
const { ExportMetricsServiceRequest } = opentelemetry.proto.collector.metrics.v1;
const { ExportLogsServiceRequest } = opentelemetry.proto.collector.logs.v1;

const bearer = await token();
const headers = { authorization: `Bearer ${bearer}` };
const resource = resourceFromAttributes({ "service.name": "third-party", "process.pid": 7 });

/** What the exporter says about each of its exports. */
function verdicts(exporter) {
    const list = [], send = exporter.export.bind(exporter);
    exporter.export = (data, done) => send(data, (result) => (list.push(result), done(result)));
    return list;
}

/** A gauge with two points, exported once; the exporter's own verdict. */
async function pushMetrics(exporter) {
    const said = verdicts(exporter);
    const provider = new MeterProvider({ resource, readers: [new PeriodicExportingMetricReader({ exporter })] });
    const gauge = provider.getMeter("e2e", "1.0.0").createGauge("disk.used", { unit: "mb" });
    gauge.record(12.5, { "sap.calm.hm.metric.type": "quota", "sap.calm.hm.quota": "value" });
    gauge.record(100, { "sap.calm.hm.metric.type": "quota", "sap.calm.hm.quota": "limit" });
    await provider.shutdown().catch(() => {});
    assert.equal(said.length, 1);
    return said[0];
}

/** One exception, exported once; the exporter's own verdict. */
async function pushLogs(exporter) {
    const said = verdicts(exporter);
    const logs = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter })] });
    logs.getLogger("e2e").emit({
        severityNumber: SeverityNumber.ERROR, severityText: "ERROR", body: "short dump: TIME_OUT",
        attributes: { "sap.exm.category": "ABAP Runtime", "sap.exm.correlationId": "42", retries: 3, open: true, steps: ["a", 1.5] },
        context: trace.setSpanContext(ROOT_CONTEXT, { traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174", traceFlags: 1 }),
    });
    await logs.shutdown();
    assert.equal(said.length, 1);
    return said[0];
}

/** OpenTelemetry's serializer and a request of our own, packed: the exporter of logs as protobuf is not installed. */
function protobufLogExporter(url) {
    let sent;
    const send = async (records, done) => {
        const answer = await fetch(url, {
            method: "POST", headers: { ...headers, "content-type": "application/x-protobuf", "content-encoding": "gzip" },
            body: gzipSync(ProtobufLogsSerializer.serializeRequest(records)),
        });
        done({ code: answer.status === 200 ? 0 : 1, error: new Error(await answer.text()) });
    };
    return { export: (records, done) => (sent = send(records, done)), forceFlush: () => sent, shutdown: () => sent };
}

const read = async (path) => {
    const answer = await fetch(`${api}/${path}`, { headers });
    assert.equal(answer.status, 200, path);
    return answer;
};
const binaryBody = async (path) => Buffer.from(await (await read(path)).arrayBuffer());

// What was pushed is read back as protobuf through the decoder, as JSON and as Prometheus text; all say the same.
async function pushAndRead(sid, metricExporter, logExporter) {
    const lmsId = await register(bearer, sid);
    const pushed = await pushMetrics(metricExporter(`${api}/calm-metrics/v1/metrics?useCase=hm&serviceId=${lmsId}&dev=true`));
    assert.equal(pushed.code, 0, pushed.error?.message);
    const said = await pushLogs(logExporter(`${api}/calm-logs/v1/logs?useCase=exm&serviceId=${lmsId}`));
    assert.equal(said.code, 0, said.error?.message);
    const metricsPath = `calm-metrics/v1/metrics?provider=hm&metrics=measure:value,measure:limit&dimensions=serviceId,serviceName&serviceId=${lmsId}&format=`;
    const decoded = ExportMetricsServiceRequest.decode(await binaryBody(`${metricsPath}protobuf-binary`));
    const points = (request) => request.resourceMetrics.flatMap((one) => one.scopeMetrics).flatMap((one) => one.metrics)
        .flatMap((metric) => metric.gauge.dataPoints.map((point) => [metric.name, metric.unit, point.asDouble]));
    assert.deepEqual(points(decoded).sort(), [["disk.used", "mb", 100], ["disk.used", "mb", 12.5]]);
    assert.ok(decoded.resourceMetrics[0].resource.attributes.some((one) => one.value.stringValue === `${sid}000`));
    const now = Date.now() * 1e6;
    const times = decoded.resourceMetrics[0].scopeMetrics[0].metrics[0].gauge.dataPoints.map((point) => Number(point.timeUnixNano));
    assert.ok(times.every((at) => Math.abs(at - now) < 60e9), `${times}`);
    const json = await (await read(`${metricsPath}protobuf-json`)).json();
    assert.deepEqual(points(json).sort(), points(decoded).sort());
    assert.match(await (await read(`${metricsPath}text`)).text(), /^disk_used\S*\{[^}]*\} 12\.5/m);

    const logsPath = `calm-logs/v1/logs?provider=exm.im&serviceId=${lmsId}`;
    const logRequest = ExportLogsServiceRequest.decode(await binaryBody(logsPath));
    const records = logRequest.resourceLogs.flatMap((one) => one.scopeLogs).flatMap((one) => one.logRecords);
    assert.deepEqual(records.map((one) => [one.severityNumber, one.body.stringValue]), [[17, "short dump: TIME_OUT"]]);
    assert.ok(records[0].attributes.some((one) => one.key === "sap.exm.category" && one.value.stringValue === "ABAP Runtime"));
    const values = (list) => Object.fromEntries(list.map(({ key, value }) => [key, value.toJSON()]));
    const attributes = values(records[0].attributes);
    assert.deepEqual([attributes.retries, attributes.open], [{ intValue: "3" }, { boolValue: true }]);
    assert.deepEqual(attributes.steps.arrayValue.values, [{ stringValue: "a" }, { doubleValue: 1.5 }]);
    assert.equal(Buffer.from(records[0].traceId).toString("hex"), "5b8efff798038103d269b633813fc60c");
    assert.equal(Buffer.from(records[0].spanId).toString("hex"), "eee19b7ec3c1b174");
    assert.equal(logRequest.resourceLogs[0].scopeLogs[0].scope.name, "e2e");
    for (const { resource } of [logRequest.resourceLogs[0], decoded.resourceMetrics[0]])
        assert.deepEqual([values(resource.attributes)["service.name"], values(resource.attributes)["process.pid"]],
            [{ stringValue: "third-party" }, { intValue: "7" }]);
    assert.equal((await binaryBody(`${logsPath}&category=ABAP%20System%20Log`)).length, 0);
    return logsPath;
}

const logsPath = await pushAndRead("OTL", (url) => new OTLPMetricExporter({ url, headers }), (url) => new OTLPLogExporter({ url, headers }));
await pushAndRead("OTP", (url) => new ProtobufMetricExporter({ url, headers, compression: "gzip" }), protobufLogExporter);
await pushAndRead("OTQ", (url) => new ProtobufMetricExporter({ url, headers }), protobufLogExporter);

// The documented refusals.
const get = (path, more = headers) => fetch(`${api}/${path}`, { headers: more });
await refused(await get("calm-logs/v1/logs?provider=exm.im"), 428, "A required parameter is missing : serviceId");
await refused(await get(`${logsPath}&period=61M`), 400, "Time interval > 60 mins");
await refused(await get(`${logsPath}&limit=1`), 403, "Response total count is over the limit");
await refused(await get(logsPath, {}), 401, "");
