// Reading what is asked of the journal; the first mistake is kept.
#include "simulator/cloud/expectation_reader.hpp"

#include "proto/http/router.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace almd {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 12> expectation_keys{"operation", "method",  "path",   "system",
                                                            "client",    "status",  "from",   "to",
                                                            "exactly",   "atLeast", "atMost", "inOrder"};
constexpr std::size_t filter_keys = 8; // the first of them choose entries
constexpr std::array<std::string_view, 1> sequence_keys{"sequence"};

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
        filter.call = {text("method"), text("path")};
        if (auto const good = check_call_method(filter.call.method); !good) wrong("method", good.error().context);
        if (auto const good = check_call_path(filter.call.path); !good) wrong("path", good.error().context);
        filter.system = text("system");
        if (auto const id = LmsId::parse(filter.system))
            filter.system = id->text(); // also from one in capital letters
        else if (!filter.system.empty() && !SystemId::parse(filter.system))
            wrong("system", "must be a SID such as QUA or an LMS ID");
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
        if (filter.from && filter.to && *filter.to <= *filter.from)
            wrong("to", fmt::format("must be later than \"from\", which is {}", rfc3339(*filter.from)));
        return filter;
    }

    Expectation expectation(TimePoint now) {
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
        if (expected.filter.from && *expected.filter.from > now)
            wrong("from", fmt::format("lies in the future: it is {} here", rfc3339(now)));
        if (expected.exactly && (expected.at_least || expected.at_most))
            wrong("exactly", "stands alone: leave out atLeast and atMost");
        if (expected.at_least && expected.at_most && *expected.at_least > *expected.at_most)
            wrong("atLeast", fmt::format("must not be more than atMost, which is {}", *expected.at_most));
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

} // namespace

Asked<JournalFilter> read_filter(Json const& json, bool only) {
    ExpectationReader reader{json};
    if (only) reader.known(std::span{expectation_keys}.first(filter_keys));
    auto filter = reader.filter();
    if (reader.mistake()) return std::unexpected{*reader.mistake()};
    return filter;
}

Asked<std::vector<Expectation>> read_expectation(Json const& json, TimePoint now) {
    ExpectationReader reader{json};
    std::vector const one{reader.expectation(now)};
    if (reader.mistake()) return std::unexpected{*reader.mistake()};
    return one;
}

Asked<std::vector<Expectation>> read_sequence(Json const& json, TimePoint now) {
    ExpectationReader whole{json};
    whole.known(sequence_keys);
    if (whole.mistake()) return std::unexpected{*whole.mistake()};
    auto const& list = json["sequence"];
    if (!list.is_array() || list.empty())
        return std::unexpected{error_response(400, "INVALID", "sequence: must be a list of expectations", "sequence")};
    std::vector<Expectation> expectations;
    for (std::size_t i = 0; i < list.size(); ++i) {
        ExpectationReader reader{list[i], fmt::format("sequence[{}]", i)};
        expectations.push_back(reader.expectation(now));
        if (reader.mistake()) return std::unexpected{*reader.mistake()};
    }
    return expectations;
}

} // namespace almd
