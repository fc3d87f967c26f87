// Rows of CTS as its tables have them: E070 of requests and tasks, E071 with E071K of what is in them.
#pragma once

#include "simulator/cts/transport_organizer.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace almd {

std::vector<std::string> request_fields();
nlohmann::json request_row(TransportRequest const& request);
std::vector<std::string> task_fields();
nlohmann::json task_row(TransportRequest const& request, TransportTask const& task);
std::vector<std::string> object_fields();
/// Adds the lines of the request's own list and of its tasks' lists; only of that task if one is given.
void add_object_rows(TransportOrganizer const& cts, TransportRequest const& request, std::optional<TrRequest> only,
                     std::vector<nlohmann::json>& rows);

} // namespace almd
