// Codec of work: what the cloud hands out, and what became of it.
#include "proto/messages/work.hpp"

#include "proto/messages/json_fields.hpp"
#include "proto/messages/json_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace almd {

namespace {

constexpr int lease_seconds_max = 7 * 24 * 3600;
constexpr std::string_view message_letters = "AEWIS";

// In the order of the enumerations.
constexpr std::array<std::string_view, 9> kind_names{"create", "addUser", "release",     "toc",     "deleteEmpty",
                                                     "import", "check",   "exportCheck", "retrofit"};
constexpr std::array<std::string_view, 4> status_names{"started", "finished", "failed", "rejected"};

template <class Enum>
Result<Enum> parse_name(std::string_view text, auto const& names) {
    auto found = std::ranges::find(names, text);
    if (found == names.end()) return fail(ErrorCode::invalid, fmt::format("must be one of {}", fmt::join(names, ", ")));
    return static_cast<Enum>(found - names.begin());
}

Result<WorkStatus> parse_work_status(std::string_view text) {
    return parse_name<WorkStatus>(text, status_names);
}

std::optional<TpReturnCode> read_return_code(Fields& fields) {
    std::optional<int> code = fields.integer_or_null("returnCode", 0, return_code_max);
    return code ? std::optional{TpReturnCode{*code}} : std::nullopt;
}

std::optional<int> number(std::optional<TpReturnCode> const& code) {
    return code ? std::optional{code->value()} : std::nullopt;
}

WorkItem read_item(Fields& fields) {
    WorkItem item;
    item.id = fields.parsed<WorkId>("workId", {});
    item.kind = fields.parsed("kind", WorkKind::import, parse_work_kind);
    item.feature = fields.parsed_or_null<FeatureId>("featureId", {});
    item.subset = fields.parsed_or_null<Uuid>("subsetId", {});
    item.client = fields.parsed<Client>("client", client_000);
    item.target = fields.parsed_or_null("target", no_target);
    item.transports = fields.parsed_list("transports", no_request);
    item.parameters = fields.text_map("parameters");
    item.lease_seconds = fields.integer<int>("leaseSeconds", 1, lease_seconds_max);
    return item;
}

WorkResult::Transport read_transport(Fields& fields) {
    WorkResult::Transport transport{
        .trkorr = fields.parsed("trkorr", no_request), .target = {}, .return_code = {}, .steps = {}};
    transport.target = fields.parsed_or_null("target", no_target);
    transport.return_code = read_return_code(fields);
    transport.steps = fields.objects("steps", [](Fields& step) {
        auto letter = step.text("step");
        return WorkResult::Step{std::move(letter), TpReturnCode{step.integer<int>("returnCode", 0, return_code_max)}};
    });
    return transport;
}

WorkResult::Message read_message(Fields& fields) {
    WorkResult::Message message;
    message.type = fields.letter("type", message_letters);
    message.id = fields.text("id");
    message.number = fields.text("number");
    message.text = fields.text("text");
    return message;
}

CheckResult::Finding read_finding(Fields& fields) {
    CheckResult::Finding finding;
    finding.check = fields.text("check");
    finding.kind = fields.text("kind");
    finding.severity = fields.text("severity");
    finding.object = fields.text("object");
    finding.transport = fields.parsed_or_null("transport", no_request);
    finding.other_transport = fields.parsed_or_null("otherTransport", no_request);
    finding.text = fields.text("text");
    return finding;
}

} // namespace

std::string_view name(WorkKind kind) {
    return kind_names[static_cast<std::size_t>(kind)];
}

Result<WorkKind> parse_work_kind(std::string_view text) {
    return parse_name<WorkKind>(text, kind_names);
}

std::string_view name(WorkStatus status) {
    return status_names[static_cast<std::size_t>(status)];
}

std::string encode(WorkList const& message) {
    JsonWriter out{32 + message.items.size() * 320};
    out.begin_object();
    out.objects("items", message.items, [&](WorkItem const& item) {
        out.field("workId", item.id);
        out.field("kind", name(item.kind));
        out.field("featureId", item.feature);
        out.field("subsetId", item.subset);
        out.field("client", item.client);
        out.field("target", item.target);
        out.field("transports", item.transports);
        out.name("parameters");
        out.begin_object();
        for (auto const& [key, value] : item.parameters) out.entry(key, value);
        out.end_object();
        out.field("leaseSeconds", item.lease_seconds);
    });
    out.end_object();
    return out.take();
}

Result<WorkList> decode_work_list(std::string_view json) {
    return decode(json, Speaker::cloud, WorkList{},
                  [](Fields& in, WorkList& message) { message.items = in.objects("items", read_item); });
}

std::string encode(WorkResult const& message) {
    JsonWriter out{256 + message.transports.size() * 256 + message.messages.size() * 96};
    out.begin_object();
    out.field("status", name(message.status));
    out.field("returnCode", number(message.return_code));
    out.objects("transports", message.transports, [&](WorkResult::Transport const& transport) {
        out.field("trkorr", transport.trkorr);
        out.field("target", transport.target);
        out.field("returnCode", number(transport.return_code));
        out.objects("steps", transport.steps, [&](WorkResult::Step const& step) {
            out.field("step", step.step);
            out.field("returnCode", step.return_code.value());
        });
    });
    out.objects("messages", message.messages, [&](WorkResult::Message const& line) {
        out.field("type", line.type);
        out.field("id", line.id);
        out.field("number", line.number);
        out.field("text", line.text);
    });
    out.field("startedAt", message.started_at);
    out.field("endedAt", message.ended_at);
    out.field("user", message.user);
    out.end_object();
    return out.take();
}

Result<WorkResult> decode_work_result(std::string_view json) {
    return decode(json, Speaker::agent, WorkResult{}, [](Fields& in, WorkResult& message) {
        message.status = in.parsed("status", WorkStatus::started, parse_work_status);
        message.return_code = read_return_code(in);
        message.transports = in.objects("transports", read_transport);
        message.messages = in.objects("messages", read_message);
        message.started_at = in.time_or_null("startedAt");
        message.ended_at = in.time_or_null("endedAt");
        message.user = in.text("user");
    });
}

std::string encode(CheckResult const& message) {
    JsonWriter out{64 + message.findings.size() * 192};
    out.begin_object();
    out.objects("findings", message.findings, [&](CheckResult::Finding const& finding) {
        out.field("check", finding.check);
        out.field("kind", finding.kind);
        out.field("severity", finding.severity);
        out.field("object", finding.object);
        out.field("transport", finding.transport);
        out.field("otherTransport", finding.other_transport);
        out.field("text", finding.text);
    });
    out.field("status", name(message.status));
    out.end_object();
    return out.take();
}

Result<CheckResult> decode_check_result(std::string_view json) {
    return decode(json, Speaker::agent, CheckResult{}, [](Fields& in, CheckResult& message) {
        message.findings = in.objects("findings", read_finding);
        message.status = in.parsed("status", WorkStatus::finished, parse_work_status);
    });
}

} // namespace almd
