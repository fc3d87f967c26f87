// What a stand-in cloud is told when it is made, and how much it may keep.
#pragma once

#include "proto/http/certificates.hpp"
#include "simulator/cloud/cloud_scope.hpp"
#include "simulator/cloud/faults.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace almd {

/// The bounds of everything that is kept. What goes over one is counted and shown in the ledger.
struct CloudLimits {
    std::size_t body_bytes_max = 4 * 1024 * 1024; ///< larger requests: 413
    std::size_t registrations_max = 2'000'000;
    std::size_t registration_details_max = 10'000; ///< texts beside the identity (hosts, URL, components)
    std::size_t idempotency_keys_max = 262'144;    ///< beside the last one per system and operation, kept for good
    WireDuration idempotency_memory = 10min;
    std::size_t tokens_cached_max = 4'096;
    std::size_t transports_max = 500'000;
    std::size_t landscapes_max = 20'000;
    std::size_t features_max = 100'000;
    std::size_t work_items_max = 100'000;
    std::size_t anomalies_max = 1'000; ///< listed one by one in the ledger
    std::size_t fault_rules_max = almd::fault_rules_max;
    std::size_t text_bytes_max = 8 * 1024 * 1024;    ///< of what clients and persons write, on all boards together
    std::size_t journal_entries_max = 10'000;        ///< of 200 bytes; 0: no journal
    std::size_t journal_bytes_max = 6 * 1024 * 1024; ///< headers and bodies of the newest entries
};

struct CloudSettings {
    std::uint64_t seed = 1; ///< LMS IDs, feature IDs and fault draws; in virtual time also the secrets
    std::vector<std::string> tenants{"standin"}; ///< identity zones; each has a key and registrations of its own
    std::chrono::seconds token_life{43'200};     ///< 12 h: what SAP's own sample falls back to
    std::chrono::seconds lease{600};             ///< of a work item, on the wire clock
    bool allow_duplicate_sids = false;           ///< on for fleets: there are only 33,696 SIDs
    /// Short names; in the token they stand as `<xsappname>.<scope>` (I).
    std::vector<std::string> scopes{
        "imp-cdm-feature-display-ui", "imp-cdm-feature-manage-ui", "calm-api.features.read",
        "calm-api.features.write",    "calm-api.projects.read",    "calm-api.projects.write",
        "calm-api.tasks.read",        "calm-api.tasks.write",      "calm-api.landscape.read",
        "calm-api.bsm.read",          "calm-api.analytics.read",   "calm-api.analytics.providers.read",
        "calm-api.metrics.read",      "calm-api.metrics.write",    "calm-api.hm.read",
        "calm-api.hm.write",          "calm-api.logs.read",        "calm-api.logs.write"};
    TokenAlgorithm token_algorithm = TokenAlgorithm::es256;
    /// What the sandbox wants in the header APIKey: the same data without /api in the path, for reading only. Empty: no sandbox.
    std::string api_key;
    bool validate = true; ///< hold each request against proto/openapi/standin.yaml; without it only the decoders look
    std::vector<FaultRule> faults;
    std::string token_key_pem;                  ///< ES256; empty: a new one
    std::optional<KeyAndCertificate> authority; ///< signs the client certificates of X.509 keys; none: no such keys
    CloudLimits limits;
};

} // namespace almd
