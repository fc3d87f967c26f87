// Work processes for systems that come while it runs.
#include "agent/setup/landscape_change.hpp"

namespace almd {

Result<ConfigurationActivated> change_landscape(AgentParts& parts, ConfigurationChange const& change,
                                                std::string author) {
    if (parts.world.is_fleet())
        return fail(ErrorCode::conflict,
                    "the transport configuration is changed in one landscape only, not in a fleet");
    auto const before = parts.world.systems();
    auto activated = parts.world.keep(0).change_configuration(change, std::move(author), parts.now());
    if (!activated) return activated;
    if (auto const* system = new_system(change)) {
        auto const processes = static_cast<std::uint16_t>(system->batch_processes);
        auto const reserved = static_cast<std::uint16_t>(system->batch_processes_class_a);
        if (parts.world.systems() > before) {
            parts.background.add_systems(1, processes, reserved);
        } else if (auto const slot = parts.world.find(system->id)) {
            parts.background.set_work_processes(*slot, processes);
            parts.background.reserve_for_class_a(*slot, reserved);
        }
    }
    return activated;
}

} // namespace almd
