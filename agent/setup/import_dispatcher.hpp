// tp's partner inside a system: job RDDIMPDP, which an import starts by its event. It needs two work processes (V): one
// for itself and one, free when a step begins, for the program of the step (I).
#pragma once

#include "agent/setup/agent_parts.hpp"

#include <optional>

namespace almd {

/// One for each tp call: one run of RDDIMPDP, from the first step inside ABAP to the end of the call.
class ImportDispatcher final : public BatchProcesses {
public:
    /// landscape: number inside the shard.
    ImportDispatcher(AgentParts& parts, std::uint32_t landscape, TransportTarget const& target);
    /// Without a free work process the job is Ready, with one alone it is active, and the import hangs. A job that was canceled because its user cannot
    /// log on leaves it hanging, too: tp raises the event again after a while (I).
    bool granted(SystemId system) override;
    /// The call is over, whatever became of it.
    void finish();

private:
    AgentParts& parts_;
    EventJob job_;
    std::string target_;
    std::optional<std::uint32_t> run_; ///< JOBCOUNT
    TimePoint raised_at_{};
};

/// The job that waits in a client for imports.
EventJob rddimpdp_of(SystemSlot system, Client client, std::size_t client_index);

} // namespace almd
