// The agent's part of the admin API: lists as an SAP admin knows them, and the verbs of /SDF/ALM_SETUP and CTS by hand.
#pragma once

#include "agent/admin/admin_verb.hpp"
#include "proto/http/listing.hpp"
#include "proto/http/router.hpp"

#include <string_view>
#include <vector>

namespace almd {

/// One list of the API: where it is, and how its rows are made.
struct AgentList {
    std::string_view resource; ///< "jobs": GET /api/v1/jobs
    ListSource (*source)(Agent& agent);
};
std::vector<AgentList> agent_lists();

/// Rows that have to be collected first; the source owns them.
ListSource collected(std::vector<std::string> fields, std::vector<nlohmann::json> rows);

/// The landscapes whose content is listed: all that changed; the plain one always counts.
std::vector<std::uint32_t> listed_landscapes(World const& world);
/// For each of them: visit(landscape).
template <class Visit>
void each_landscape(Agent& agent, Visit const& visit) {
    auto const& world = agent.parts().world;
    for (auto const number : listed_landscapes(world))
        world.read(number, [&](Landscape const& landscape) {
            visit(landscape);
            return 0;
        });
}
/// For each system of them: visit(landscape, its SID).
template <class Visit>
void each_system(Agent& agent, Visit const& visit) {
    each_landscape(agent, [&](Landscape const& landscape) {
        for (std::size_t i = 0; i < landscape.system_count(); ++i) visit(landscape, landscape.sid(i));
    });
}

ListSource jobs(Agent& agent);
ListSource application_log(Agent& agent);
// CTS.
ListSource requests(Agent& agent);
ListSource tasks(Agent& agent);
ListSource object_lists(Agent& agent);
ListSource object_locks(Agent& agent);
ListSource object_directory(Agent& agent);
// STMS_IMPORT.
ListSource queues(Agent& agent);
ListSource queue(Agent& agent);
ListSource history(Agent& agent);
ListSource tp_log(Agent& agent);
ListSource step_logs(Agent& agent);
ListSource cofiles(Agent& agent);
ListSource object_versions(Agent& agent);
ListSource import_sequence(Agent& agent);
ListSource tp_parameter_list(Agent& agent);
// What is inside the systems.
ListSource users(Agent& agent);
ListSource work_processes(Agent& agent);
ListSource locks(Agent& agent);
ListSource parameters(Agent& agent);
ListSource components(Agent& agent);
ListSource notes(Agent& agent);
ListSource tables(Agent& agent);
ListSource rfc_destinations(Agent& agent);
ListSource diagnostics(Agent& agent);

/// Lists answer at once; verbs may talk to a cloud, so they are coroutines. What is not theirs goes to `rest`.
class AgentAdmin : public HttpService {
public:
    /// `rest` takes every other path (the cloud's part, the root page).
    AgentAdmin(Agent& agent, HttpService& rest);
    Async<HttpResponse> serve(HttpRequest request) override;

private:
    Agent& agent_;
    HttpService& rest_;
    std::vector<AdminVerb> verbs_;
    Router router_; ///< its handlers are for lists; a verb's handler is never called, only matched
};

} // namespace almd
