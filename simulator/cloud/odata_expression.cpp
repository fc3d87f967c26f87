// What an expression says about a row.
#include "simulator/cloud/odata_expression.hpp"

#include "simulator/cloud/letter_case.hpp"

#include <algorithm>
#include <tuple>

namespace almd {

namespace {

bool is_null(ODataValue const& value) {
    return std::holds_alternative<std::monostate>(value);
}

/// Three values: true, false, and null for "not known".
ODataValue negated(ODataValue const& value) {
    auto const* known = std::get_if<bool>(&value);
    return known ? ODataValue{!*known} : ODataValue{};
}

bool is_true(ODataValue const& value) {
    auto const* known = std::get_if<bool>(&value);
    return known && *known;
}

bool is_false(ODataValue const& value) {
    auto const* known = std::get_if<bool>(&value);
    return known && !*known;
}

} // namespace

std::weak_ordering compare(ODataValue const& a, ODataValue const& b) {
    if (a.index() != b.index()) return a.index() <=> b.index();
    if (auto const* number = std::get_if<double>(&a)) {
        auto const other = std::get<double>(b);
        return *number < other   ? std::weak_ordering::less
               : *number > other ? std::weak_ordering::greater
                                 : std::weak_ordering::equivalent;
    }
    if (auto const* text = std::get_if<std::string>(&a)) return *text <=> std::get<std::string>(b);
    if (auto const* flag = std::get_if<bool>(&a)) return *flag <=> std::get<bool>(b);
    if (auto const* at = std::get_if<TimePoint>(&a)) return *at <=> std::get<TimePoint>(b);
    return std::weak_ordering::equivalent;
}

bool ODataExpression::matches(ODataRow row, void const* world) const {
    return is_true(eval(root_, row, world));
}

bool ODataExpression::is_property(std::uint32_t node, std::string_view name) const {
    auto const& one = nodes_[node];
    return one.op == Op::property && one.path[0] == nullptr && one.property->name == name;
}

std::optional<std::string> ODataExpression::take_equal(std::string_view property) {
    return take_equal(root_, property);
}

std::optional<std::string> ODataExpression::take_equal(std::uint32_t node, std::string_view property) {
    auto const [op, a, b] = std::tuple{nodes_[node].op, nodes_[node].a, nodes_[node].b};
    if (op == Op::both) {
        auto found = take_equal(a, property);
        return found ? found : take_equal(b, property);
    }
    if (op != Op::equal) return std::nullopt;
    auto const value = is_property(a, property) ? b : a;
    auto const* text = std::get_if<std::string>(&nodes_[value].literal);
    if (text == nullptr || !is_property(value == a ? b : a, property)) return std::nullopt;
    auto taken = *text;
    nodes_[node] = Node{};
    nodes_[node].type = ODataType::boolean;
    nodes_[node].literal = true;
    return taken;
}

bool ODataExpression::looks_at(std::uint32_t node, std::string_view property) const {
    auto const& one = nodes_[node];
    if (one.op == Op::literal) return false;
    if (one.op == Op::property) return is_property(node, property);
    // What has one operand has it twice.
    return looks_at(one.a, property) || (one.b != one.a && looks_at(one.b, property));
}

ODataValue ODataExpression::eval_property(Node const& node, ODataRow row, void const* world) const {
    std::vector<ODataRow> next;
    for (auto const* way : node.path) {
        if (way == nullptr) break;
        next.clear();
        way->collect(row, world, next);
        if (next.empty()) return {};
        row = next.front();
    }
    return node.property->get(row);
}

bool ODataExpression::compared(Op op, ODataValue const& a, ODataValue const& b) {
    if (op == Op::equal) return compare(a, b) == 0;
    if (op == Op::unequal) return compare(a, b) != 0;
    if (is_null(a) || is_null(b)) return false; // of the others with null, none holds (OData 4.01 part 2, 5.1.1.1)
    switch (op) {
    case Op::greater: return compare(a, b) > 0;
    case Op::greater_equal: return compare(a, b) >= 0;
    case Op::less: return compare(a, b) < 0;
    default: return compare(a, b) <= 0;
    }
}

/// Of null they make null.
ODataValue ODataExpression::called(Op op, ODataValue const& a, ODataValue const& b) {
    auto const* text = std::get_if<std::string>(&a);
    auto const* part = std::get_if<std::string>(&b);
    if (text == nullptr || part == nullptr) return {};
    switch (op) {
    case Op::tolower: return to_lower(*text);
    case Op::toupper: return to_upper(*text);
    case Op::contains: return text->contains(*part);
    case Op::startswith: return text->starts_with(*part);
    default: return text->ends_with(*part);
    }
}

ODataValue ODataExpression::eval(std::uint32_t index, ODataRow row, void const* world) const {
    auto const& node = nodes_[index];
    if (node.op == Op::literal) return node.literal;
    if (node.op == Op::property) return eval_property(node, row, world);
    auto const a = eval(node.a, row, world);
    if (node.op == Op::negate) return negated(a);
    if ((node.op == Op::both && is_false(a)) || (node.op == Op::either && is_true(a))) return a;
    auto const b = node.b == node.a ? a : eval(node.b, row, world);
    if (node.op == Op::both) return is_false(b) || !is_null(a) ? b : a;
    if (node.op == Op::either) return is_true(b) || !is_null(a) ? b : a;
    return node.op <= Op::less_equal ? ODataValue{compared(node.op, a, b)} : called(node.op, a, b);
}

} // namespace almd
