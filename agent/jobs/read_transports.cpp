// Transports: Read. The requests of a source system: all of them first, then what changed since the cloud took the last batch.
#include "agent/jobs/bodies.hpp"
#include "proto/messages/transports.hpp"

#include <algorithm>
#include <vector>

namespace almd {

namespace {

TransportRecord record_of(Landscape const& landscape, TransportRequest const& request) {
    TransportRecord record{
        .trkorr = request.trkorr,
        .function = request.function,
        .status = request.status,
        .owner = request.owner,
        .text = request.text,
        .source_system = request.trkorr.system(),
        .source_client = request.source_client,
        .target = request.target,
        .created_at = request.created_at,
        .changed_at = request.changed_at,
        .released_at = request.released_at,
        .parent = std::nullopt,
        .tasks = {},
        .objects = static_cast<int>(request.object_count()),
        .imports = {},
    };
    for (auto const& task : request.tasks) record.tasks.push_back(task.trkorr);
    for (auto const* import : landscape.imports_of(request.trkorr))
        record.imports.push_back(TransportRecord::Import{TransportTarget{import->system, import->client},
                                                         import->return_code, import->imported_at, import->user});
    return record;
}

/// What is new since the cloud's last word: changed requests in the order of their change, then those that were imported.
struct News {
    std::vector<TransportRecord> records;
    std::uint32_t change = 0, import = 0;
};

News news_of(Landscape const& landscape, SystemId system, std::uint32_t change, std::uint32_t import) {
    News news;
    auto const& cts = landscape.cts(system);
    auto const changes = cts.changed_since(change);
    for (auto const* request : changes.requests) news.records.push_back(record_of(landscape, *request));
    news.change = static_cast<std::uint32_t>(changes.up_to);
    news.import = static_cast<std::uint32_t>(landscape.history().last_sequence());
    auto const& rows = landscape.history().rows();
    for (auto row = rows.rbegin(); row != rows.rend() && row->sequence > import; ++row) {
        auto const* request = cts.find(row->request);
        if (request == nullptr) continue; // imported from elsewhere
        auto is_it = [&](TransportRecord const& known) { return known.trkorr == row->request; };
        if (std::ranges::none_of(news.records, is_it)) news.records.push_back(record_of(landscape, *request));
    }
    return news;
}

} // namespace

Async<bool> read_transports(AgentParts& parts, SetupIndex setup) {
    auto const place = parts.setups.place(setup);
    auto const system = parts.world.sid(place.system);
    auto const change = parts.setups[setup].last_change;
    auto const import = parts.setups[setup].last_import;
    auto news = parts.world.read(place.landscape,
                                 [&](Landscape const& world) { return news_of(world, system, change, import); });

    std::size_t sent = 0;
    do { // an empty batch is sent too: it is the sign that this system reads
        TransportsPush push;
        auto const& cursor = parts.setups[setup].cursor;
        push.full = cursor.empty();
        if (!cursor.empty()) push.cursor = cursor;
        auto const batch = std::min(transports_per_push_max, news.records.size() - sent);
        auto const from = news.records.begin() + static_cast<std::ptrdiff_t>(sent);
        push.transports.assign(from, from + static_cast<std::ptrdiff_t>(batch));
        auto const caller = parts.caller(setup);
        auto const key = parts.next_key(setup, Operation::transports);
        auto answer = co_await parts.calls(setup).post_transports(caller, std::move(push), key);
        if (!answer) {
            note_failure(parts, setup, ExternalId::read, facts(TaskKind::transports_read).name, answer.error());
            co_return false;
        }
        if (parts.setups[setup].registered != Registered::yes) co_return true;
        parts.setups[setup].cursor = answer->cursor;
        sent += batch;
        ++parts.counters.transport_pushes;
        parts.counters.transports_sent += batch;
    } while (sent < news.records.size());
    parts.setups[setup].last_change = news.change;
    parts.setups[setup].last_import = news.import;
    auto const& destination = parts.destination_name(setup);
    parts.slg1(setup, ExternalId::read, 'S',
               sent == 0 ? text_of(Text::read_nothing_new, destination)
                         : text_of(Text::read_sent, std::to_string(sent), destination));
    co_return true;
}

} // namespace almd
