// Codec of Auto Discovery and of the daily diagnostic.
#include "proto/messages/discovery.hpp"

#include "proto/messages/inventory_fields.hpp"

namespace almd {

namespace {

constexpr int batch_processes_max = 9999;

void write_level(JsonWriter& out, std::string_view name, Diagnostics::Level const& level) {
    out.name(name);
    out.begin_object();
    out.field("release", level.release);
    out.field("supportPackage", level.support_package);
    out.end_object();
}

Diagnostics::Level read_level(Fields& fields) {
    Diagnostics::Level level;
    level.release = fields.text("release");
    level.support_package = fields.integer<int>("supportPackage", 0, support_package_max);
    return level;
}

} // namespace

std::string encode(Discovery const& message) {
    JsonWriter out{512 + message.components.size() * 72 + message.instances.size() * 96};
    out.begin_object();
    out.field("hosts", message.hosts);
    write_instances(out, message.instances);
    out.objects("clients", message.clients, [&](Discovery::ClientInfo const& client) {
        out.field("number", client.number);
        out.field("role", client.role);
        out.field("name", client.name);
    });
    out.field("logicalSystems", message.logical_systems);
    write_components(out, message.components);
    out.field("endpoints", message.endpoints);
    out.end_object();
    return out.take();
}

Result<Discovery> decode_discovery(std::string_view json) {
    return decode(json, Speaker::agent, Discovery{}, [](Fields& in, Discovery& message) {
        message.hosts = in.texts("hosts");
        message.instances = read_instances(in);
        auto read_client = [](Fields& fields) {
            Discovery::ClientInfo client;
            client.number = fields.parsed<Client>("number", client_000);
            client.role = fields.text("role");
            client.name = fields.text("name");
            return client;
        };
        message.clients = in.objects("clients", read_client, 1000);
        message.logical_systems = in.texts("logicalSystems");
        message.components = read_components(in);
        message.endpoints = in.texts("endpoints");
    });
}

std::string encode(Diagnostics const& message) {
    JsonWriter out{512 + message.findings.size() * 128};
    out.begin_object();
    write_level(out, "stPi", message.st_pi);
    write_level(out, "sapBasis", message.sap_basis);
    out.field("notes", message.notes);
    out.field("capabilities", message.capabilities);
    out.field("ctc", message.ctc);
    out.field("timeZone", message.time_zone);
    out.field("freeBatchProcesses", message.free_batch_processes);
    out.objects("findings", message.findings, [&](Diagnostics::Finding const& finding) {
        out.field("severity", finding.severity);
        out.field("messageId", finding.message_id);
        out.field("text", finding.text);
    });
    out.end_object();
    return out.take();
}

Result<Diagnostics> decode_diagnostics(std::string_view json) {
    return decode(json, Speaker::agent, Diagnostics{}, [](Fields& in, Diagnostics& message) {
        message.st_pi = in.object("stPi", read_level);
        message.sap_basis = in.object("sapBasis", read_level);
        message.notes = in.texts("notes");
        message.capabilities = in.texts_of(
            "capabilities", {"create", "release", "toc", "deleteEmpty", "import", "check", "exportCheck", "retrofit"});
        message.ctc = in.boolean("ctc");
        message.time_zone = in.text("timeZone");
        message.free_batch_processes = in.integer<int>("freeBatchProcesses", 0, batch_processes_max);
        message.findings = in.objects("findings", [](Fields& fields) {
            Diagnostics::Finding finding;
            finding.severity = fields.one_of("severity", {"ok", "info", "warning", "error"});
            finding.message_id = fields.text("messageId");
            finding.text = fields.text("text");
            return finding;
        });
    });
}

} // namespace almd
