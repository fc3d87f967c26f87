// JSON of the journal.
#include "simulator/cloud/journal_page.hpp"

#include "proto/http/listing.hpp"
#include "simulator/cloud/cloud_state.hpp"
#include "simulator/cloud/journal_verify.hpp"

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
    if (entry.texts && entry.request_bytes > 0)
        request["postData"] = {{"mimeType", content_type(headers, "application/octet-stream")},
                               {"text", entry.texts->request_body}};
    request["headers"] = std::move(headers);
    return request;
}

Json har_response(JournalEntry const& entry) {
    auto headers = headers_json(entry.texts ? std::string_view{entry.texts->answer_headers} : "");
    Json content{{"size", entry.answer_bytes}, {"mimeType", content_type(headers, "x-unknown")}};
    if (entry.texts && entry.answer_bytes > 0) content["text"] = entry.texts->answer_body;
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

constexpr std::array<std::string_view, 10> expectation_keys{"operation", "system",  "client",  "status", "from",
                                                            "to",        "exactly", "atLeast", "atMost", "inOrder"};
constexpr std::size_t filter_keys = 6; // the first of them choose entries
constexpr std::array<std::string_view, 1> sequence_keys{"sequence"};

/// Reads what a filter and an expectation are made of; the first mistake is kept.
class ExpectationReader {
public:
    explicit ExpectationReader(Json const& json, std::string path = {})
        : json_{json}
        , path_{std::move(path)} {
        if (!json_.is_object()) wrong("", "must be an object");
    }

    JournalFilter filter() {
        JournalFilter filter;
        if (auto const word = text("operation"); !word.empty()) {
            filter.operation = parse_cloud_operation(word);
            if (!filter.operation)
                wrong("operation", fmt::format("no such operation; allowed: {}", cloud_operation_names()));
        }
        filter.system = text("system");
        if (auto const word = text("client"); !word.empty()) {
            if (auto const client = Client::parse(word))
                filter.client = *client;
            else
                wrong("client", client.error().context);
        }
        filter.status = text("status");
        if (auto const good = check_journal_status(filter.status); !good) wrong("status", good.error().context);
        filter.from = time("from");
        filter.to = time("to");
        return filter;
    }

    Expectation expectation() {
        Expectation expected;
        known(expectation_keys);
        expected.filter = filter();
        expected.exactly = number("exactly");
        expected.at_least = number("atLeast");
        expected.at_most = number("atMost");
        if (auto const* flag = get("inOrder")) {
            if (!flag->is_boolean()) wrong("inOrder", "must be true or false");
            expected.in_order = flag->is_boolean() && flag->get<bool>();
        }
        if (expected.in_order && expected.filter.operation != CloudOperation::heartbeat)
            wrong("inOrder", "only heartbeats have a sequence; for other calls give \"sequence\": [expectation, ...]");
        return expected;
    }

    void known(std::span<std::string_view const> keys) {
        if (!json_.is_object()) return;
        for (auto const& [key, value] : json_.items())
            if (std::ranges::find(keys, key) == keys.end())
                wrong(key, fmt::format("unknown key; allowed: {}", fmt::join(keys.begin(), keys.end(), ", ")));
    }

    std::optional<HttpResponse> const& mistake() const { return mistake_; }

private:
    Json const* get(std::string_view key) const {
        if (!json_.is_object()) return nullptr;
        auto const found = json_.find(key);
        return found == json_.end() || found->is_null() ? nullptr : &*found;
    }

    /// Also a number, as somebody writes a status.
    std::string text(std::string_view key) {
        auto const* value = get(key);
        if (value == nullptr) return {};
        if (value->is_number_integer()) return value->dump();
        if (!value->is_string()) return wrong(key, "must be text"), std::string{};
        return value->get<std::string>();
    }

    std::optional<TimePoint> time(std::string_view key) {
        auto const word = text(key);
        if (word.empty()) return std::nullopt;
        auto const at = parse_rfc3339(word);
        if (!at) return wrong(key, "must be a time such as 2026-03-01T06:00:00Z"), std::nullopt;
        return *at;
    }

    std::optional<std::uint64_t> number(std::string_view key) {
        auto const* value = get(key);
        if (value == nullptr) return std::nullopt;
        if (!value->is_number_unsigned()) return wrong(key, "must be a whole number of 0 or more"), std::nullopt;
        return value->get<std::uint64_t>();
    }

    void wrong(std::string_view key, std::string_view sentence) {
        auto const place = path_.empty() ? std::string{key} : fmt::format("{}{}{}", path_, key.empty() ? "" : ".", key);
        if (!mistake_)
            mistake_ =
                error_response(400, "INVALID", fmt::format("{}: {}", place.empty() ? "$" : place, sentence), place);
    }

    Json const& json_;
    std::string path_;
    std::optional<HttpResponse> mistake_;
};

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
        if (name == "from" || name == "to")
            span[name] = value;
        else
            rest += fmt::format("{}{}={}", rest.empty() ? "" : "&", percent_encode(name), percent_encode(value));
    }
    ExpectationReader reader{span};
    auto filter = reader.filter();
    if (reader.mistake()) return *reader.mistake();
    filter.status = "any";
    std::vector<JournalEntry const*> rows;
    for (auto const& entry : state.journal.entries())
        if (filter.fits(entry, state.registrations)) rows.push_back(&entry);
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
        json["request"] = {{"headers", headers_json(entry->texts->request_headers)},
                           {"body", entry->texts->request_body}};
        json["response"] = {{"headers", headers_json(entry->texts->answer_headers)},
                            {"body", entry->texts->answer_body}};
    }
    return json_response(200, dumped(json));
}

HttpResponse journal_har(CloudState const& state, Query const& query) {
    auto const given = as_json(query);
    ExpectationReader reader{given};
    reader.known(std::span{expectation_keys}.first(filter_keys));
    auto filter = reader.filter();
    if (reader.mistake()) return *reader.mistake();
    if (filter.status.empty()) filter.status = "any";
    // Entry by entry: a tree of all of them would take many times their size.
    std::string har =
        R"({"log":{"version":"1.2","creator":{"name":"almd stand-in cloud","version":"1"},"pages":[],"entries":[)";
    bool first = true;
    for (auto const& entry : state.journal.entries()) {
        if (!filter.fits(entry, state.registrations)) continue;
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
    if (!json.is_object() || !json.contains("sequence")) {
        ExpectationReader reader{json};
        auto const expected = reader.expectation();
        if (reader.mistake()) return *reader.mistake();
        auto answer = verdict_json(verify(expected, state.journal, state.registrations));
        answer["journal"] = reach(state.journal);
        return json_response(200, dumped(answer));
    }
    ExpectationReader whole{json};
    whole.known(sequence_keys);
    if (whole.mistake()) return *whole.mistake();
    if (!json["sequence"].is_array() || json["sequence"].empty())
        return error_response(400, "INVALID", "sequence: must be a list of expectations", "sequence");
    std::vector<Expectation> expectations;
    for (std::size_t i = 0; i < json["sequence"].size(); ++i) {
        ExpectationReader reader{json["sequence"][i], fmt::format("sequence[{}]", i)};
        expectations.push_back(reader.expectation());
        if (reader.mistake()) return *reader.mistake();
    }
    Json answer{{"satisfied", true}, {"found", 0}, {"mismatch", nullptr}, {"steps", Json::array()}};
    for (auto const& verdict : verify_in_order(expectations, state.journal, state.registrations)) {
        answer["steps"].push_back(verdict_json(verdict));
        answer["found"] = answer["found"].get<std::uint64_t>() + verdict.found;
        if (verdict.mismatch.empty() || !answer["satisfied"].get<bool>()) continue;
        answer["satisfied"] = false;
        answer["mismatch"] = verdict.mismatch;
    }
    answer["journal"] = reach(state.journal);
    return json_response(200, dumped(answer));
}

} // namespace almd
