// The list of SLG1: one row a message, with the fields of BALHDR and BALM.
#include "agent/admin/agent_admin.hpp"
#include "agent/setup/generated_jobs.hpp"
#include "simulator/abap/texts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace almd {

namespace {

using nlohmann::json;

/// Letters of PROBCLASS are V; which message has which is inferred.
std::string_view problem_class(char type) {
    switch (type) {
    case 'A': return "1";
    case 'E': return "2";
    case 'W': return "3";
    default: return "4";
    }
}

/// Which program wrote it: nothing is stored for that, the text and the external ID tell (I).
std::string_view program_of(LogEntry const& entry, TextEntry const* text) {
    if (text && (text->id < Text::job_started || text->id == Text::two_tenants)) return "/SDF/ALM_SETUP";
    bool const asked = text && (text->id == Text::import_requested || text->id == Text::send_failed);
    switch (entry.external_id) {
    case ExternalId::import: return generated_job(asked ? Program::scheduler : Program::import_transports).report;
    case ExternalId::create:
    case ExternalId::release:
    case ExternalId::toc:
    case ExternalId::export_feedback:
    case ExternalId::client_dependent: return generated_job(Program::client_dependent).report;
    default: return generated_job(Program::scheduler).report;
    }
}

/// BALHDR and BALM of one message, without what is the same for all or empty.
json log_json(AgentParts& parts, LogEntry const& entry) {
    auto const* text = find_text(entry.text);
    auto const program = program_of(entry, text);
    bool const dialog = program == "/SDF/ALM_SETUP";
    auto const& setup = parts.setups.spec(entry.setup);
    return {{"system", parts.world.sid(entry.system).text()},
            {"client", entry.client.text()},
            {"object", log_object},
            {"subobject", log_subobject},
            {"externalId", name(entry.external_id)},
            {"type", std::string(1, entry.type)},
            {"time", rfc3339(entry.time)},
            {"text", entry.text},
            {"number", entry.number},
            {"logNumber", fmt::format("{:020}", entry.number)},
            {"messageClass", text ? text->message_class : ""},
            {"messageNumber", text ? text->number : ""},
            {"problemClass", problem_class(entry.type)},
            {"program", program},
            {"transaction", dialog ? program : ""},
            {"user", dialog ? setup.setup_user : parts.setups.background_user(entry.setup, entry.time)},
            {"mode", dialog ? "D" : "B"}};
}

} // namespace

ListSource application_log(Agent& agent) {
    ListSource source;
    source.fields = {"system",       "client",  "object",      "subobject", "externalId",   "type",
                     "time",         "text",    "number",      "logNumber", "messageClass", "messageNumber",
                     "problemClass", "program", "transaction", "user",      "mode"};
    source.size = agent.parts().log.entries().size();
    source.row = [&agent](std::size_t index) {
        auto const& entries = agent.parts().log.entries();
        return log_json(agent.parts(), entries[entries.size() - 1 - index]); // newest first
    };
    return source;
}

} // namespace almd
