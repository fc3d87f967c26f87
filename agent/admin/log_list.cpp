// The list of SLG1: one row a message, with the fields of BALHDR and BALM.
#include "agent/admin/agent_admin.hpp"
#include "agent/setup/generated_jobs.hpp"
#include "simulator/abap/texts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <unordered_map>

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

/// How many messages of each type a log has: MSG_CNT_A ... of BALHDR. Those that fell out of the ring are not counted.
using MessageCounts = std::unordered_map<LogNumber, std::map<char, int>>;

MessageCounts counts_of(ApplicationLog const& log) {
    MessageCounts counts;
    for (auto const& entry : log.entries()) ++counts[entry.log][entry.type];
    return counts;
}

json counters_of(std::map<char, int> const& counts) {
    json all = json::object();
    for (char const type : std::string_view{"AEWIS"}) {
        auto const found = counts.find(type);
        all[std::string(1, type)] = found == counts.end() ? 0 : found->second;
    }
    return all;
}

json variables_of(LogEntry const& entry, TextEntry const* text) {
    json all = json::array();
    for (auto const argument : text ? arguments_of(*text, entry.text) : std::array<std::string_view, 4>{})
        all.push_back(argument);
    return all;
}

/// BALHDR and BALM of one message (section 5 of the reference). A log is never changed after it was written, and without a date
/// of expiry it is kept until somebody deletes it (I).
json log_json(AgentParts& parts, LogEntry const& entry, std::uint64_t number, std::map<char, int> const& counts) {
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
            {"number", number},
            {"logNumber", fmt::format("{:020}", entry.log)},
            {"logHandle", fmt::format("{:022}", entry.log)},
            {"position", entry.message},
            {"messageClass", text ? text->message_class : ""},
            {"messageNumber", text ? text->number : ""},
            {"variables", variables_of(entry, text)},
            {"messageCount", 1},
            {"detailLevel", "1"},
            {"sortField", ""},
            {"problemClass", problem_class(entry.type)},
            {"program", program},
            {"transaction", dialog ? program : ""},
            {"user", dialog ? setup.setup_user : parts.setups.background_user(entry.setup, entry.time)},
            {"mode", dialog ? "D" : "B"},
            {"counters", counters_of(counts)},
            {"state", ""},
            {"expires", nullptr},
            {"keepUntilExpiry", false},
            {"changedAt", nullptr},
            {"changedBy", ""}};
}

} // namespace

ListSource application_log(Agent& agent) {
    auto const& log = agent.parts().log;
    auto const counts = std::make_shared<MessageCounts const>(counts_of(log));
    ListSource source;
    source.fields = {"system",       "client",        "object",          "subobject",    "externalId",  "type",
                     "time",         "text",          "number",          "logNumber",    "logHandle",   "position",
                     "messageClass", "messageNumber", "variables",       "messageCount", "detailLevel", "sortField",
                     "problemClass", "program",       "transaction",     "user",         "mode",        "counters",
                     "state",        "expires",       "keepUntilExpiry", "changedAt",    "changedBy"};
    source.size = log.entries().size();
    source.row = [&agent, counts](std::size_t index) {
        auto const& kept = agent.parts().log;
        auto const at = kept.entries().size() - 1 - index; // newest first
        auto const& entry = kept.entries()[at];
        return log_json(agent.parts(), entry, kept.dropped() + at + 1, counts->at(entry.log));
    };
    return source;
}

} // namespace almd
