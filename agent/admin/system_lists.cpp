// Lists of what is inside the systems: users (SU01), work processes (SM50), locks (SM12), profile parameters, components,
// notes.
#include "agent/admin/agent_admin.hpp"
#include "agent/setup/authority.hpp"
#include "agent/setup/locks.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <unordered_map>

namespace almd {

namespace {

using nlohmann::json;

std::string_view word(LogonState state) {
    switch (state) {
    case LogonState::good: return "good";
    case LogonState::unknown_user: return "unknown";
    case LogonState::locked: return "locked";
    case LogonState::not_yet_valid: return "notYetValid";
    case LogonState::expired: return "expired";
    }
    return "";
}

json user_row(AgentParts& parts, SystemSlot system, UserSpec const& user, bool background, bool set_up) {
    return {{"system", parts.world.sid(system).text()},
            {"user", user.name},
            {"logon", word(logon_state(user, Day{parts.now()}))},
            {"locked", user.locked},
            {"validFrom", user.valid_from ? json(user.valid_from->text()) : json(nullptr)},
            {"validTo", user.valid_to ? json(user.valid_to->text()) : json(nullptr)},
            {"roles", user.roles},
            {"batchNames", user.batch_names},
            {"runsJobs", background},
            {"setsUp", set_up}};
}

struct UsedBy {
    std::set<std::string, std::less<>> background, set_up;
};

} // namespace

/// A fleet shows those of systems that changed: the others are as its template says.
ListSource users(Agent& agent) {
    auto& parts = agent.parts();
    auto const shown = [&](SystemSlot system) { return !parts.world.is_fleet() || parts.world.changed(system); };
    std::unordered_map<SystemSlot, UsedBy> used;
    for (SetupIndex setup = 0; setup < parts.setups.size(); ++setup) {
        auto const system = parts.setups.place(setup).system;
        if (parts.setups[setup].removed || !shown(system)) continue;
        used[system].background.insert(parts.setups.spec(setup).background_user);
        used[system].set_up.insert(parts.setups.spec(setup).setup_user);
    }
    std::vector<json> rows;
    for (SystemSlot system = 0; system < parts.world.systems(); ++system) {
        if (!shown(system)) continue;
        auto const& by = used[system];
        auto const* changed = parts.world.changed(system);
        std::set<std::string, std::less<>> names = by.background;
        if (!parts.world.is_virtual(system)) names.insert(std::begin(standard_users), std::end(standard_users));
        names.insert(by.set_up.begin(), by.set_up.end());
        if (changed)
            for (auto const& user : changed->users()) names.insert(user.name);
        for (auto const& name : names)
            if (auto const user = user_as_meant(parts.world, system, name))
                rows.push_back(user_row(parts, system, *user, by.background.contains(name), by.set_up.contains(name)));
    }
    return collected(
        {"system", "user", "logon", "locked", "validFrom", "validTo", "roles", "batchNames", "runsJobs", "setsUp"},
        std::move(rows));
}

ListSource work_processes(Agent& agent) {
    ListSource source;
    source.fields = {"system", "type", "total", "busy", "free", "forClassA"};
    source.size = agent.parts().world.systems();
    source.row = [&agent](std::size_t index) {
        auto& parts = agent.parts();
        auto const system = static_cast<SystemSlot>(index);
        auto const processes = parts.background.work_processes(system);
        return json{{"system", parts.world.sid(system).text()},
                    {"type", "BTC"},
                    {"total", static_cast<unsigned>(processes.total)},
                    {"busy", static_cast<unsigned>(processes.busy)},
                    {"free", std::max(0, parts.background.free_work_processes(system))},
                    {"forClassA", static_cast<unsigned>(processes.for_class_a)}};
    };
    return source;
}

ListSource locks(Agent& agent) {
    auto& parts = agent.parts();
    std::vector<json> rows;
    for (auto const& lock : parts.locks.all(parts.now())) {
        auto const place = parts.setups.place(lock.setup);
        auto const age = std::chrono::floor<std::chrono::seconds>(parts.now() - lock.since);
        rows.push_back({{"system", parts.world.sid(place.system).text()},
                        {"client", place.client.text()},
                        {"table", lock_table},
                        {"argument", lock_argument(place.client, parts.destination_name(lock.setup), lock.task)},
                        {"task", facts(lock.task).name},
                        {"mode", "E"},
                        {"owner", lock.owner},
                        {"since", rfc3339(lock.since)},
                        {"ageSeconds", age.count()},
                        {"stale", lock.stale}});
    }
    return collected({"system", "client", "table", "argument", "task", "mode", "owner", "since", "ageSeconds", "stale"},
                     std::move(rows));
}

ListSource parameters(Agent& agent) {
    auto& parts = agent.parts();
    std::vector<json> rows;
    for (SystemSlot system = 0; system < parts.world.systems(); ++system)
        if (auto const* changed = parts.world.changed(system))
            for (auto const& name : changed->profile_parameters())
                if (auto const value = changed->profile_parameter(name))
                    rows.push_back({{"system", parts.world.sid(system).text()}, {"name", name}, {"value", *value}});
    return collected({"system", "name", "value"}, std::move(rows));
}

ListSource components(Agent& agent) {
    auto& parts = agent.parts();
    std::vector<json> rows;
    for (SystemSlot system = 0; system < parts.world.systems(); ++system)
        if (auto const* changed = parts.world.changed(system))
            for (auto const& component : changed->components())
                rows.push_back({{"system", parts.world.sid(system).text()},
                                {"component", component.name},
                                {"release", component.release},
                                {"supportPackage", component.support_package}});
    return collected({"system", "component", "release", "supportPackage"}, std::move(rows));
}

ListSource notes(Agent& agent) {
    auto& parts = agent.parts();
    std::vector<json> rows;
    for (SystemSlot system = 0; system < parts.world.systems(); ++system)
        if (auto const* changed = parts.world.changed(system))
            for (auto const& note : changed->notes())
                rows.push_back({{"system", parts.world.sid(system).text()}, {"note", note}});
    return collected({"system", "note"}, std::move(rows));
}

} // namespace almd
