// /SDF/CALM_CDM_DIAGNOSTICS: daily, what this system is able to do, so that the cloud offers nothing else.
#include "agent/jobs/bodies.hpp"
#include "agent/setup/capabilities.hpp"
#include "agent/setup/diagnostic.hpp"

#include <algorithm>
#include <string_view>

namespace almd {

namespace {

Diagnostics::Level level_of(SystemIdentity const& identity, std::string_view name) {
    auto at = std::ranges::find(identity.components, name, &ComponentVersion::name);
    return at == identity.components.end() ? Diagnostics::Level{}
                                           : Diagnostics::Level{at->release, at->support_package};
}

} // namespace

Async<JobEnd> diagnostics(AgentParts& parts, JobStart start) {
    SetupIndex const setup = start.owner;
    auto const identity = parts.world.identity(start.system);
    Diagnostics message;
    message.st_pi = level_of(identity, "ST-PI");
    message.sap_basis = level_of(identity, "SAP_BASIS");
    message.notes.assign(identity.notes.begin(), identity.notes.end());
    auto const facts = diagnostic_facts(parts, setup);
    message.capabilities = capabilities_of(facts.st_pi, facts.notes);
    message.ctc = parts.world.spec().tms.ctc;
    message.time_zone = identity.time_zone;
    message.free_batch_processes = parts.background.free_work_processes(start.system);
    for (auto& finding : diagnose(facts))
        message.findings.push_back(Diagnostics::Finding{std::string{finding.severity}, "", std::move(finding.text)});

    JobEnd end;
    auto const caller = parts.caller(setup);
    auto const key = parts.next_key(setup, Operation::diagnostics);
    auto told = co_await parts.calls(setup).diagnostics(caller, std::move(message), key);
    if (!told) {
        end.log.push_back(job_line(parts.now(), 'W', Text::send_failed, "diagnostics", told.error().context));
        note_failure(parts, setup, ExternalId::none, "diagnostics", told.error());
        co_return end;
    }
    ++parts.counters.diagnostics;
    co_return end;
}

} // namespace almd
