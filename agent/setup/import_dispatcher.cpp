// tp's partner inside a system.
#include "agent/setup/import_dispatcher.hpp"

#include "agent/setup/generated_jobs.hpp"

#include <algorithm>

namespace almd {

namespace {

constexpr Duration raise_again = 5min; // ours: how long tp waits for a job that died

SystemSlot slot_of(World const& world, std::uint32_t landscape, SystemId system) {
    auto const count = world.is_fleet() ? world.systems_per_landscape() : world.systems();
    auto const first = static_cast<SystemSlot>(landscape * count);
    for (SystemSlot slot = first; slot < first + count; ++slot)
        if (world.sid(slot) == system) return slot;
    return first; // an import names a system of its landscape
}

} // namespace

EventJob rddimpdp_of(SystemSlot system, Client client, std::size_t client_index) {
    return {.system = system,
            .client = client,
            .program = static_cast<std::uint8_t>(Program::rddimpdp),
            .owner = client.number(),
            .place = static_cast<std::uint8_t>(client_index)};
}

ImportDispatcher::ImportDispatcher(AgentParts& parts, std::uint32_t landscape, TransportTarget const& target)
    : parts_{parts}
    , target_{target.text()} {
    auto const system = target.system() ? slot_of(parts.world, landscape, *target.system()) : SystemSlot{0};
    auto const client = target.client().value_or(client_000);
    auto const& clients = parts.world.spec_of(system).clients;
    auto const at = std::ranges::find(clients, client, &ClientSpec::number);
    job_ = rddimpdp_of(system, client, static_cast<std::size_t>(at - clients.begin()));
}

bool ImportDispatcher::granted(SystemId) {
    auto& background = parts_.background;
    if (run_ && background.state_of_run(job_.system, *run_) == EventRun::ended) {
        if (parts_.now() < raised_at_ + raise_again) return false;
        run_.reset();
    }
    if (!run_) {
        raised_at_ = parts_.now();
        run_ = background.raise(job_);
    }
    if (background.state_of_run(job_.system, *run_) != EventRun::active) return false;
    return background.free_work_processes(job_.system) > 0; // for the job of the step beside it
}

void ImportDispatcher::finish() {
    if (!run_) return;
    JobEnd end;
    end.log.push_back(job_line(parts_.now(), 'S', Text::import_served, target_));
    parts_.background.finish(job_.system, *run_, std::move(end));
    run_.reset();
}

} // namespace almd
