// Lists of CTS: requests and tasks (E070), object lists (E071, E071K), locks (TLOCK), the object directory (TADIR).
#include "agent/admin/agent_admin.hpp"
#include "agent/admin/cts_rows.hpp"

#include <nlohmann/json.hpp>

#include <map>

namespace almd {

namespace {

using nlohmann::json;

struct DirectoryRow {
    std::string author{};
    SystemId original;
    ObjectFacts facts{};
};
using Directory = std::map<std::string, DirectoryRow>;

/// Table contents have no entry of their own, and copies are of what is in other requests.
void add_own(Directory& directory, TransportOrganizer const& cts) {
    auto const add = [&](ObjectList const& list, std::string const& owner) {
        for (auto const line : list) {
            auto name = cts.directory_name(line);
            if (name.starts_with("R3TR ") && !line.holds_table_contents())
                directory.try_emplace(std::move(name), owner, cts.system());
        }
    };
    for (auto const& request : cts.requests()) {
        if (request.function == TrFunction::transport_of_copies) continue;
        add(request.objects, request.owner);
        for (auto const& task : request.tasks) add(task.objects, task.owner);
    }
}

/// What transports brought, unless it is known already.
void add_imported(Directory& directory, Landscape const& landscape, SystemId system) {
    auto const* versions = landscape.versions(system);
    if (!versions) return;
    auto const& cts = landscape.cts(system);
    for (auto const& [text, version, newer] : versions->all()) {
        ObjectView const object{text};
        auto name = cts.directory_name(object);
        auto const* request = landscape.request(version.from);
        if (name.starts_with("R3TR ") && !object.holds_table_contents())
            directory.try_emplace(std::move(name), request ? request->owner : "", version.from.system());
    }
}

/// SRCSYSTEM of what nobody said anything about: where it was made. AUTHOR: whose request had it first (I).
Directory directory_of(Landscape const& landscape, SystemId system) {
    Directory directory;
    auto const& cts = landscape.cts(system);
    add_imported(directory, landscape, system);
    add_own(directory, cts);
    if (auto const* known = cts.repository())
        for (auto const& [name, facts] : known->all()) directory.try_emplace(name, "", system);
    for (auto& [name, row] : directory) {
        row.facts = cts.facts_of(ObjectView{name});
        row.original = row.facts.original.value_or(row.original);
    }
    return directory;
}

} // namespace

ListSource requests(Agent& agent) {
    std::vector<json> rows;
    each_system(agent, [&](Landscape const& landscape, SystemId system) {
        for (auto const& request : landscape.cts(system).requests()) rows.push_back(request_row(request));
    });
    return collected(request_fields(), std::move(rows));
}

ListSource tasks(Agent& agent) {
    std::vector<json> rows;
    each_system(agent, [&](Landscape const& landscape, SystemId system) {
        for (auto const& request : landscape.cts(system).requests())
            for (auto const& task : request.tasks) rows.push_back(task_row(request, task));
    });
    return collected(task_fields(), std::move(rows));
}

ListSource object_lists(Agent& agent) {
    std::vector<json> rows;
    each_system(agent, [&](Landscape const& landscape, SystemId system) {
        auto const& cts = landscape.cts(system);
        for (auto const& request : cts.requests()) add_object_rows(cts, request, std::nullopt, rows);
    });
    return collected(object_fields(), std::move(rows));
}

ListSource object_locks(Agent& agent) {
    std::vector<json> rows;
    each_system(agent, [&](Landscape const& landscape, SystemId system) {
        auto const& cts = landscape.cts(system);
        for (auto const& [area, holder] : cts.locks().all()) {
            auto const entry = LockArea::entry_of(area);
            ObjectView const object{entry};
            auto const* request = cts.find_owner_of(holder);
            auto const* task = cts.find_task(holder);
            rows.push_back({{"system", system.text()},
                            {"pgmid", object.pgmid()},
                            {"object", object.object()},
                            {"objName", object.name()},
                            {"tabKey", object.table_key()},
                            {"trkorr", holder.text()},
                            {"strkorr", task ? json(request->trkorr.text()) : json(nullptr)},
                            {"as4User", task ? task->owner : request->owner}});
        }
    });
    return collected({"system", "pgmid", "object", "objName", "tabKey", "trkorr", "strkorr", "as4User"},
                     std::move(rows));
}

ListSource object_directory(Agent& agent) {
    std::vector<json> rows;
    each_system(agent, [&](Landscape const& landscape, SystemId system) {
        for (auto const& [name, row] : directory_of(landscape, system)) {
            ObjectView const object{name};
            rows.push_back({{"system", system.text()},
                            {"pgmid", object.pgmid()},
                            {"object", object.object()},
                            {"objName", object.name()},
                            {"devclass", row.facts.package},
                            {"author", row.author},
                            {"srcSystem", row.original.text()},
                            {"inactive", row.facts.inactive},
                            {"atcPriority", row.facts.atc_priority},
                            {"crossClient", row.facts.cross_client},
                            {"functionGroup", row.facts.function_group}});
        }
    });
    return collected({"system", "pgmid", "object", "objName", "devclass", "author", "srcSystem", "inactive",
                      "atcPriority", "crossClient", "functionGroup"},
                     std::move(rows));
}

} // namespace almd
