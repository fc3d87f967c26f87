// Transaction /SDF/ALM_SETUP: destinations, registration, use cases. Set-up is per client.
#pragma once

#include "agent/setup/agent_parts.hpp"
#include "agent/setup/generated_jobs.hpp"
#include "proto/messages/use_cases.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace almd {

/// Tasks that this version can run. The monitoring collectors have none yet, so they cannot be switched on.
bool is_emulated(TaskKind task);
/// The cloud said no: saying the same again changes nothing.
bool is_refusal(ErrorCode code);

/// A refusal's Error is what the person at the screen reads; the details stand in SLG1.
class AlmSetup {
public:
    explicit AlmSetup(AgentParts& parts)
        : parts_{parts} {}

    /// Create destination: by the fields of a service key. Error: conflict when that client has one of that name, or one
    /// of the same tenant: (tenant, system, client) is one registration.
    Result<SetupIndex> create(SetupSpec spec, SystemSlot system, ServiceKey key, std::optional<ProxySettings> proxy);
    /// Update destination: new fields (none: as they were), another background user. Another tenant: only while it is
    /// not registered.
    Result<void> change(SetupIndex setup, std::optional<ServiceKey> key, std::optional<ProxySettings> proxy,
                        std::optional<std::string> background_user);
    /// Delete destination: a registered one is unregistered first, a registration that is being tried is given up.
    Async<Result<void>> remove(SetupIndex setup);

    /// Register: LMS ID, generated jobs, then the tasks of its specification. A refusal ends in "No LMS ID retrieved".
    Async<Result<void>> register_system(SetupIndex setup);
    /// Unregister at target SAP Cloud ALM and stop jobs. The jobs stop even if the cloud cannot be told. A registration
    /// that is being tried, or waits for its next try, is given up.
    Async<Result<void>> unregister(SetupIndex setup);

    /// Activate use cases: one task. Error: a task that cannot be active in this client, or that only the cloud may
    /// switch on again.
    Async<Result<void>> activate(SetupIndex setup, TaskKind task, std::optional<std::chrono::minutes> interval);
    Async<Result<void>> deactivate(SetupIndex setup, TaskKind task);
    /// Tries again what could not be told to the cloud when it was specified.
    Async<void> tell_pending(SetupIndex setup);
    /// What the cloud selected. A task it does not mention stays as it is.
    void apply(SetupIndex setup, UseCaseSelection const& selection);
    /// The cloud does not know us any more: no collection, no heartbeat.
    void stop_collection(SetupIndex setup);
    /// A cloud that lost its memory: collection stops and the system registers again, with the tasks it had.
    void forgotten_by_cloud(SetupIndex setup);
    /// Called for a set-up that shall register again, until it is registered or nobody wants it any more.
    std::function<void(SetupIndex)> register_again;

private:
    std::optional<SetupIndex> same_tenant(SystemSlot system, Client client, ServiceKey const& key) const;
    void want_specified_tasks(SetupIndex setup);
    Registration message(SetupIndex setup) const;
    Async<Result<void>> give_up(SetupIndex setup, std::optional<LmsId> registered_as);
    Async<Result<void>> tell_deactivated(SetupIndex setup, TaskKind task);
    bool has_transport_task(SetupIndex setup) const;
    void start_jobs(SetupIndex setup);
    void switch_on(SetupIndex setup, TaskKind task, int minutes);
    void start_diagnostics(SetupIndex setup);
    void keep_client_dependent(SetupIndex setup);

    AgentParts& parts_;
};

} // namespace almd
