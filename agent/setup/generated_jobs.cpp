// The jobs that /SDF/ALM_SETUP generates.
#include "agent/setup/generated_jobs.hpp"

namespace almd {

std::string job_name(Program program, std::string_view description) {
    std::string name{generated_job(program).job};
    if (auto at = name.find("<name>"); at != std::string::npos) name.replace(at, 6, description);
    name.resize(std::min<std::size_t>(name.size(), 32));
    return name;
}

} // namespace almd
