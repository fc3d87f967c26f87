// Parsing: options, resource, verb, the rest.
#include "agent/admin/ctl_command.hpp"

#include "agent/admin/ctl.hpp"
#include "proto/http/router.hpp"
#include "proto/schema/nearest_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace almd {

namespace {

std::string guess(std::string_view wrong, std::vector<std::string_view> const& known) {
    auto const near = nearest_name(wrong, known);
    return fmt::format("{}; there are: {}", near ? fmt::format(", did you mean {}?", *near) : "",
                       fmt::join(known, " "));
}

std::vector<std::string_view> resource_names() {
    std::vector<std::string_view> names;
    for (auto const& resource : ctl_resources()) names.push_back(resource.name);
    return names;
}

std::vector<std::string_view> verb_names(std::string_view resource) {
    std::vector<std::string_view> names{"list"};
    for (auto const& verb : ctl_verbs())
        if (verb.resource == resource) names.push_back(verb.verb);
    return names;
}

/// Takes the words one after the other.
class Parser {
public:
    explicit Parser(std::vector<std::string> const& words)
        : words_{words} {}

    Result<CtlCommand> run() {
        command_.admin = ctl_admin_default;
        for (at_ = 0; at_ < words_.size(); ++at_)
            if (auto taken = take(words_[at_]); !taken) return std::unexpected<Error>(std::move(taken.error()));
        if (command_.help) return std::move(command_);
        if (command_.resource == nullptr)
            return fail(ErrorCode::invalid, fmt::format("what? There are: {}", fmt::join(resource_names(), " ")));
        if (command_.verb != nullptr && (command_.limit || !command_.sort.empty()))
            return fail(ErrorCode::invalid, fmt::format("{} {} takes no {}, which belongs to lists; example: {}",
                                                        command_.verb->resource, command_.verb->verb,
                                                        command_.limit ? "--limit" : "--sort", command_.verb->example));
        return std::move(command_);
    }

private:
    Result<void> take(std::string const& word) {
        if (word == "-h" || word == "--help" || (word == "help" && command_.resource == nullptr)) {
            command_.help = true;
            return {};
        }
        if (word.size() > 1 && word.front() == '-' && word != "--") return option(word);
        if (command_.resource == nullptr) return resource(word);
        auto const equals = word.find('=');
        bool const first = !verb_seen_ && command_.positional.empty() && command_.named.empty();
        if (first && equals == std::string::npos) return verb(word);
        if (equals != std::string::npos && equals > 0 && is_name(word.substr(0, equals))) {
            command_.named.emplace_back(word.substr(0, equals), word.substr(equals + 1));
            return {};
        }
        if (command_.verb == nullptr)
            return fail(ErrorCode::invalid,
                        fmt::format("{}: a list is filtered with field=value, such as system=DEV", word));
        command_.positional.push_back(word);
        return {};
    }

    /// A parameter of the verb, or with a list any field. "text = a=b" stays a text.
    bool is_name(std::string_view name) const {
        if (command_.verb == nullptr) return true;
        for (auto const& parameter : command_.verb->parameters)
            if (parameter.name == name) return true;
        return false;
    }

    static bool is_truth(std::string_view word) { return word == "true" || word == "false"; }
    bool is_flag(std::string_view option) const {
        if (command_.verb == nullptr || !option.starts_with("--")) return false;
        for (auto const& parameter : command_.verb->parameters)
            if (parameter.name == option.substr(2)) return parameter.kind == CtlKind::flag;
        return false;
    }

    Result<void> resource(std::string const& word) {
        command_.resource = find_ctl_resource(word);
        if (command_.resource == nullptr)
            return fail(ErrorCode::invalid, fmt::format("there is no {}{}", word, guess(word, resource_names())));
        return {};
    }

    Result<void> verb(std::string const& word) {
        verb_seen_ = true;
        if (word == "list") return {};
        auto const name = command_.resource->name;
        command_.verb = find_ctl_verb(name, word);
        if (command_.verb == nullptr)
            return fail(ErrorCode::invalid, fmt::format("{} cannot {}{}", name, word, guess(word, verb_names(name))));
        return {};
    }

    Result<void> option(std::string const& word) {
        auto const equals = word.find('=');
        std::string const name = word.substr(0, equals);
        std::string value;
        if (equals != std::string::npos)
            value = word.substr(equals + 1);
        else if (is_flag(name) && (at_ + 1 == words_.size() || !is_truth(words_[at_ + 1])))
            value = "true";
        else if (at_ + 1 < words_.size())
            value = words_[++at_];
        else
            return fail(ErrorCode::invalid, fmt::format("{} needs a value", name));
        if (name == "--admin")
            command_.admin = value;
        else if (name == "-o" || name == "--output")
            return output(value);
        else if (name == "--sort")
            command_.sort = value;
        else if (name == "--limit")
            return limit(value);
        else if (name.starts_with("--") && name.size() > 2)
            command_.named.emplace_back(name.substr(2), value);
        else
            return fail(ErrorCode::invalid,
                        fmt::format("there is no {}; there are -o, --admin, --sort, --limit, --help", name));
        return {};
    }

    Result<void> output(std::string_view value) {
        using Output = CtlCommand::Output;
        if (value == "table")
            command_.output = Output::table;
        else if (value == "json")
            command_.output = Output::json;
        else if (value == "wide")
            command_.output = Output::wide;
        else
            return fail(ErrorCode::invalid, fmt::format("-o {}: allowed are table, wide, json", value));
        return {};
    }

    Result<void> limit(std::string_view value) {
        std::size_t number = 0;
        auto const end = value.data() + value.size();
        if (std::from_chars(value.data(), end, number).ptr != end || number == 0)
            return fail(ErrorCode::invalid, fmt::format("--limit {}: a whole number of 1 or more is needed", value));
        command_.limit = number;
        return {};
    }

    std::vector<std::string> const& words_;
    std::size_t at_ = 0;
    bool verb_seen_ = false;
    CtlCommand command_;
};

/// A filter may have the words that the table shows: status=Finished,Canceled for status=F,A.
std::string codes_of(CtlResource const& resource, std::string_view field, std::string_view values) {
    auto const column = std::ranges::find(resource.columns, field, &CtlColumn::field);
    if (column == resource.columns.end() || column->words.empty()) return std::string{values};
    std::string codes;
    while (true) {
        auto const comma = values.find(',');
        auto const value = values.substr(0, comma);
        auto const known = std::ranges::find(column->words, value, &CtlWord::word);
        codes += known == column->words.end() ? value : known->code;
        if (comma == std::string_view::npos) return codes;
        codes += ',';
        values.remove_prefix(comma + 1);
    }
}

} // namespace

Result<CtlCommand> parse_ctl(std::vector<std::string> const& args) {
    return Parser{args}.run();
}

HttpRequest request_of_page(CtlCommand const& command, std::size_t offset, std::size_t limit) {
    auto target = fmt::format("{}?offset={}&limit={}", command.resource->path, offset, limit);
    if (!command.sort.empty()) target += "&sort=" + percent_encode(command.sort);
    for (auto const& [name, value] : command.named)
        target += "&" + percent_encode(name) + "=" + percent_encode(codes_of(*command.resource, name, value));
    return HttpRequest{"GET", std::move(target)};
}

} // namespace almd
