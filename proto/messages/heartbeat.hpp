// Row 6: the heartbeat, the message that a fleet sends most.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct Heartbeat {
    struct Job {
        std::string name;
        char last_status = 'F'; ///< SM37 letter: P S Y R F A
        std::optional<TimePoint> last_end;
    };
    std::uint32_t sequence = 1;
    TimePoint timestamp{};
    Client client = client_000;
    std::optional<TimePoint> scheduler_last_run;
    std::string agent_version;
    std::vector<Job> jobs;
};

struct HeartbeatAnswer {
    std::int64_t use_case_version = 0;
};

std::string encode(Heartbeat const& message);
Result<Heartbeat> decode_heartbeat(std::string_view json);
std::string encode(HeartbeatAnswer const& message);
Result<HeartbeatAnswer> decode_heartbeat_answer(std::string_view json);

} // namespace almd
