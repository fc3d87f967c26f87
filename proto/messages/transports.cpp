// Codec of the transports push.
#include "proto/messages/transports.hpp"

#include "proto/messages/json_fields.hpp"
#include "proto/messages/json_writer.hpp"

namespace almd {

namespace {

constexpr int objects_max = 100'000'000;

TransportRecord::Import read_import(Fields& fields) {
    auto target = fields.parsed("target", no_target);
    TpReturnCode code{fields.integer<int>("returnCode", 0, return_code_max)};
    auto at = fields.time("at");
    return {target, code, at, fields.text("user")};
}

TransportRecord read_record(Fields& fields) {
    TransportRecord record{.trkorr = fields.parsed("trkorr", no_request),
                           .owner = {},
                           .text = {},
                           .source_system = {},
                           .source_client = client_000,
                           .target = {},
                           .released_at = {},
                           .parent = {},
                           .tasks = {},
                           .imports = {}};
    record.function = fields.parsed("function", TrFunction::workbench, parse_tr_function);
    record.status = fields.parsed("status", TrStatus::modifiable, parse_tr_status);
    record.owner = fields.text("owner");
    record.text = fields.text("text");
    record.source_system = fields.parsed<SystemId>("sourceSystem", {});
    record.source_client = fields.parsed<Client>("sourceClient", client_000);
    record.target = fields.parsed_or_null("target", no_target);
    record.created_at = fields.time("createdAt");
    record.changed_at = fields.time("changedAt");
    record.released_at = fields.time_or_null("releasedAt");
    record.parent = fields.parsed_or_null("parent", no_request);
    record.tasks = fields.parsed_list("tasks", no_request);
    record.objects = fields.integer<int>("objects", 0, objects_max);
    record.imports = fields.objects("imports", read_import);
    return record;
}

} // namespace

std::string encode(TransportsPush const& message) {
    JsonWriter out{64 + message.transports.size() * 448};
    out.begin_object();
    out.field("cursor", message.cursor);
    out.field("full", message.full);
    out.objects("transports", message.transports, [&](TransportRecord const& record) {
        out.field("trkorr", record.trkorr);
        out.field("function", static_cast<char>(record.function));
        out.field("status", static_cast<char>(record.status));
        out.field("owner", record.owner);
        out.field("text", record.text);
        out.field("sourceSystem", record.source_system);
        out.field("sourceClient", record.source_client);
        out.field("target", record.target);
        out.field("createdAt", record.created_at);
        out.field("changedAt", record.changed_at);
        out.field("releasedAt", record.released_at);
        out.field("parent", record.parent);
        out.field("tasks", record.tasks);
        out.field("objects", record.objects);
        out.objects("imports", record.imports, [&](TransportRecord::Import const& import) {
            out.field("target", import.target);
            out.field("returnCode", import.return_code.value());
            out.field("at", import.at);
            out.field("user", import.user);
        });
    });
    out.end_object();
    return out.take();
}

Result<TransportsPush> decode_transports_push(std::string_view json) {
    return decode(json, Speaker::agent, TransportsPush{}, [](Fields& in, TransportsPush& message) {
        message.cursor = in.text_or_null("cursor");
        message.full = in.boolean("full");
        message.transports = in.objects("transports", read_record);
    });
}

std::string encode(TransportsAnswer const& message) {
    JsonWriter out{64 + message.cursor.size()};
    out.begin_object();
    out.field("cursor", message.cursor);
    out.field("accepted", message.accepted);
    out.end_object();
    return out.take();
}

Result<TransportsAnswer> decode_transports_answer(std::string_view json) {
    return decode(json, Speaker::cloud, TransportsAnswer{}, [](Fields& in, TransportsAnswer& message) {
        message.cursor = in.text("cursor");
        message.accepted = in.integer<int>("accepted");
    });
}

} // namespace almd
