// How many bytes a row of telemetry is.
#include "simulator/cloud/telemetry_shelf.hpp"

namespace almd {

std::size_t TelemetryShelf::bytes_of(TelemetryAttributes const& attributes) {
    std::size_t bytes = 0;
    for (auto const& [key, value] : attributes) bytes += sizeof(attributes[0]) + key.size() + value.size();
    return bytes;
}

std::size_t TelemetryShelf::bytes_of(MetricPoint const& point) {
    return sizeof point + point.name.size() + point.unit.size() + point.description.size() + point.scope.size() +
           point.scope_version.size() + bytes_of(point.attributes);
}

std::size_t TelemetryShelf::bytes_of(TelemetryLog const& log) {
    return sizeof log + log.body.size() + log.severity_text.size() + bytes_of(log.attributes);
}

} // namespace almd
