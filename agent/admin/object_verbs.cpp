// Verbs of the object directory: an object is changed as an editor does it, and what is known of it is set.
#include "agent/admin/admin_verb.hpp"
#include "simulator/kernel/characters.hpp"

#include <nlohmann/json.hpp>

namespace almd {

namespace {

Result<ObjectFacts> changed_facts(AdminBody const& body, ObjectView object, ObjectFacts facts) {
    if (auto package = body.text_if_any("package")) facts.package = std::move(*package);
    if (body.find("originalSystem")) {
        auto const original = parsed<SystemId>(body.text("originalSystem"));
        if (!original) return std::unexpected{original.error()};
        facts.original = *original;
    }
    auto const inactive = body.flag("inactive", facts.inactive),
               cross_client = body.flag("crossClient", facts.cross_client);
    for (auto const* flag : {&inactive, &cross_client})
        if (!*flag) return std::unexpected{flag->error()};
    if (body.find("crossClient") && !object.holds_table_contents())
        return fail(ErrorCode::invalid, "crossClient: of table contents only, such as R3TR TABU T000");
    facts.inactive = *inactive;
    facts.cross_client = *cross_client;
    if (auto const* priority = body.find("atcPriority")) {
        if (!priority->is_number_integer() || *priority < 0 || *priority > 4)
            return fail(ErrorCode::invalid, "atcPriority: 0 (no finding) to 4 is needed");
        facts.atc_priority = priority->get<std::uint8_t>();
    }
    return facts;
}

/// Of a function module, whose name does not say it: its lock is one on a part of the group.
Result<void> set_function_group(TransportOrganizer& cts, ObjectView object, AdminBody const& body, ObjectFacts& facts) {
    constexpr std::size_t group_max = 26; // of a function group's name
    auto group = body.text("functionGroup");
    if (!group) return std::unexpected{group.error()};
    if (object.pgmid() != "LIMU" || object.object() != "FUNC" || characters(*group) > group_max)
        return fail(ErrorCode::invalid,
                    "functionGroup: at most 26 characters, of a function module such as LIMU FUNC Z_READ_PRICE");
    if (auto const set = cts.set_function_group(object, *group); !set) return set;
    facts.function_group = *std::move(group);
    return {};
}

/// What an editor does (POST: a change is recorded, in a request or without one) and what is set behind its back (PUT).
Async<HttpResponse> object_of_system(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    bool const records = request.method == "POST";
    auto const body = records ? AdminBody::parse(request, {"object", "package", "request"})
                              : AdminBody::parse(request, {"object", "package", "originalSystem", "inactive",
                                                           "atcPriority", "crossClient", "functionGroup"});
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
        auto const* own = cts.repository() ? cts.repository()->find(*object) : nullptr;
        auto facts = changed_facts(*body, *object, own ? *own : ObjectFacts{});
        if (!facts) co_return answer_of(facts.error());
        if (body->find("functionGroup")) {
            auto const set = set_function_group(cts, *object, *body, *facts);
            if (!set) co_return answer_of(set.error(), text);
        }
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
