// Verbs of the object directory: an object is changed as an editor does it, and what is known of it is set.
#include "agent/admin/admin_verb.hpp"

#include <nlohmann/json.hpp>

namespace almd {

namespace {

Result<ObjectFacts> changed_facts(AdminBody const& body, ObjectFacts facts) {
    if (auto package = body.text_if_any("package")) facts.package = std::move(*package);
    if (body.find("originalSystem")) {
        auto const original = parsed<SystemId>(body.text("originalSystem"));
        if (!original) return std::unexpected{original.error()};
        facts.original = *original;
    }
    auto const inactive = body.flag("inactive", facts.inactive);
    if (!inactive) return std::unexpected{inactive.error()};
    facts.inactive = *inactive;
    if (auto const* priority = body.find("atcPriority")) {
        if (!priority->is_number_integer() || *priority < 0 || *priority > 4)
            return fail(ErrorCode::invalid, "atcPriority: 0 (no finding) to 4 is needed");
        facts.atc_priority = priority->get<std::uint8_t>();
    }
    return facts;
}

/// What an editor does (POST: a change is recorded, in a request or without one) and what is set behind its back (PUT).
Async<HttpResponse> object_of_system(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    bool const records = request.method == "POST";
    auto const body =
        records ? AdminBody::parse(request, {"object", "package", "request"})
                : AdminBody::parse(request, {"object", "package", "originalSystem", "inactive", "atcPriority"});
    if (!body) co_return answer_of(body.error());
    auto const sid = SystemId::parse(path[0]);
    if (!sid) co_return answer_of(sid.error());
    auto const landscape = landscape_of(agent, *sid);
    if (!landscape) co_return answer_of(landscape.error());
    auto object = parsed<ObjectEntry>(body->text("object"));
    if (!object) co_return answer_of(object.error());
    auto const text = object->text();
    if (records) {
        RecordObject what{std::move(*object), body->text_if_any("package").value_or(""), std::nullopt};
        if (body->find("request")) {
            auto const trkorr = parsed<TrRequest>(body->text("request"));
            if (!trkorr) co_return answer_of(trkorr.error());
            what.request = *trkorr;
        }
        auto const recorded = (*landscape)->record_object(*sid, std::move(what), agent.parts().now());
        if (!recorded) co_return answer_of(recorded.error(), text);
    } else {
        auto& cts = (*landscape)->cts(*sid);
        auto facts = changed_facts(*body, cts.facts_of(*object));
        if (!facts) co_return answer_of(facts.error());
        cts.set_facts(*object, std::move(*facts));
    }
    co_return done({{"system", sid->text()}, {"object", text}});
}

constexpr AdminVerb of_objects[] = {
    {"POST", "/api/v1/objects/{system}", object_of_system},
    {"PUT", "/api/v1/objects/{system}", object_of_system},
};

} // namespace

std::span<AdminVerb const> object_verbs() {
    return of_objects;
}

} // namespace almd
