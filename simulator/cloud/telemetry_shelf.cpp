// How many bytes of memory a row of telemetry is.
#include "simulator/cloud/telemetry_shelf.hpp"

#include "simulator/cloud/text_budget.hpp"

namespace almd {

std::size_t TelemetryShelf::bytes_of(TelemetryAttributes const& attributes) {
    auto bytes = list_bytes(attributes);
    for (auto const& [key, value] : attributes) bytes += heap_bytes(key) + heap_bytes(value);
    return bytes;
}

std::size_t TelemetryShelf::bytes_of(MetricPoint const& point) {
    auto bytes = sizeof point + bytes_of(point.attributes);
    for (auto const* text : {&point.name, &point.unit, &point.description, &point.scope, &point.scope_version})
        bytes += heap_bytes(*text);
    return bytes;
}

std::size_t TelemetryShelf::bytes_of(TelemetryLog const& log) {
    return sizeof log + heap_bytes(log.body) + heap_bytes(log.severity_text) + bytes_of(log.attributes);
}

} // namespace almd
