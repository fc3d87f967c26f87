// The names of jobs.
#include "agent/setup/generated_jobs.hpp"

namespace almd {

std::string job_name(Program program, std::string_view description, Client client) {
    std::string name{generated_job(program).job};
    if (auto at = name.find("<name>"); at != std::string::npos) name.replace(at, 6, description);
    if (auto at = name.find("<client>"); at != std::string::npos) name.replace(at, 8, client.text());
    name.resize(std::min<std::size_t>(name.size(), 32));
    return name;
}

std::string rddimpdp_name(Client client) {
    std::string name{generated_job(Program::rddimpdp).job};
    if (client != client_000) name.append("_CLIENT_").append(client.text());
    return name;
}

std::string_view rddimpdp_event(Client client) {
    return client == client_000 ? "SAP_TRIGGER_RDDIMPDP" : "SAP_TRIGGER_RDDIMPDP_CLIENT";
}

} // namespace almd
