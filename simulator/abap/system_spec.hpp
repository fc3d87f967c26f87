// One ABAP system as plain values: what a configuration file says about it and what a fleet shares as its template.
#pragma once

#include "proto/ids.hpp"
#include "simulator/abap/customizing.hpp"
#include "simulator/abap/user.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace almd {

struct ComponentVersion {
    std::string name, release; ///< "S4CORE", "108"
    int support_package = 0;
    friend bool operator==(ComponentVersion const&, ComponentVersion const&) = default;
};

/// Release and support package of ST-PI; 740 SP32 is below 758 SP1. Both 0: it is not installed.
struct StPiLevel {
    int release = 0, support_package = 0;
    friend auto operator<=>(StPiLevel const&, StPiLevel const&) = default;
};

struct ClientSpec {
    Client number = client_000;
    std::string name, role = "C"; ///< role as T000-CCCATEGORY: P production, T test, C customizing, S SAP reference ...
    std::string standard_layer{}; ///< TCECLILY: transport layer of its customizing; empty: the system's (V)
};

/// A package and its transport layer; `$` packages and those without a layer are local (V).
struct PackageSpec {
    std::string name, layer;
    friend bool operator==(PackageSpec const&, PackageSpec const&) = default;
};

/// ATC at release: "Block for Findings" and "Inform for Findings" of the basic settings, as the lowest priority that
/// counts: 0 never, 1 priority 1, 2 priority 1 and 2 ... (V; the defaults are I).
struct AtcSpec {
    int block_on = 0, inform_on = 0;
    double findings_share = 0; ///< share of objects with a finding, beyond those set by hand
    friend bool operator==(AtcSpec const&, AtcSpec const&) = default;
};

/// What an import may not write in a system unless a umode says so; all three are settings (I), empty by default.
struct ImportRules {
    std::string locked_types;                  ///< TRFUNCTION letters that are not let in (umode 9), "W"
    std::vector<std::string> protected_tables; ///< whose contents stay (table class, umode 8); a star at the end
    std::vector<std::string> system_objects;   ///< system-dependent ones (umode 3): "R3TR SICF *"
    friend bool operator==(ImportRules const&, ImportRules const&) = default;
};

struct SystemSpec {
    SystemId id;
    std::string role = "DEV"; ///< PROD, TEST, DEV: what Landscape Management shows; the last system of a track is
                              ///< production anyway (V)
    std::string description;
    bool virtual_system = false;  ///< placeholder without RFC: its buffer fills, nothing is imported (V)
    bool external_system = false; ///< virtual, with a transport directory of its own (V)
    std::optional<SystemId> communication_system; ///< of a virtual one; none: the domain controller (I)
    std::string transport_group = "GROUP_1";
    std::string service_type = "SAP_S4HANA";
    std::string host; ///< empty: computed from the SID
    int instance_number = 0;
    std::string system_number;       ///< SLICENSE, 18 digits; empty: computed; "-" : really none (then Registration
                                     ///< answers 400, V)
    std::string installation_number; ///< 10 digits; empty: computed
    std::string db_host;             ///< SAPDBHOST; empty: the host; "-": really none
    std::string db_type = "HDB";
    std::string time_zone = "CET";
    int batch_processes = 6;                     ///< background work processes
    int batch_processes_class_a = 0;             ///< so many of them are kept free for jobs of class A
    std::uint32_t last_request_number = 900'000; ///< E070L: requests go on behind it
    std::vector<ClientSpec> clients;
    std::vector<ComponentVersion> components; ///< with SAP_BASIS and ST-PI
    std::vector<std::string> notes;
    std::vector<UserSpec> users; ///< the same in every client of the system; the implied ones too
    std::vector<PackageSpec> packages;
    AtcSpec atc;
    ImportRules import_rules;
    CustomizingTables tables;
    std::vector<RfcDestination> rfc_destinations; ///< SM59, type 3
    double failing_exports = 0; ///< share of releases whose export ends with 8 and leaves the request in O (I)

    /// Else every name is a user's.
    bool lists_users() const { return !std::ranges::all_of(users, &UserSpec::implied); }
};

} // namespace almd
