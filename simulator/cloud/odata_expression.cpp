// What an expression says about a row.
#include "simulator/cloud/odata_expression.hpp"

#include "simulator/cloud/letter_case.hpp"
#include "simulator/kernel/characters.hpp"

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

std::string trimmed_text(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    return std::string{text.substr(0, text.find_last_not_of(" \t\r\n") + 1)};
}

/// What is below 0 counts as 0.
std::size_t whole(double number) {
    constexpr double most = 1e9;
    return number > 0 ? static_cast<std::size_t>(std::min(number, most)) : 0;
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
    return is_true(eval(root_, {row, nullptr, world}));
}

bool ODataExpression::is_property(std::uint32_t node, std::string_view name) const {
    auto const& one = nodes_[node];
    return one.op == Op::property && !one.of_lambda && one.path[0] == nullptr && one.property->name == name;
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
    if (one.op == Op::literal || one.op == Op::count) return false;
    if (one.op == Op::property) return is_property(node, property);
    return looks_at(one.a, property) || (one.b != one.a && looks_at(one.b, property)) ||
           (one.c != one.b && looks_at(one.c, property));
}

std::vector<ODataRow> ODataExpression::reached(Node const& node, Rows const& rows) {
    std::vector<ODataRow> here{node.of_lambda ? rows.of_lambda : rows.row}, next;
    for (auto const* way : node.path) {
        if (way == nullptr || here.empty()) break;
        next.clear();
        way->collect(here.front(), rows.world, next);
        here.swap(next);
    }
    return here;
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

/// Of null they make null. Positions and lengths are characters.
ODataValue ODataExpression::called(Op op, ODataValue const& a, ODataValue const& b, ODataValue const& c) {
    auto const* text = std::get_if<std::string>(&a);
    if (text == nullptr || is_null(b) || is_null(c)) return {};
    if (op == Op::tolower) return to_lower(*text);
    if (op == Op::toupper) return to_upper(*text);
    if (op == Op::trim) return trimmed_text(*text);
    if (op == Op::length) return static_cast<double>(characters(*text));
    if (op == Op::substring) {
        auto const from = std::get<double>(b);
        auto const rest = text->substr(first_characters(*text, whole(from)).size());
        return std::string{first_characters(rest, whole(std::get<double>(c)))};
    }
    auto const& part = std::get<std::string>(b);
    auto const at = text->find(part);
    switch (op) {
    case Op::concat: return *text + part;
    case Op::indexof:
        return at == std::string::npos ? -1.0 : static_cast<double>(characters(std::string_view{*text}.substr(0, at)));
    case Op::startswith: return text->starts_with(part);
    case Op::endswith: return text->ends_with(part);
    default: return at != std::string::npos;
    }
}

ODataValue ODataExpression::eval_lambda(Node const& node, Rows const& rows) const {
    bool const any = node.op == Op::any;
    for (auto const row : reached(node, rows))
        if (is_true(eval(node.a, {rows.row, row, rows.world})) == any) return any;
    return !any;
}

ODataValue ODataExpression::eval(std::uint32_t index, Rows const& rows) const {
    auto const& node = nodes_[index];
    if (node.op == Op::literal) return node.literal;
    if (node.op == Op::property && node.path[0] == nullptr)
        return node.property->get(node.of_lambda ? rows.of_lambda : rows.row);
    if (node.op == Op::property) {
        auto const found = reached(node, rows);
        return found.empty() ? ODataValue{} : node.property->get(found.front());
    }
    if (node.op == Op::count) return static_cast<double>(reached(node, rows).size());
    if (node.op == Op::any || node.op == Op::all) return eval_lambda(node, rows);
    auto const a = eval(node.a, rows);
    if (node.op == Op::negate) return negated(a);
    if ((node.op == Op::both && is_false(a)) || (node.op == Op::either && is_true(a))) return a;
    auto const b = node.b == node.a ? a : eval(node.b, rows);
    if (node.op == Op::both) return is_false(b) || !is_null(a) ? b : a;
    if (node.op == Op::either) return is_true(b) || !is_null(a) ? b : a;
    if (node.op <= Op::less_equal) return compared(node.op, a, b);
    return called(node.op, a, b, node.c == node.b ? b : eval(node.c, rows));
}

} // namespace almd
