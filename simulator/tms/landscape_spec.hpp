// A landscape as plain values: what a configuration file says and what a fleet shares as its template.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace almd {

struct ComponentVersion {
    std::string name, release; ///< "S4CORE", "108"
    int support_package = 0;
    friend bool operator==(ComponentVersion const&, ComponentVersion const&) = default;
};

struct UserSpec {
    std::string name; ///< upper case, at most 12 characters
    std::vector<std::string> roles;
    bool locked = false;
};

struct ClientSpec {
    Client number = client_000;
    std::string name, role = "C"; ///< role as T000-CCCATEGORY: P production, T test, C customizing, S SAP reference ...
};

struct SystemSpec {
    SystemId id;
    std::string role = "DEV"; ///< PROD, TEST, DEV: what Landscape Management shows; the last system of a track is production anyway (V)
    std::string description;
    bool virtual_system = false;
    std::string transport_group = "GROUP_1";
    std::string service_type = "SAP_S4HANA";
    std::string host;               ///< empty: computed from the SID
    int instance_number = 0;
    std::string system_number;      ///< SLICENSE, 18 digits; empty: computed; "-" : really none (then Registration answers 400, V)
    std::string installation_number; ///< 10 digits; empty: computed
    std::string db_host;            ///< SAPDBHOST; empty: the host; "-": really none
    std::string db_type = "HDB";
    std::string time_zone = "CET";
    int batch_processes = 6;        ///< background work processes
    std::vector<ClientSpec> clients;
    std::vector<ComponentVersion> components; ///< with SAP_BASIS and ST-PI
    std::vector<std::string> notes;
    std::vector<UserSpec> users;
};

struct ConsolidationRouteSpec {
    SystemId from;
    std::string layer;
    TransportTarget to;
};
struct DeliveryRouteSpec {
    SystemId from;
    std::optional<Client> from_client;
    TransportTarget to;
};
struct TargetGroupSpec {
    std::string name; ///< "/QGRP/"
    std::vector<TransportTarget> members;
};

struct TmsSpec {
    std::string domain; ///< empty: DOMAIN_<controller>
    SystemId controller;
    std::optional<SystemId> backup_controller;
    bool ctc = true;
    std::vector<std::string> layers;
    std::vector<ConsolidationRouteSpec> consolidation_routes;
    std::vector<DeliveryRouteSpec> delivery_routes;
    std::vector<TargetGroupSpec> target_groups;
};

/// tp profile of the domain. STOPONERROR and REPEATONERROR: the sample system of the guide has 9 and 8 (V); other sources remember 9 and 9 (I).
struct TpProfile {
    int stop_on_error = 9;
    int repeat_on_error = 8;
    bool no_import_all = true;
    /// How long an import takes (I): a call costs `per_call`, each request `per_request` more, each object `per_object`.
    Duration per_call = 8s, per_request = 4s, per_object = 150ms;
    double failing_share = 0.0;  ///< share of imports that end with 8
    double warning_share = 0.05; ///< share that end with 4
    friend bool operator==(TpProfile const&, TpProfile const&) = default;
};

/// A request that exists when the world starts.
struct RequestSpec {
    SystemId system;
    Client client{100};
    TrFunction function = TrFunction::workbench; ///< K or W
    std::string text, owner = "DEVELOPER";
    std::vector<std::string> objects; ///< "R3TR PROG ZPROG"; may be empty
    bool released = true;
    std::string alias; ///< a name for the story; empty: none
};

struct LandscapeSpec {
    std::vector<SystemSpec> systems;
    TmsSpec tms;
    TpProfile tp;
    std::vector<RequestSpec> requests;
};

/// DEV:100 > QUA:200 > PRD:300, domain controller PRD, CTC=1, a few released requests: the built-in demo.
LandscapeSpec three_tier_landscape();

} // namespace almd
