// The words of a mistake.
#include "proto/schema/schema_wording.hpp"

#include "proto/schema/nearest_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace almd {

namespace {

using nlohmann::json;

constexpr std::size_t shown_max = 60;
constexpr int references_max = 8; // followed for wording only

std::string number_text(double number) {
    bool whole = std::abs(number) < 9e15 && number == std::floor(number);
    return whole ? std::to_string(static_cast<std::int64_t>(number)) : fmt::format("{}", number);
}

std::string range(SchemaNode const& node) {
    if (node.minimum && node.maximum)
        return fmt::format(" from {} to {}", number_text(*node.minimum), number_text(*node.maximum));
    if (node.minimum) return fmt::format(" of at least {}", number_text(*node.minimum));
    if (node.maximum) return fmt::format(" of at most {}", number_text(*node.maximum));
    return {};
}

std::string text_kind(SchemaNode const& node) {
    if (node.format == TextFormat::date_time) return "a time such as \"2026-11-22T08:56:24.000Z\"";
    if (node.format == TextFormat::uuid) return "a UUID";
    std::string words = node.pattern ? fmt::format("a text that matches {}", node.pattern_text) : "a text";
    if (node.length_min == 1 && node.length_max == SIZE_MAX)
        words += " that is not empty";
    else if (node.length_min > 0 && node.length_max != SIZE_MAX)
        words += fmt::format(" of {} to {} characters", node.length_min, node.length_max);
    else if (node.length_max != SIZE_MAX)
        words += fmt::format(" of at most {} characters", node.length_max);
    else if (node.length_min > 0)
        words += fmt::format(" of at least {} characters", node.length_min);
    return words;
}

std::string kinds(SchemaNode const& node) {
    std::vector<std::string> words;
    if (node.types & boolean_type) words.emplace_back("true or false");
    if (node.types & number_type)
        words.push_back("a number" + range(node));
    else if (node.types & integer_type)
        words.push_back("an integer" + range(node));
    if (node.types & string_type) words.push_back(text_kind(node));
    if (node.types & array_type) words.emplace_back("a list");
    if (node.types & object_type) words.emplace_back("a mapping (keys and values)");
    if (node.types & null_type) words.emplace_back("null");
    return fmt::format("{}", fmt::join(words, ", or "));
}

std::string allowed_through(std::vector<SchemaNode> const& nodes, std::uint32_t index, int references) {
    SchemaNode const& node = nodes[index];
    if (!node.allowed.empty()) return node.allowed;
    if (node.never) return "nothing";
    if (!node.values.empty()) {
        std::vector<std::string> texts;
        for (SchemaScalar const& value : node.values) texts.push_back(to_text(value));
        return texts.size() == 1 ? texts.front() : fmt::format("one of {}", fmt::join(texts, ", "));
    }
    if (node.types != any_type) return kinds(node);
    if (references == 0) return "another value";
    auto const& branches = !node.all_of.empty() ? node.all_of : !node.one_of.empty() ? node.one_of : node.any_of;
    if (branches.empty()) return "anything";
    if (!node.all_of.empty()) return allowed_through(nodes, branches.front(), references - 1);
    std::vector<std::string> texts;
    for (std::uint32_t branch : branches) texts.push_back(allowed_through(nodes, branch, references - 1));
    return fmt::format("{}", fmt::join(texts, ", or "));
}

} // namespace

std::string shown(json const& value) {
    switch (value.type()) {
    case json::value_t::null: return "null (no value)";
    case json::value_t::boolean: return value.get<bool>() ? "true (a boolean)" : "false (a boolean)";
    case json::value_t::string: {
        std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
        if (text.size() > shown_max) return fmt::format("a text of {} bytes", text.size() - 2);
        return text + " (a text)";
    }
    case json::value_t::array: return fmt::format("a list of {} elements", value.size());
    case json::value_t::object: return fmt::format("a mapping with {} keys", value.size());
    default: return value.dump() + " (a number)";
    }
}

std::string allowed(std::vector<SchemaNode> const& nodes, std::uint32_t index) {
    return allowed_through(nodes, index, references_max);
}

std::string advice(SchemaNode const& node, json const& value) {
    bool wants_text = (node.types & string_type) != 0;
    if (wants_text && (node.types & (integer_type | number_type)) == 0 && (value.is_number() || value.is_boolean()))
        return "put it in quotes: \"" + value.dump() + "\"";
    if (!value.is_string()) return {};
    std::string const& text = value.get_ref<std::string const&>();
    if (!wants_text && (node.types & integer_type) != 0 && !text.empty() && text.size() < 19 &&
        std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return "remove the quotes";
    if (!wants_text && (node.types & boolean_type) != 0 &&
        (text == "yes" || text == "no" || text == "on" || text == "off"))
        return text == "yes" || text == "on" ? "write true" : "write false";
    std::vector<std::string_view> names;
    for (SchemaScalar const& one : node.values)
        if (auto const* name = std::get_if<std::string>(&one)) names.push_back(*name);
    auto meant = nearest_name(text, names);
    return meant ? fmt::format("did you mean `{}`?", *meant) : std::string{};
}

bool accepts_kind(std::vector<SchemaNode> const& nodes, std::uint32_t index, std::uint8_t type) {
    for (int references = 0; references < references_max; ++references) {
        SchemaNode const& node = nodes[index];
        if ((node.types & type) == 0 || node.never) return false;
        if (node.all_of.empty()) return true;
        index = node.all_of.front();
    }
    return true;
}

} // namespace almd
