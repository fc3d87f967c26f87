// Lines to a cloud over real sockets.
#pragma once

#include "agent/setup/destinations.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace almd {

struct LineSettings {
    std::vector<std::string> trusted_pem; ///< --ca and STRUST
    ConnectionPolicy policy = ConnectionPolicy::pooled;
    std::size_t connections_max = 64;
    RetrySpec retry;
    std::uint64_t seed = 1;
    double speed = 1.0; ///< of the shard's clock; other than 1 opens no line to a host of SAP
    std::vector<std::string> stand_in_hosts;
    std::uint32_t sap_host_requests_per_minute = 60; ///< of this shard, to each host of SAP
};

/// Who fetches the tokens of a credential: by default the line itself; with several shards one of them for all.
using MakeTokens = std::function<std::unique_ptr<TokenSource>(ServiceKey const& key, HttpClient& token_client)>;

OpenLine lines_over_sockets(Shard& shard, LineSettings settings, MakeTokens make_tokens = {});

} // namespace almd
