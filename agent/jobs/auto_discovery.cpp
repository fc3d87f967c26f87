// CALM Auto Discovery: once after registration, what the system consists of.
#include "agent/jobs/bodies.hpp"

#include <fmt/format.h>

namespace almd {

Async<JobEnd> auto_discovery(AgentParts& parts, JobStart start) {
    SetupIndex const setup = start.owner;
    auto const identity = parts.world.identity(start.system);
    Discovery discovery;
    discovery.hosts.push_back(identity.host);
    discovery.instances.push_back(InstanceInfo{identity.host, identity.instance_number, {"ABAP", "ICMAN"}});
    for (auto const& client : identity.clients) {
        discovery.clients.push_back(Discovery::ClientInfo{client.number, client.role, client.name});
        discovery.logical_systems.push_back(fmt::format("{}CLNT{}", identity.id.text(), client.number.text()));
    }
    for (auto const& component : identity.components)
        discovery.components.push_back(ComponentLevel{component.name, component.release, component.support_package});
    discovery.endpoints.push_back(identity.root_url);

    JobEnd end;
    auto const caller = parts.caller(setup);
    auto const key = parts.next_key(setup, Operation::discovery);
    auto told = co_await parts.calls(setup).discovery(caller, std::move(discovery), key);
    if (!told) {
        end.log.push_back(job_line(parts.now(), 'W', Text::send_failed, "discovery", told.error().context));
        end.canceled = true; // nobody repeats it: the person does, by registering again
        note_failure(parts, setup, ExternalId::none, "Auto Discovery", told.error());
        co_return end;
    }
    ++parts.counters.discoveries;
    co_return end;
}

} // namespace almd
