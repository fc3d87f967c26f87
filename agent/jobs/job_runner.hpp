// The programs behind the generated jobs: which function a due job calls.
#pragma once

#include "agent/setup/agent_parts.hpp"
#include "proto/messages/work.hpp"

#include <unordered_map>
#include <vector>

namespace almd {

class JobRunner : public JobPrograms {
public:
    explicit JobRunner(AgentParts& parts)
        : parts_{parts} {}

    std::string job_name(std::uint8_t program, std::uint32_t owner) const override;
    std::string_view report(std::uint8_t program) const override;
    std::string user(std::uint8_t program, std::uint32_t owner, TimePoint at) const override;
    JobClass job_class(std::uint8_t program) const override;
    std::optional<JobEnd> refuse(JobStart const& start) override;
    std::optional<JobEnd> run_at_once(JobStart const& start) override;
    Async<JobEnd> run(JobStart start) override;

private:
    AgentParts& parts_;
};

} // namespace almd
