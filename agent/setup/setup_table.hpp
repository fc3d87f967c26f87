// All runs of /SDF/ALM_SETUP of a shard: the hot state, compact, because there may be a million of them.
#pragma once

#include "agent/settings/settings.hpp"
#include "agent/setup/task_state.hpp"
#include "proto/ids.hpp"
#include "simulator/abap/background_processing.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace almd {

/// Number of a set-up inside its shard: landscape by landscape, in the order of the template; those made by hand come last.
using SetupIndex = std::uint32_t;

enum class Registered : std::uint8_t { no, trying, yes, refused, leaving };

struct SetupState {
    LmsId lms_id;
    std::uint32_t heartbeat_sequence = 0;                ///< last one given; a registration call restarts it
    std::uint32_t calls = 0;                             ///< logical calls so far: makes idempotency keys unique
    std::int32_t use_case_version = 0;                   ///< what the last heartbeat answered
    std::int32_t use_case_fetched = 0;                   ///< the version that was applied
    std::uint32_t scheduler_last_run = TaskState::never; ///< seconds since the shard began
    std::uint32_t last_change = 0; ///< transports up to this change number were accepted by the cloud,
    std::uint32_t last_import = 0; ///< and imports up to this row of the history
    /// Scheduler, Heartbeat, daily diagnostic, that of Create & Export.
    std::array<JobSlot, 4> jobs{no_job, no_job, no_job, no_job};
    std::uint16_t registrations = 0; ///< registration calls that succeeded; tells the sequences of heartbeats apart
    std::uint16_t destination = 0;   ///< index into the shard's destinations
    Registered registered = Registered::no;
    bool fetching_use_cases : 1 = false;
    bool telling_pending : 1 = false;
    bool registration_wanted : 1 = false; ///< false while one is being tried: it is given up
    bool removed : 1 = false;             ///< its destination was deleted
    std::array<TaskState, task_count> tasks{};
    std::string cursor; ///< opaque, of "Transports: Read"; empty: none yet
};

/// What a set-up is for: its place in the world. Computed, not stored, for those of the template.
struct SetupPlace {
    std::uint32_t landscape = 0; ///< number inside the shard
    SystemSlot system = 0;
    std::uint32_t system_index = 0; ///< inside the landscape
    Client client = client_000;
};

class SetupTable {
public:
    /// `setups` is the template; it is repeated for each of `landscapes` landscapes of `systems` systems.
    SetupTable(std::vector<SetupSpec> setups, std::vector<SystemId> systems, std::uint32_t landscapes);

    std::size_t size() const { return states_.size(); }
    SetupState& operator[](SetupIndex index) { return states_[index]; }
    SetupState const& operator[](SetupIndex index) const { return states_[index]; }
    SetupPlace place(SetupIndex index) const;
    SetupSpec const& spec(SetupIndex index) const;

    /// A set-up made by hand, in the first landscape (a fleet takes no hand-made ones). `system_index` counts inside it.
    SetupIndex add(SetupSpec spec, std::uint32_t system_index);
    /// Gives one set-up a specification of its own; the shared template stays as it is.
    void change(SetupIndex index, SetupSpec spec, TimePoint now);
    /// Who it was at that time: what ran before a change keeps its user.
    std::string const& background_user(SetupIndex index, TimePoint at) const;
    /// All set-ups of that system, in any client, that were not removed.
    std::vector<SetupIndex> of_system(SystemSlot system) const;
    /// The set-up of that system, client and destination that was not removed.
    std::optional<SetupIndex> find(SystemSlot system, Client client, std::string_view destination) const;
    std::size_t bytes() const;

private:
    std::vector<SetupSpec> template_;
    std::vector<std::uint32_t> template_system_; ///< system index of each template set-up
    std::uint32_t landscapes_, systems_per_landscape_;
    std::vector<std::uint32_t> by_hand_system_;
    std::unordered_map<SetupIndex, SetupSpec> own_; ///< of set-ups that differ from the template, or are not in it
    struct EarlierUser {
        TimePoint until;
        std::string name;
    };
    std::unordered_map<SetupIndex, std::vector<EarlierUser>> earlier_users_; ///< oldest first
    std::vector<SetupState> states_;
};

} // namespace almd
