// Verbs of SM37.
#include "agent/admin/admin_verb.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace almd {

namespace {

using nlohmann::json;

Async<HttpResponse> show_job_log(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto system = system_of(agent.parts(), path[0]);
    if (!system) co_return answer_of(system.error());
    std::uint32_t count = 0;
    bool const digits =
        path[1].size() <= 8 && !path[1].empty() && path[1].find_first_not_of("0123456789") == std::string::npos;
    if (digits) count = static_cast<std::uint32_t>(std::stoul(path[1]));
    auto lines = agent.parts().background.job_log(*system, count);
    if (!digits || lines.empty())
        co_return answer_of(
            Error{ErrorCode::not_found, fmt::format("{} has no started job with count {}", path[0], path[1])});
    json items = json::array();
    for (auto& line : lines)
        items.push_back({{"time", rfc3339(line.at)},
                         {"text", std::move(line.text)},
                         {"class", line.message_class()},
                         {"number", line.number()},
                         {"type", std::string(1, line.type)}});
    auto const total = items.size();
    co_return done({{"items", std::move(items)}, {"total", total}});
}

constexpr AdminVerb of_jobs[] = {
    {"GET", "/api/v1/jobs/{system}/{count}/log", show_job_log},
};

} // namespace

std::span<AdminVerb const> job_verbs() {
    return of_jobs;
}

} // namespace almd
