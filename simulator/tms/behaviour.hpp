// Behaviours as data: what may become of a request when its developer is done with it, or when it is imported.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/rng.hpp"
#include "simulator/kernel/time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace almd {

enum class BehaviourOutcome : std::uint8_t {
    release,            ///< all tasks, then the request
    failing_export,     ///< the export ends with 8, the request stays in O until it is released again
    forgotten_task,     ///< one task of a colleague stays open, so CTS refuses the request
    copies,             ///< a transport of copies goes out, the request itself stays open
    leave_open,         ///< nothing
    component_mismatch, ///< it is released, and for a while its target misses a support package
    lock_user,          ///< it stays open, and for a while its owner, or a user of jobs, cannot log on
    import,             ///< of an import, whoever starts it; all others are of a release
};
std::string_view name(BehaviourOutcome outcome);
std::optional<BehaviourOutcome> parse_behaviour_outcome(std::string_view text);

struct Behaviour {
    /// Empty fields take everything.
    struct Selector {
        std::optional<TrFunction> function;
        std::string owner, object_type; ///< "ANNA", "PROG"
        std::optional<SystemId> system; ///< source of a release, target of an import
        double share = 1.0;             ///< of the requests that match otherwise
    };
    std::string name;
    Selector selector;
    /// delay +- jitter. Of a release: working time until it. Of an import: how much longer its main import takes.
    Duration delay{0}, jitter{0};
    double weight = 1.0; ///< against the others that match
    BehaviourOutcome outcome = BehaviourOutcome::release;
    Duration lasts{0}; ///< working time until somebody repairs what it broke
    /// With lock_user: who, instead of the owner, and whether in the target of the request instead of its source.
    std::string user{};
    bool in_target = false;
    std::optional<int> return_code{}; ///< of an import: 0, 4, 8, 12; none: tp draws as ever
    char step = 'I';                  ///< that ends with it

    bool breaks_something() const {
        return outcome == BehaviourOutcome::component_mismatch || outcome == BehaviourOutcome::lock_user;
    }
    bool of_import() const { return outcome == BehaviourOutcome::import; }
};

/// What a selector looks at.
struct BehaviourFacts {
    TrFunction function = TrFunction::workbench;
    std::string_view owner;
    SystemId system; ///< as the specification names it
    std::span<std::string_view const> object_types;
};
bool matches(Behaviour::Selector const& selector, BehaviourFacts const& facts);

struct BehaviourDraw {
    Behaviour const* behaviour = nullptr; ///< null: no one matches
    Duration delay{0};
};
BehaviourDraw draw_behaviour(std::span<Behaviour const> behaviours, BehaviourFacts const& facts, Rng& rng);

} // namespace almd
