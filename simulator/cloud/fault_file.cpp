// Fault rules as JSON and in files.
#include "proto/schema/document.hpp"
#include "proto/schema/nearest_name.hpp"
#include "simulator/cloud/faults.hpp"
#include "simulator/cloud/plain_name.hpp"
#include "simulator/cloud/registration_book.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace almd {

namespace {

constexpr std::size_t fault_name_max = 64; // empty: one is made up

using Json = nlohmann::json;

constexpr std::array<std::string_view, 22> fault_keys{"name",
                                                      "operations",
                                                      "method",
                                                      "path",
                                                      "systems",
                                                      "probability",
                                                      "count",
                                                      "after",
                                                      "until",
                                                      "kind",
                                                      "status",
                                                      "body",
                                                      "retryAfterSeconds",
                                                      "delay",
                                                      "distribution",
                                                      "delayMax",
                                                      "sigma",
                                                      "quota",
                                                      "window",
                                                      "every",
                                                      "scope",
                                                      "oversizeBytes"};
constexpr std::string_view bytes_key = "oversizeBytes";
constexpr std::array<std::string_view, 3> spreads{"fixed", "uniform", "lognormal"};
/// A key that only some kinds look at; with another kind it would do nothing, silently.
struct KeyOfKinds {
    std::string_view key;
    std::array<std::optional<FaultKind>, 3> kinds;
};
constexpr std::array<std::optional<FaultKind>, 3> waiting_kinds{FaultKind::delay, FaultKind::no_answer,
                                                                FaultKind::dribble};
constexpr KeyOfKinds keys_of_kinds[]{
    {"status", {FaultKind::status}},
    {"body", {FaultKind::status}},
    {"retryAfterSeconds", {FaultKind::status}},
    {"delay", waiting_kinds},
    {"distribution", waiting_kinds},
    {"delayMax", waiting_kinds},
    {"sigma", waiting_kinds},
    {"quota", {FaultKind::quota}},
    {"window", {FaultKind::quota, FaultKind::outage}},
    {"every", {FaultKind::outage}},
    {"scope", {FaultKind::scope_removed}},
    {bytes_key, {FaultKind::oversize_body}},
};
/// Longer than a client waits, unless told otherwise.
constexpr WireDuration silence_default = 2min, dribble_default = 10s, delay_max_default = 1h;
constexpr std::chrono::seconds retry_after_default{1}; ///< the contract wants one with 429 and 503
constexpr std::size_t list_max = 1'000, oversize_max = 64 * 1024 * 1024;

bool is_busy(FaultRule const& rule) {
    return rule.kind == FaultKind::status && (rule.status == 429 || rule.status == 503);
}

/// Reads one rule; the first mistake ends it.
class FaultReader {
public:
    FaultReader(Json const& json, std::string_view path)
        : json_{json}
        , path_{path} {}

    Result<FaultRule> run() {
        if (!json_.is_object()) wrong("", "must be an object");
        if (!error_) known_keys();
        if (!error_) selection();
        if (!error_) moments();
        if (!error_) effect();
        if (!error_) chances();
        if (error_) return std::unexpected{*std::move(error_)};
        return std::move(rule_);
    }

private:
    void wrong(std::string_view key, std::string sentence) {
        if (error_) return;
        auto const dot = path_.empty() || key.empty() ? "" : ".";
        auto const place = fmt::format("{}{}{}", path_, dot, key);
        error_ = Error{ErrorCode::invalid, fmt::format("{}: {}", place.empty() ? "$" : place, sentence)};
    }

    void known_keys() {
        for (auto const& [key, value] : json_.items()) {
            if (std::ranges::find(fault_keys, key) != fault_keys.end()) continue;
            auto const guess = nearest_name(key, fault_keys);
            wrong(key, guess ? fmt::format("unknown key, did you mean {}?", *guess) : "unknown key");
        }
    }

    Json const* get(std::string_view key) const {
        auto const found = json_.find(key);
        return found == json_.end() || found->is_null() ? nullptr : &*found;
    }

    std::string text(std::string_view key) {
        auto const* value = get(key);
        if (value == nullptr) return {};
        if (!value->is_string()) return wrong(key, "must be text"), std::string{};
        return value->get<std::string>();
    }

    template <class Use>
    void texts(std::string_view key, Use use) {
        auto const* value = get(key);
        if (value == nullptr) return;
        if (!value->is_array() || value->size() > list_max)
            return wrong(key, fmt::format("must be a list of at most {} texts", list_max));
        for (std::size_t i = 0; i < value->size(); ++i) {
            auto const place = fmt::format("{}[{}]", key, i);
            if ((*value)[i].is_string())
                use(place, (*value)[i].get<std::string>());
            else
                wrong(place, "must be text");
        }
    }

    template <class T>
    std::optional<T> number(std::string_view key, T min, T max) {
        auto const* value = get(key);
        if (value == nullptr) return std::nullopt;
        bool const kind = std::is_integral_v<T> ? value->is_number_integer() : value->is_number();
        if (!kind || value->get<double>() < static_cast<double>(min) || value->get<double>() > static_cast<double>(max))
            return wrong(key, fmt::format("must be a number from {} to {}", min, max)), std::nullopt;
        return value->get<T>();
    }

    std::optional<WireDuration> duration(std::string_view key) {
        if (get(key) == nullptr) return std::nullopt;
        auto const span = parse_duration(text(key));
        if (!span) return wrong(key, "must be a duration such as \"90s\", \"5m\" or \"250ms\""), std::nullopt;
        return *span;
    }

    static bool is_label(std::string_view word) {
        constexpr std::string_view client_label = "client:", tenant_label = "tenant:";
        if (word.starts_with(client_label)) return Client::parse(word.substr(client_label.size())).has_value();
        return word.starts_with(tenant_label) && word.size() > tenant_label.size();
    }

    void system(std::string const& place, std::string const& word) {
        using Role = RegistrationRow::Role;
        constexpr std::string_view role_label = "role:";
        if (word.starts_with(role_label)) {
            std::string allowed;
            for (auto const role : {Role::production, Role::test, Role::development}) {
                if (word.substr(role_label.size()) == almd::name(role)) return rule_.systems.push_back(word);
                allowed.append(allowed.empty() ? "" : ", ").append(role_label).append(almd::name(role));
            }
            return wrong(place, fmt::format("no such role; allowed: {}", allowed));
        }
        if (auto const id = LmsId::parse(word))
            rule_.systems.push_back(id->text());
        else if (SystemId::parse(word) || is_label(word))
            rule_.systems.push_back(word);
        else
            wrong(place, "must be an LMS ID, a system ID such as \"QUA\", or a label: \"role:PROD\", "
                         "\"client:000\", \"tenant:standin\"");
    }

    void selection() {
        rule_.name = text("name");
        if (!is_plain_name(rule_.name, fault_name_max))
            wrong("name", fmt::format("{} was found; allowed: at most {} letters, digits, \".\", \"-\" and \"_\"",
                                      in_quotes(rule_.name), fault_name_max));
        texts("operations", [this](std::string const& place, std::string const& word) {
            if (auto const operation = parse_cloud_operation(word))
                rule_.operations.push_back(*operation);
            else
                wrong(place, fmt::format("no such operation; allowed: {}", cloud_operation_names()));
        });
        rule_.call = {text("method"), text("path")};
        for (auto const* key : {"method", "path"})
            if (get(key) != nullptr && text(key).empty()) wrong(key, "is empty; leave it out for all");
        if (auto const good = check_call_method(rule_.call.method); !good) wrong("method", good.error().context);
        if (auto const good = check_call_path(rule_.call.path); !good) wrong("path", good.error().context);
        texts("systems", [this](std::string const& place, std::string const& word) { system(place, word); });
    }

    void moments() {
        rule_.probability = number<double>("probability", 0.0, 1.0).value_or(1.0);
        rule_.count = number<std::uint64_t>("count", 1, 1'000'000'000);
        rule_.after = duration("after").value_or(WireDuration{0});
        rule_.until = duration("until");
        if (rule_.until && *rule_.until <= rule_.after) wrong("until", "must be later than \"after\"");
    }

    void effect() {
        if (get("kind") == nullptr) return wrong("kind", "is missing: what goes wrong?");
        auto const kind = parse_fault_kind(text("kind"));
        if (!kind) return wrong("kind", kind.error().context);
        rule_.kind = *kind;
        keys_fit_kind();
        rule_.status = number<int>("status", 400, 599).value_or(503);
        rule_.body = text("body");
        if (auto const seconds = number<int>("retryAfterSeconds", 0, 86'400))
            rule_.retry_after = std::chrono::seconds{*seconds};
        else if (!json_.contains("retryAfterSeconds") && is_busy(rule_))
            rule_.retry_after = retry_after_default; // null leaves it out
        rule_.oversize_bytes = number<std::size_t>(bytes_key, 1, oversize_max).value_or(rule_.oversize_bytes);
        rule_.scope = text("scope");
        waits();
        windows();
    }

    void keys_fit_kind() {
        for (auto const& [key, kinds] : keys_of_kinds) {
            if (get(key) == nullptr || std::ranges::find(kinds, std::optional{rule_.kind}) != kinds.end()) continue;
            std::string those;
            for (auto const& one : kinds)
                if (one) those.append(those.empty() ? "" : ", ").append(almd::name(*one));
            wrong(key, fmt::format("{} does nothing with it; it belongs to: {}", almd::name(rule_.kind), those));
        }
    }

    /// A rule that waits for ever for its moment hides a mistake.
    void chances() {
        std::string allowed;
        for (std::size_t i = 0; i < cloud_operation_count; ++i)
            if (auto const operation = static_cast<CloudOperation>(i); can_fire(rule_, operation))
                allowed.append(allowed.empty() ? "" : ", ").append(almd::name(operation));
        if (rule_.kind == FaultKind::lease_not_honoured && !rule_.call.method.empty() && rule_.call.method != "GET")
            return wrong("method", "leaseNotHonoured fires at polls for work only, and these are GET");
        if (allowed.empty() && rule_.kind == FaultKind::scope_removed)
            return wrong("scope", "no operation asks for this scope");
        if (allowed.empty())
            return wrong("systems", fmt::format("{} meets token calls only, and they belong to no system",
                                                almd::name(rule_.kind)));
        for (std::size_t i = 0; i < rule_.operations.size(); ++i)
            if (auto const operation = rule_.operations[i]; !can_fire(rule_, operation))
                return wrong(fmt::format("operations[{}]", i),
                             fmt::format("{} cannot fire at {}; it can at: {}", almd::name(rule_.kind),
                                         almd::name(operation), allowed));
    }

    void waits() {
        bool const silent = rule_.kind == FaultKind::no_answer, drips = rule_.kind == FaultKind::dribble;
        rule_.delay = duration("delay").value_or(silent ? silence_default : drips ? dribble_default : WireDuration{0});
        auto const spread = std::ranges::find(spreads, get("distribution") ? text("distribution") : "fixed");
        if (spread == spreads.end()) return wrong("distribution", "must be fixed, uniform or lognormal");
        rule_.spread = static_cast<DelaySpread>(spread - spreads.begin());
        rule_.sigma = number<double>("sigma", 0.0, 5.0).value_or(rule_.sigma);
        auto const longest = duration("delayMax");
        rule_.delay_max = longest.value_or(std::max(rule_.delay, delay_max_default));
        if (rule_.spread == DelaySpread::uniform && !longest) wrong("delayMax", "is missing: how long at most?");
        if (rule_.delay_max < rule_.delay) wrong("delayMax", "must not be shorter than \"delay\"");
        if (rule_.kind == FaultKind::delay && !get("delay")) wrong("delay", "is missing: how long?");
        if (rule_.kind == FaultKind::delay && rule_.delay == WireDuration{0} && rule_.spread != DelaySpread::uniform)
            wrong("delay", "must be longer than 0");
    }

    void windows() {
        rule_.window = duration("window").value_or(WireDuration{0});
        rule_.every = duration("every").value_or(WireDuration{0});
        rule_.quota = number<std::uint64_t>("quota", 0, 1'000'000'000).value_or(0);
        if (rule_.kind == FaultKind::quota) {
            if (!get("quota")) wrong("quota", "is missing: how many calls in a window?");
            if (rule_.window == WireDuration{0}) wrong("window", "is missing: how long?");
        }
        if (rule_.every > WireDuration{0} && rule_.window >= rule_.every)
            wrong("window", "must be shorter than \"every\"");
        if (rule_.every > WireDuration{0} && rule_.window == WireDuration{0})
            wrong("window", "is missing: how long is each outage?");
    }

    Json const& json_;
    std::string_view path_;
    FaultRule rule_;
    std::optional<Error> error_;
};

std::string span_text(WireDuration span) {
    return to_text(std::chrono::duration_cast<Duration>(span));
}

bool is_taken(std::vector<FaultRule> const& rules, std::string_view fault) {
    return std::ranges::find(rules, fault, &FaultRule::name) != rules.end();
}

/// As if they were added one after the other, but around the names that the file gives.
void name_the_unnamed(std::vector<FaultRule>& rules) {
    for (std::size_t i = 0, number = 0; i < rules.size(); ++i) {
        if (number <= i) number = i + 1;
        if (!rules[i].name.empty()) continue;
        while (is_taken(rules, fmt::format("fault-{}", number))) ++number;
        rules[i].name = fmt::format("fault-{}", number);
    }
}

} // namespace

Result<FaultRule> fault_rule_from_json(Json const& json, std::string_view path) {
    return FaultReader{json, path}.run();
}

Json to_json(FaultRule const& rule) {
    auto operations = Json::array();
    for (auto const operation : rule.operations) operations.push_back(name(operation));
    Json json{{"name", rule.name},
              {"kind", name(rule.kind)},
              {"operations", std::move(operations)},
              {"method", nullptr},
              {"path", nullptr},
              {"systems", rule.systems},
              {"probability", rule.probability},
              {"count", nullptr},
              {"after", span_text(rule.after)},
              {"until", nullptr},
              {"status", nullptr},
              {"retryAfterSeconds", nullptr},
              {"delay", nullptr}};
    if (!rule.call.method.empty()) json["method"] = rule.call.method;
    if (!rule.call.path.empty()) json["path"] = rule.call.path;
    if (rule.count) json["count"] = *rule.count;
    if (rule.until) json["until"] = span_text(*rule.until);
    if (rule.kind == FaultKind::status) json["status"] = rule.status;
    if (rule.retry_after) json["retryAfterSeconds"] = rule.retry_after->count();
    if (rule.delay > WireDuration{0}) json["delay"] = span_text(rule.delay);
    if (rule.spread != DelaySpread::fixed) {
        json["distribution"] = spreads[static_cast<std::size_t>(rule.spread)];
        json["delayMax"] = span_text(rule.delay_max);
    }
    if (rule.spread == DelaySpread::lognormal) json["sigma"] = rule.sigma;
    if (rule.kind == FaultKind::quota) json["quota"] = rule.quota;
    if (rule.window > WireDuration{0}) json["window"] = span_text(rule.window);
    if (rule.every > WireDuration{0}) json["every"] = span_text(rule.every);
    if (!rule.scope.empty()) json["scope"] = rule.scope;
    if (rule.kind == FaultKind::oversize_body) json[bytes_key] = rule.oversize_bytes;
    return json;
}

Result<std::vector<FaultRule>> load_faults(std::string const& file) {
    auto const document = Document::load(file);
    if (!document) return std::unexpected{document.error()};
    if (!document->mistakes().empty()) return fail(ErrorCode::invalid, to_text(document->mistakes().front()));
    auto const& json = document->value();
    bool const bare = json.is_array();
    if (!bare && !(json.is_object() && json.size() == 1 && json.contains("faults") && json["faults"].is_array()))
        return fail(ErrorCode::invalid,
                    fmt::format("{}: must be a list of faults, or an object with the one key \"faults\"", file));
    auto const& list = bare ? json : json["faults"];
    if (list.size() > fault_rules_max)
        return fail(ErrorCode::invalid,
                    fmt::format("{}: {} faults; at most {} are allowed", file, list.size(), fault_rules_max));
    std::vector<FaultRule> rules;
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto const path = fmt::format("{}[{}]", bare ? "" : "faults", i);
        auto rule = fault_rule_from_json(list[i], path);
        if (!rule) return fail(ErrorCode::invalid, fmt::format("{}: {}", document->where(path), rule.error().context));
        if (!rule->name.empty() && is_taken(rules, rule->name))
            return fail(ErrorCode::invalid,
                        fmt::format("{}: {}.name: {} is the name of a fault before it; take another one or none",
                                    document->where(path), path, in_quotes(rule->name)));
        rules.push_back(*std::move(rule));
    }
    name_the_unnamed(rules);
    return rules;
}

} // namespace almd
