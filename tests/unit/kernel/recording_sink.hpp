// A sink that remembers what was due.
#pragma once

#include "simulator/kernel/shard.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace almd {

class RecordingSink : public TimerSink {
public:
    struct Event {
        std::uint32_t payload;
        TimePoint planned;
    };
    std::vector<Event> events;
    std::function<void(std::uint32_t)> then; ///< called after an event was noted

    void due(std::uint32_t payload, TimePoint planned) override {
        events.push_back({payload, planned});
        if (then) then(payload);
    }
    std::vector<std::uint32_t> payloads() const {
        std::vector<std::uint32_t> all;
        for (auto const& event : events) all.push_back(event.payload);
        return all;
    }
};

} // namespace almd
