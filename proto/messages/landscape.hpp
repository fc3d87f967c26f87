// Row 11: the transport domain as Read Landscape reports it.
#pragma once

#include "proto/ids.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct LandscapePush {
    struct System {
        SystemId system_id;
        bool virtual_system = false;
        std::string transport_group;
        bool ctc = true;
        std::string description;
    };
    struct TargetGroup {
        std::string name; ///< "/GRP/"
        std::vector<TransportTarget> members;
    };
    struct ConsolidationRoute {
        SystemId from;
        std::string layer;
        TransportTarget to;
    };
    struct DeliveryRoute {
        SystemId from;
        TransportTarget to;
    };
    std::string domain;
    SystemId controller;
    std::optional<SystemId> backup_controller;
    std::vector<System> systems;
    std::vector<TargetGroup> target_groups;
    std::vector<std::string> transport_layers;
    std::vector<ConsolidationRoute> consolidation_routes;
    std::vector<DeliveryRoute> delivery_routes;
    std::int64_t version = 1;
};

std::string encode(LandscapePush const& message);
Result<LandscapePush> decode_landscape_push(std::string_view json);

} // namespace almd
