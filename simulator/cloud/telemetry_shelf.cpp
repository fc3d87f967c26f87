// Keeping rows of telemetry, and how many bytes they are.
#include "simulator/cloud/telemetry_shelf.hpp"

#include "simulator/cloud/otlp.hpp"

namespace almd {

std::size_t bytes_of(MetricPoint const& point) {
    return sizeof point + point.name.size() + point.unit.size() + point.description.size() + bytes_of(point.attributes);
}
std::size_t bytes_of(TelemetryLog const& log) {
    return sizeof log + log.severity_text.size() + log.event_name.size() + log.trace_id.size() + log.span_id.size() +
           bytes_of(log.body) + bytes_of(log.attributes);
}

std::size_t bytes_of(OtlpResource const& resource) {
    return sizeof resource + resource.schema_url.size() + bytes_of(resource.attributes);
}
std::size_t bytes_of(OtlpScope const& scope) {
    return sizeof scope + scope.name.size() + scope.version.size() + scope.schema_url.size() +
           bytes_of(scope.attributes);
}

template <class Row>
template <class T>
typename OtlpPool<T>::iterator TelemetryShelf::Ring<Row>::shared(OtlpPool<T>& pool, T value) {
    auto const [at, is_new] = pool.try_emplace(otlp_protobuf(value));
    if (is_new) {
        bytes += at->first.size() + bytes_of(value);
        at->second.value = std::move(value);
    }
    return at;
}

template <class Row>
template <class T>
void TelemetryShelf::Ring<Row>::release(OtlpPool<T>& pool, typename OtlpPool<T>::iterator one) {
    if (--one->second.rows > 0) return;
    bytes -= one->first.size() + bytes_of(one->second.value);
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
