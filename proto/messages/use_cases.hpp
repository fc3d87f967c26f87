// Rows 7 and 8: which tasks the cloud wants, and what the system switched on or off.
#pragma once

#include "proto/ids.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct UseCaseSelection {
    struct Task {
        std::string task; ///< SAP name, "Transports: Read"
        Client client = client_000;
        bool active = false;
        int interval_minutes = 0;
        bool interval_editable = true;
        bool cloud_leads = true; ///< on the wire: leading "cloud" or "system"
    };
    std::int64_t version = 0;
    std::vector<Task> tasks;
};

struct UseCaseActivation {
    Client client = client_000;
    bool active = false;
    int interval_minutes = 0;
};

std::string encode(UseCaseSelection const& message);
Result<UseCaseSelection> decode_use_case_selection(std::string_view json);
std::string encode(UseCaseActivation const& message);
Result<UseCaseActivation> decode_use_case_activation(std::string_view json);

} // namespace almd
