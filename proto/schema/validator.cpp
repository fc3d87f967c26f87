// Walks a value along its schema; a path is only written down when something is wrong there.
#include "proto/schema/validator.hpp"

#include "proto/schema/acceptance.hpp"
#include "proto/schema/json_path.hpp"
#include "proto/schema/nearest_name.hpp"
#include "proto/schema/schema_compiler.hpp"
#include "proto/schema/schema_wording.hpp"
#include "simulator/kernel/characters.hpp"
#include "simulator/kernel/time.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace almd {

namespace {

using nlohmann::json;

/// Values and schemas that refer to themselves: nothing real is nested deeper.
constexpr std::size_t instance_depth_max = 160;
constexpr std::size_t unique_items_max = 1000; // compared pair by pair

std::uint8_t type_of(json const& value) {
    switch (value.type()) {
    case json::value_t::null: return null_type;
    case json::value_t::boolean: return boolean_type;
    case json::value_t::number_integer:
    case json::value_t::number_unsigned: return integer_type;
    case json::value_t::number_float: return is_integer(value.get<double>()) ? integer_type : number_type;
    case json::value_t::string: return string_type;
    case json::value_t::array: return array_type;
    case json::value_t::object: return object_type;
    default: return 0;
    }
}

bool equals(SchemaScalar const& allowed, json const& value) {
    if (auto const* text = std::get_if<std::string>(&allowed))
        return value.is_string() && value.get_ref<std::string const&>() == *text;
    if (auto const* number = std::get_if<std::int64_t>(&allowed)) return value.is_number() && value == *number;
    if (auto const* flag = std::get_if<bool>(&allowed)) return value.is_boolean() && value.get<bool>() == *flag;
    return value.is_null();
}

/// The way to a value: links on the stack instead of a text that grows and shrinks.
struct Place {
    Place const* up = nullptr;
    std::string const* key = nullptr;
    std::size_t index = 0;
    std::size_t depth = 0;

    Place member(std::string const& name) const { return {this, &name, 0, depth + 1}; }
    Place element(std::size_t i) const { return {this, nullptr, i, depth + 1}; }
    std::string path() const {
        if (up == nullptr) return {};
        std::string path = up->path();
        if (key != nullptr)
            append_key(path, *key);
        else
            append_index(path, index);
        return path;
    }
};

class Walk {
public:
    Walk(std::vector<SchemaNode> const& nodes, std::size_t mistakes_max)
        : nodes_{nodes}
        , mistakes_max_{mistakes_max} {}

    std::vector<Mistake> take() { return std::move(mistakes_); }
    std::vector<Mistake> const& mistakes() const { return mistakes_; }

    void check(std::uint32_t index, json const& value, Place const& place) {
        if (full()) return;
        if (place.depth >= instance_depth_max || nesting_ >= 2 * instance_depth_max)
            return wrong(place, "is nested too deep");
        ++nesting_;
        SchemaNode const& node = nodes_[index];
        std::size_t before = mistakes_.size();
        if (node.never || (node.types & type_of(value)) == 0 || !has_allowed_value(node, value))
            not_allowed(node, index, value, place);
        else
            content(node, value, place);
        for (std::uint32_t part : node.all_of) check(part, value, place);
        // A value of a wrong kind gets one mistake, not one from each alternative.
        if (mistakes_.size() == before && !node.any_of.empty()) alternatives(node.any_of, false, value, place);
        if (mistakes_.size() == before && !node.one_of.empty()) alternatives(node.one_of, true, value, place);
        --nesting_;
    }

private:
    bool full() const { return mistakes_.size() >= mistakes_max_; }
    void wrong(Place const& place, std::string message, std::string hint = {}) {
        if (!full()) mistakes_.push_back({place.path(), std::move(message), std::move(hint), {}});
    }
    void not_allowed(SchemaNode const& node, std::uint32_t index, json const& value, Place const& place) {
        wrong(place, fmt::format("is {}; allowed: {}", shown(value), allowed(nodes_, index)), advice(node, value));
    }
    static bool has_allowed_value(SchemaNode const& node, json const& value) {
        return node.values.empty() ||
               std::ranges::any_of(node.values, [&](SchemaScalar const& one) { return equals(one, value); });
    }

    void content(SchemaNode const& node, json const& value, Place const& place) {
        switch (type_of(value)) {
        case string_type: return text(node, value, place);
        case integer_type:
        case number_type: return number(node, value, place);
        case array_type: return array(node, value, place);
        case object_type: return object(node, value, place);
        default: return;
        }
    }

    void text(SchemaNode const& node, json const& value, Place const& place) {
        std::string const& text = value.get_ref<std::string const&>();
        bool good = true;
        if (node.length_min > 0 || text.size() > node.length_max) {
            auto const length = characters(text);
            good = length >= node.length_min && length <= node.length_max;
        }
        if (good && node.pattern) good = text.size() <= Validator::pattern_text_max && node.pattern->matches(text);
        if (good && node.format == TextFormat::date_time) good = parse_rfc3339(text).has_value();
        if (good && node.format == TextFormat::uuid) good = is_uuid(text);
        if (!good) not_allowed(node, index_of(node), value, place);
    }

    void number(SchemaNode const& node, json const& value, Place const& place) {
        if (!node.minimum && !node.maximum) return;
        auto number = value.get<double>();
        bool good = (!node.minimum || number >= *node.minimum) && (!node.maximum || number <= *node.maximum);
        if (!good) not_allowed(node, index_of(node), value, place);
    }

    void array(SchemaNode const& node, json const& value, Place const& place) {
        if (value.size() < node.items_min)
            wrong(place, fmt::format("has {} elements; at least {} are needed", value.size(), node.items_min));
        if (value.size() > node.items_max) {
            wrong(place, fmt::format("has {} elements; at most {} are allowed", value.size(), node.items_max));
            mistakes_.back().too_long = true;
            return;
        }
        if (node.items != SchemaNode::none)
            for (std::size_t i = 0; i < value.size() && !full(); ++i) check(node.items, value[i], place.element(i));
        if (!node.unique_items) return;
        if (value.size() > unique_items_max)
            return wrong(place, fmt::format("has more than {} elements", unique_items_max));
        for (std::size_t i = 1; i < value.size(); ++i) {
            auto same = std::find(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(i), value[i]);
            if (same != value.begin() + static_cast<std::ptrdiff_t>(i))
                wrong(place.element(i), fmt::format("is {}, which stands in the list already", shown(value[i])));
        }
    }

    // Members and properties are both sorted by name, so one pass over both finds the known, the missing and the unknown.
    void object(SchemaNode const& node, json const& value, Place const& place) {
        if (value.size() < node.members_min)
            wrong(place, fmt::format("has {} keys; at least {} are needed", value.size(), node.members_min));
        auto property = node.properties.begin();
        auto const& members = value.get_ref<json::object_t const&>();
        for (auto const& [key, member] : members) {
            while (property != node.properties.end() && property->name < key) missing(*property++, place);
            if (property != node.properties.end() && property->name == key)
                check((property++)->node, member, place.member(key));
            else if (node.additional != SchemaNode::none)
                check(node.additional, member, place.member(key));
            else if (!node.additional_allowed)
                unknown(node, members, key, place);
        }
        while (property != node.properties.end()) missing(*property++, place);
    }

    void missing(SchemaNode::Property const& property, Place const& place) {
        if (property.required)
            wrong(place.member(property.name), fmt::format("is missing; allowed: {}", allowed(nodes_, property.node)));
    }

    void unknown(SchemaNode const& node, json::object_t const& members, std::string const& key, Place const& place) {
        if (full()) return;
        std::vector<std::string_view> names, absent;
        for (auto const& property : node.properties) {
            names.push_back(property.name);
            if (!members.contains(property.name)) absent.push_back(property.name);
        }
        auto meant = nearest_name(key, absent); // what stands there already is not what was meant
        wrong(place.member(key),
              meant ? fmt::format("unknown key, did you mean `{}`?", *meant) : std::string{"unknown key"},
              names.empty() ? std::string{"no keys are allowed here"}
                            : fmt::format("allowed keys: {}", fmt::join(names, ", ")));
    }

    void alternatives(std::vector<std::uint32_t> const& branches, bool only_one, json const& value,
                      Place const& place) {
        std::size_t fitting = 0;
        std::optional<std::vector<Mistake>> nearest;
        std::size_t of_this_kind = 0;
        for (std::uint32_t branch : branches) {
            Walk trial{nodes_, mistakes_max_};
            trial.nesting_ = nesting_;
            trial.check(branch, value, place);
            if (trial.mistakes_.empty())
                ++fitting;
            else if (accepts_kind(nodes_, branch, type_of(value))) {
                ++of_this_kind;
                if (!nearest || trial.mistakes_.size() < nearest->size()) nearest = trial.take();
            }
        }
        if (fitting == 1 || (fitting > 1 && !only_one)) return;
        if (fitting > 1) return wrong(place, "fits more than one of the alternatives");
        bool deeper =
            nearest && std::ranges::any_of(*nearest, [&](Mistake const& one) { return one.path != place.path(); });
        if (nearest && (of_this_kind == 1 || deeper)) {
            for (Mistake& one : *nearest)
                if (!full()) mistakes_.push_back(std::move(one));
            return;
        }
        std::vector<std::string> texts;
        for (std::uint32_t branch : branches) texts.push_back(allowed(nodes_, branch));
        wrong(place, fmt::format("is {}; allowed: {}", shown(value), fmt::join(texts, ", or ")));
    }

    std::uint32_t index_of(SchemaNode const& node) const { return static_cast<std::uint32_t>(&node - nodes_.data()); }

    std::vector<SchemaNode> const& nodes_;
    std::size_t mistakes_max_;
    std::size_t nesting_ = 0;
    std::vector<Mistake> mistakes_;
};

} // namespace

struct Validator::Compiled {
    std::vector<SchemaNode> nodes;
};

Validator::Validator(std::unique_ptr<Compiled const> compiled)
    : compiled_{std::move(compiled)} {
}
Validator::Validator(Validator&&) noexcept = default;
Validator& Validator::operator=(Validator&&) noexcept = default;
Validator::~Validator() = default;

Result<Validator> Validator::compile(json const& document, std::string_view pointer) {
    Result<std::vector<SchemaNode>> nodes = compile_schema(document, pointer);
    if (!nodes) return std::unexpected{std::move(nodes.error())};
    return Validator{std::make_unique<Compiled const>(Compiled{*std::move(nodes)})};
}

std::vector<Mistake> Validator::check(json const& value) const {
    Walk walk{compiled_->nodes, mistakes_max};
    walk.check(0, value, Place{});
    return walk.take();
}

bool Validator::accepts(JsonText const& text) const {
    return accepts_text(compiled_->nodes, text);
}

std::vector<Mistake> Validator::check(Document const& document) const {
    std::multimap<std::size_t, Mistake> by_line; // equal lines stay in the order found
    for (Mistake const& one : document.mistakes()) by_line.emplace(document.line(one.path), one);
    for (Mistake& one : check(document.value())) {
        one.where = document.where(one.path);
        by_line.emplace(document.line(one.path), std::move(one));
    }
    std::vector<Mistake> mistakes;
    for (auto& [line, one] : by_line) mistakes.push_back(std::move(one));
    return mistakes;
}

} // namespace almd
