// How many calls a minute may go to a host: spread evenly, whoever asks.
#pragma once

#include "simulator/kernel/time.hpp"

#include <algorithm>

namespace almd {

/// Of one host and one shard, on the wire clock; several lines to the host share it.
class CallBudget {
public:
    explicit CallBudget(std::uint32_t per_minute)
        : gap_{std::chrono::duration_cast<WireDuration>(std::chrono::minutes{1}) / std::max(per_minute, 1u)} {}

    /// When the next call may go: at once after a quiet time, otherwise one gap after the one before. The place is taken.
    WirePoint take(WirePoint now) {
        auto const at = std::max(now, next_);
        next_ = at + gap_;
        return at;
    }

private:
    WireDuration gap_;
    WirePoint next_{};
};

} // namespace almd
