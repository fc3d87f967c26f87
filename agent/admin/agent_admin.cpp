// The agent's part of the admin API: which path is answered by which list or verb.
#include "agent/admin/agent_admin.hpp"

#include <fmt/format.h>

namespace almd {

AgentAdmin::AgentAdmin(Agent& agent, HttpService& rest)
    : agent_{agent}
    , rest_{rest} {
    for (auto const& list : agent_lists())
        router_.add("GET", fmt::format("/api/v1/{}", list.resource), std::string{list.resource},
                    [this, source = list.source](RoutedRequest const& request) {
                        return list_response(request.query, source(agent_));
                    });
    for (auto const table : {setup_verbs(), request_verbs(), object_verbs(), job_verbs(), landscape_verbs(),
                             queue_verbs(), system_verbs(), activity_verbs(), customizing_verbs()})
        for (auto const& verb : table) {
            router_.add(std::string{verb.method}, std::string{verb.pattern}, fmt::format("verb {}", verbs_.size()),
                        [](RoutedRequest const&) { return HttpResponse{500}; });
            verbs_.push_back(verb);
        }
}

Async<HttpResponse> AgentAdmin::serve(HttpRequest request) {
    std::string_view const target = request.target;
    auto match = router_.match(request.method, target.substr(0, target.find('?')));
    if (!match && match.error().code == ErrorCode::not_found) co_return co_await rest_.serve(std::move(request));
    if (!match || !match->operation.starts_with("verb ")) co_return router_.dispatch(request);
    auto const which = static_cast<std::size_t>(std::stoul(std::string{match->operation.substr(5)}));
    auto path = std::move(match->path_values);
    co_return co_await verbs_[which].body(agent_, std::move(request), std::move(path));
}

} // namespace almd
