// Keeping rows of telemetry, and how many bytes they are.
#include "simulator/cloud/telemetry_shelf.hpp"

#include "simulator/cloud/otlp.hpp"
#include "simulator/cloud/text_budget.hpp"

namespace almd {

std::size_t bytes_of(MetricPoint const& point) {
    return sizeof point + heap_bytes(point.name) + heap_bytes(point.unit) + heap_bytes(point.description) +
           bytes_of(point.attributes);
}
std::size_t bytes_of(TelemetryLog const& log) {
    return sizeof log + heap_bytes(log.severity_text) + heap_bytes(log.event_name) + heap_bytes(log.trace_id) +
           heap_bytes(log.span_id) + bytes_of(log.body) + bytes_of(log.attributes);
}

std::size_t bytes_of(OtlpResource const& resource) {
    return sizeof resource + heap_bytes(resource.schema_url) + bytes_of(resource.attributes);
}
std::size_t bytes_of(OtlpScope const& scope) {
    return sizeof scope + heap_bytes(scope.name) + heap_bytes(scope.version) + heap_bytes(scope.schema_url) +
           bytes_of(scope.attributes);
}

template <class Row>
template <class T>
typename OtlpPool<T>::iterator TelemetryShelf::Ring<Row>::shared(OtlpPool<T>& pool, T value) {
    auto const [at, is_new] = pool.try_emplace(otlp_protobuf(value));
    if (is_new) {
        bytes += heap_bytes(at->first) + bytes_of(value);
        at->second.value = std::move(value);
    }
    return at;
}

template <class Row>
template <class T>
void TelemetryShelf::Ring<Row>::release(OtlpPool<T>& pool, typename OtlpPool<T>::iterator one) {
    if (--one->second.rows > 0) return;
    bytes -= heap_bytes(one->first) + bytes_of(one->second.value);
    pool.erase(one);
}

template <class Row>
void TelemetryShelf::Ring<Row>::keep(OtlpBlock<Row> block) {
    std::erase_if(block.parts, [](auto const& part) { return part.rows.empty(); });
    if (block.parts.empty()) return;
    auto const resource = shared(resources, std::move(block.resource));
    for (auto& part : block.parts) {
        auto const scope = shared(scopes, std::move(part.scope));
        for (auto& row : part.rows) {
            row.resource = resource;
            row.scope = scope;
            ++resource->second.rows;
            ++scope->second.rows;
            bytes += bytes_of(row);
            rows.push_back(std::move(row));
        }
    }
    for (; bytes > ring_bytes_max; ++forgotten) {
        bytes -= bytes_of(rows.front());
        release(resources, rows.front().resource);
        release(scopes, rows.front().scope);
        rows.pop_front();
    }
}

template struct TelemetryShelf::Ring<MetricPoint>;
template struct TelemetryShelf::Ring<TelemetryLog>;

} // namespace almd
