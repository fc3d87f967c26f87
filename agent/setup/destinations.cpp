// The HTTP destinations of a shard.
#include "agent/setup/destinations.hpp"

namespace almd {

Result<std::uint16_t> Destinations::add(std::string name, ServiceKey key, std::optional<ProxySettings> proxy) {
    constexpr std::size_t destinations_max = 60'000;
    if (all_.size() >= destinations_max)
        return fail(ErrorCode::too_large,
                    "no more than 60000 destinations in one process; restart almd to drop the deleted ones");
    auto line = open_(key, proxy);
    if (!line) return std::unexpected(line.error());
    all_.push_back(std::make_unique<Destination>(std::move(name), std::move(key), std::move(proxy), std::move(*line)));
    return static_cast<std::uint16_t>(all_.size() - 1);
}

} // namespace almd
