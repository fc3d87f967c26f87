// The verb of the people who work in the landscapes: go, stop, faster, slower.
#include "agent/admin/admin_verb.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace almd {

namespace {

Result<void> read_rate(AdminBody const& body, std::string_view key, double& rate) {
    auto const* value = body.find(key);
    if (!value) return {};
    if (!value->is_number()) return fail(ErrorCode::invalid, fmt::format("{}: a number is needed", key));
    rate = value->get<double>();
    return {};
}

Result<void> change_activity(LivingLandscapes& people, AdminBody const& body) {
    auto rates = people.spec().rates;
    for (auto const& [key, rate] : {std::pair{"requestsPerHour", &rates.requests},
                                    {"objectsPerHour", &rates.objects},
                                    {"releasesPerHour", &rates.releases},
                                    {"importsPerHour", &rates.imports}})
        if (auto const read = read_rate(body, key, *rate); !read) return read;
    auto const* active = body.find("active");
    if (active && !active->is_boolean()) return fail(ErrorCode::invalid, "active: true or false is needed");
    if (auto const set = people.set_rates(rates); !set) return set;
    return active ? people.set_active(active->get<bool>()) : Result<void>{};
}

Async<HttpResponse> put_activity(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto const body =
        AdminBody::parse(request, {"active", "requestsPerHour", "objectsPerHour", "releasesPerHour", "importsPerHour"});
    if (!body) co_return answer_of(body.error());
    auto const changed = change_activity(agent.people(), *body);
    co_return changed ? done() : answer_of(changed.error());
}

constexpr AdminVerb of_activity[] = {
    {"PUT", "/api/v1/activity", put_activity},
};

} // namespace

std::span<AdminVerb const> activity_verbs() {
    return of_activity;
}

} // namespace almd
