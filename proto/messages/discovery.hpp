// Rows 9 and 10: what Auto Discovery and the daily diagnostic report.
#pragma once

#include "proto/messages/registration.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct Discovery {
    struct ClientInfo {
        Client number = client_000;
        std::string role, name;
    };
    std::vector<std::string> hosts;
    std::vector<InstanceInfo> instances;
    std::vector<ClientInfo> clients;
    std::vector<std::string> logical_systems;
    std::vector<ComponentLevel> components;
    std::vector<std::string> endpoints;
};

struct Diagnostics {
    struct Level {
        std::string release;
        int support_package = 0;
    };
    struct Finding {
        std::string severity, message_id, text; ///< severity: ok, info, warning, error
    };
    Level st_pi, sap_basis;
    std::vector<std::string> notes,
        capabilities; ///< capabilities: create release toc deleteEmpty import check exportCheck retrofit
    bool ctc = true;
    std::string time_zone = "UTC";
    int free_batch_processes = 0;
    std::vector<Finding> findings;
};

std::string encode(Discovery const& message);
Result<Discovery> decode_discovery(std::string_view json);
std::string encode(Diagnostics const& message);
Result<Diagnostics> decode_diagnostics(std::string_view json);

} // namespace almd
