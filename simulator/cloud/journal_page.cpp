// JSON of the journal.
#include "simulator/cloud/journal_page.hpp"

#include "proto/http/certificates.hpp"
#include "proto/http/listing.hpp"
#include "proto/schema/json_text.hpp"
#include "simulator/cloud/cloud_state.hpp"
#include "simulator/cloud/expectation_reader.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace almd {

namespace {

using Json = nlohmann::json;

std::string dumped(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

double milliseconds(WireDuration span) {
    return static_cast<double>(span.count()) / 1'000.0;
}

std::string_view delivery_name(Delivery delivery) {
    switch (delivery) {
    case Delivery::reset: return "reset";
    case Delivery::close: return "closed";
    case Delivery::close_mid_body: return "closed in mid-body";
    case Delivery::normal: break;
    }
    return "sent";
}

Json entry_json(CloudState const& state, JournalEntry const& entry) {
    Json json{{"number", entry.number},
              {"at", rfc3339(entry.at)},
              {"operation", nullptr},
              {"system", nullptr},
              {"client", nullptr},
              {"lmsId", nullptr},
              {"method", entry.method},
              {"target", entry.target},
              {"status", entry.status},
              {"answer", delivery_name(entry.delivery)},
              {"taken", entry.taken},
              {"repeated", entry.repeated},
              {"sequence", nullptr},
              {"milliseconds", milliseconds(entry.took)},
              {"requestBytes", entry.request_bytes},
              {"answerBytes", entry.answer_bytes},
              {"fault", nullptr}};
    if (entry.operation) json["operation"] = name(*entry.operation);
    if (entry.sequence > 0) json["sequence"] = entry.sequence;
    if (!entry.fault.empty()) json["fault"] = entry.fault;
    if (entry.slot != no_cloud_slot) {
        auto const& row = state.registrations.row(entry.slot);
        json["system"] = row.system.text();
        json["client"] = row.client.text();
        json["lmsId"] = row.id.text();
    }
    return json;
}

Json headers_json(std::string_view lines) {
    auto headers = Json::array();
    while (!lines.empty()) {
        auto const line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        auto const colon = line.find(": ");
        headers.push_back({{"name", line.substr(0, colon)}, {"value", line.substr(colon + 2)}});
    }
    return headers;
}

/// A body as text, or what no text can hold as base64. `bytes`: of the whole body; one that was cut off may end within a
/// character.
void put_body(Json& json, char const* text_key, char const* encoding_key, std::string_view body, std::size_t bytes) {
    constexpr std::size_t character_bytes_max = 4;
    std::size_t const loose = bytes > Journal::body_max ? character_bytes_max - 1 : 0;
    for (std::size_t cut = 0; cut <= std::min(loose, body.size()); ++cut)
        if (auto const whole = body.substr(0, body.size() - cut); is_utf8(whole)) {
            json[text_key] = whole;
            return;
        }
    json[text_key] = base64(body);
    json[encoding_key] = "base64";
}

std::string content_type(Json const& headers, std::string_view otherwise) {
    for (auto const& header : headers)
        if (header["name"] == "Content-Type" || header["name"] == "content-type") return header["value"];
    return std::string{otherwise};
}

/// As the client called it; without a Host, where this stand-in is reached. Its scheme is that of all calls.
std::string url_of(CloudState const& state, JournalEntry const& entry) {
    std::string_view const origin = state.public_origin;
    if (entry.host.empty()) return fmt::format("{}{}", origin, entry.target);
    return fmt::format("{}://{}{}", origin.substr(0, origin.find(':')), entry.host, entry.target);
}

/// RFC 9110, of the codes that the stand-in and its faults answer.
std::string_view reason_of(int status) {
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "";
    }
}

// HAR 1.2: http://www.softwareishard.com/blog/har-12-spec/
Json har_request(CloudState const& state, JournalEntry const& entry) {
    auto query = Json::array();
    auto const mark = std::min(entry.target.find('?'), entry.target.size() - 1);
    auto const asked = Query::parse(std::string_view{entry.target}.substr(mark + 1));
    for (auto const& [name, value] : asked.all()) query.push_back({{"name", name}, {"value", value}});
    auto headers = headers_json(entry.texts ? std::string_view{entry.texts->request_headers} : "");
    Json request{{"method", entry.method},         {"url", url_of(state, entry)},     {"httpVersion", "HTTP/1.1"},
                 {"cookies", Json::array()},       {"queryString", std::move(query)}, {"headersSize", -1},
                 {"bodySize", entry.request_bytes}};
    if (entry.texts && entry.request_bytes > 0) {
        request["postData"] = {{"mimeType", content_type(headers, "application/octet-stream")}};
        put_body(request["postData"], "text", "_encoding", entry.texts->request_body,
                 entry.request_bytes); // HAR has a name for answers only
    }
    request["headers"] = std::move(headers);
    return request;
}

Json har_response(JournalEntry const& entry) {
    auto headers = headers_json(entry.texts ? std::string_view{entry.texts->answer_headers} : "");
    Json content{{"size", entry.answer_bytes}, {"mimeType", content_type(headers, "x-unknown")}};
    if (entry.texts && entry.answer_bytes > 0)
        put_body(content, "text", "encoding", entry.texts->answer_body, entry.answer_bytes);
    return {
        {"status", entry.status},
        {"statusText", entry.delivery == Delivery::normal ? reason_of(entry.status) : delivery_name(entry.delivery)},
        {"httpVersion", "HTTP/1.1"},
        {"cookies", Json::array()},
        {"headers", std::move(headers)},
        {"content", std::move(content)},
        {"redirectURL", ""},
        {"headersSize", -1},
        {"bodySize", entry.answer_bytes}};
}

Json har_entry(CloudState const& state, JournalEntry const& entry) {
    auto const time = milliseconds(entry.took);
    Json json{{"startedDateTime", rfc3339(entry.at)},
              {"time", time},
              {"request", har_request(state, entry)},
              {"response", har_response(entry)},
              {"cache", Json::object()},
              {"timings", {{"send", 0}, {"wait", time}, {"receive", 0}}},
              {"_number", entry.number}};
    if (entry.operation) json["_operation"] = name(*entry.operation);
    if (entry.slot != no_cloud_slot) json["_system"] = state.registrations.row(entry.slot).system.text();
    if (!entry.fault.empty()) json["comment"] = "fault " + entry.fault;
    if (!entry.texts) json["comment"] = "headers and bodies had to make room for newer ones";
    return json;
}

Json as_json(Query const& query) {
    auto json = Json::object();
    for (auto const& [name, value] : query.all()) json[name] = value;
    return json;
}

Json verdict_json(ExpectationVerdict const& verdict) {
    Json json{{"satisfied", verdict.mismatch.empty()}, {"found", verdict.found}, {"mismatch", nullptr}};
    if (!verdict.mismatch.empty()) json["mismatch"] = verdict.mismatch;
    return json;
}

/// A system that nobody knows has made no calls, which "exactly 0" takes for good: a slip of the pen would be too.
std::string never_registered(std::span<Expectation const> expectations, RegistrationBook const& registrations) {
    for (auto const& expected : expectations) {
        if (expected.filter.system.empty()) continue;
        auto const knows = [&registrations](JournalFilter const& filter) {
            for (CloudSlot slot = 0; slot < registrations.size(); ++slot)
                if (filter.names(registrations.row(slot))) return true;
            return false;
        };
        if (knows(expected.filter)) continue;
        auto any_client = expected.filter;
        any_client.client.reset();
        if (!knows(any_client)) return fmt::format("no system {} has ever registered here", expected.filter.system);
        return fmt::format("{} has registered here, but never its client {}", expected.filter.system,
                           expected.filter.client->text());
    }
    return {};
}

Json reach(Journal const& journal) {
    Json json{{"entries", journal.entries().size()}, {"dropped", journal.dropped()}, {"oldest", nullptr}};
    if (!journal.entries().empty()) json["oldest"] = rfc3339(journal.entries().front().at);
    return json;
}

} // namespace

HttpResponse journal_page(CloudState const& state, Query const& query) {
    std::string rest;
    Json span = Json::object();
    for (auto const& [name, value] : query.all()) {
        // The last two look as in a question; a status that is none of them is filtered like any other field.
        bool const is_class = name == "status" && value.ends_with("xx");
        if (name == "from" || name == "to" || name == "path" || is_class)
            span[name] = value;
        else
            rest += fmt::format("{}{}={}", rest.empty() ? "" : "&", percent_encode(name), percent_encode(value));
    }
    auto filter = read_filter(span, false);
    if (!filter) return filter.error();
    if (filter->status.empty()) filter->status = "any";
    std::vector<JournalEntry const*> rows;
    for (auto const& entry : state.journal.entries())
        if (filter->fits(entry, state.registrations)) rows.push_back(&entry);
    ListSource source{{"number", "at", "operation", "system", "client", "lmsId", "method", "target", "status", "answer",
                       "taken", "repeated", "sequence", "milliseconds", "requestBytes", "answerBytes", "fault"},
                      rows.size(),
                      [&](std::size_t i) { return entry_json(state, *rows[i]); }};
    return list_response(Query::parse(rest), source);
}

HttpResponse journal_entry_page(CloudState const& state, std::string_view number) {
    std::uint64_t wanted = 0;
    std::from_chars(number.data(), number.data() + number.size(), wanted);
    auto const* entry = state.journal.find(wanted);
    if (entry == nullptr)
        return error_response(
            404, "NOT_FOUND",
            fmt::format("the journal has no entry {}; {} older ones were dropped", number, state.journal.dropped()));
    auto json = entry_json(state, *entry);
    json["request"] = nullptr;
    json["response"] = nullptr;
    if (entry->texts) {
        json["request"] = {{"headers", headers_json(entry->texts->request_headers)}};
        json["response"] = {{"headers", headers_json(entry->texts->answer_headers)}};
        put_body(json["request"], "body", "encoding", entry->texts->request_body, entry->request_bytes);
        put_body(json["response"], "body", "encoding", entry->texts->answer_body, entry->answer_bytes);
    }
    return json_response(200, dumped(json));
}

HttpResponse journal_har(CloudState const& state, Query const& query) {
    auto filter = read_filter(as_json(query), true);
    if (!filter) return filter.error();
    if (filter->status.empty()) filter->status = "any";
    // Entry by entry: a tree of all of them would take many times their size.
    std::string har =
        R"({"log":{"version":"1.2","creator":{"name":"almd stand-in cloud","version":"1"},"pages":[],"entries":[)";
    bool first = true;
    for (auto const& entry : state.journal.entries()) {
        if (!filter->fits(entry, state.registrations)) continue;
        har.append(first ? "\n" : ",\n").append(dumped(har_entry(state, entry)));
        first = false;
    }
    har += "]}}\n";
    return json_response(200, std::move(har));
}

HttpResponse journal_verify(CloudState const& state, std::string_view body) {
    auto const json = Json::parse(body, nullptr, false);
    if (!state.journal.is_on())
        return error_response(409, "CONFLICT", "the stand-in keeps no journal; give it entries in its settings");
    bool const one = !json.is_object() || !json.contains("sequence");
    auto const expectations = one ? read_expectation(json, state.now()) : read_sequence(json, state.now());
    if (!expectations) return expectations.error();
    Json answer{{"satisfied", true}, {"found", 0}, {"mismatch", nullptr}, {"note", nullptr}};
    if (auto note = never_registered(*expectations, state.registrations); !note.empty()) answer["note"] = note;
    if (one) {
        answer.update(verdict_json(verify(expectations->front(), state.journal, state.registrations)));
    } else {
        answer["steps"] = Json::array();
        for (auto const& verdict : verify_in_order(*expectations, state.journal, state.registrations)) {
            answer["steps"].push_back(verdict_json(verdict));
            answer["found"] = answer["found"].get<std::uint64_t>() + verdict.found;
            if (verdict.mismatch.empty() || !answer["satisfied"].get<bool>()) continue;
            answer["satisfied"] = false;
            answer["mismatch"] = verdict.mismatch;
        }
    }
    answer["journal"] = reach(state.journal);
    return json_response(200, dumped(answer));
}

} // namespace almd
