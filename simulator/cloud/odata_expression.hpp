// $filter and $orderby of OData v4: read once against an entity type, then asked for every row.
#pragma once

#include "simulator/cloud/odata_model.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// Ours because Debian has no OData library for C++. Known: eq ne gt ge lt le in, and or not, parentheses, contains startswith
/// endswith tolower toupper trim concat substring length indexof, literals (text, guid without quotes, number, date, time, true,
/// false, null), property paths over navigations to one, and of navigations to many $count, any and all. Anything else is refused
/// with its place; arithmetic, has, other functions and many rows of many with ErrorCode::unavailable.
class ODataExpression {
public:
    static constexpr std::size_t text_bytes_max = 4'096, depth_max = 32, nodes_max = 300, path_max = 3, terms_max = 8,
                                 concats_max = 8;

    static Result<ODataExpression> filter(std::string_view text, ODataEntity const& entity);
    /// Null counts as false.
    bool matches(ODataRow row, void const* world) const;

    /// Of "name eq 'X'", either way round, among the conditions that and joins: X; the condition counts as true from then on.
    std::optional<std::string> take_equal(std::string_view property);
    bool looks_at(std::string_view property) const { return looks_at(root_, property); }

    struct Term {
        std::uint32_t node;
        bool descending;
    };
    /// An expression with one value for each term.
    static Result<ODataExpression> order(std::string_view text, ODataEntity const& entity);
    std::vector<Term> const& terms() const { return terms_; }
    ODataValue value(Term const& term, ODataRow row, void const* world) const {
        return eval(term.node, {row, nullptr, world});
    }

private:
    friend class ODataParser;
    enum class Op : std::uint8_t { // comparisons stand before functions
        literal,
        property,
        either,
        both,
        negate,
        equal,
        unequal,
        greater,
        greater_equal,
        less,
        less_equal,
        contains,
        startswith,
        endswith,
        tolower,
        toupper,
        trim,
        concat,
        substring,
        length,
        indexof,
        count,
        any,
        all,
    };
    struct Node {
        Op op = Op::literal;
        ODataType type = ODataType::null;
        std::uint32_t a = 0, b = 0, c = 0; ///< operands; who has fewer has the last one again
        ODataValue literal;
        // Of a property: the ways to its row, then the property itself. Of any, all and count: the ways to their rows.
        bool of_lambda = false; ///< they begin at the row that any or all looks at
        std::array<ODataNavigation const*, path_max> path{};
        ODataProperty const* property = nullptr;
    };
    bool is_property(std::uint32_t node, std::string_view name) const;
    std::optional<std::string> take_equal(std::uint32_t node, std::string_view property);
    bool looks_at(std::uint32_t node, std::string_view property) const;
    static bool compared(Op op, ODataValue const& a, ODataValue const& b);
    static ODataValue called(Op op, ODataValue const& a, ODataValue const& b, ODataValue const& c);
    struct Rows {
        ODataRow row, of_lambda;
        void const* world;
    };
    ODataValue eval(std::uint32_t node, Rows const& rows) const;
    ODataValue eval_lambda(Node const& node, Rows const& rows) const;
    static std::vector<ODataRow> reached(Node const& node, Rows const& rows);

    std::vector<Node> nodes_;
    std::vector<Term> terms_;
    std::uint32_t root_ = 0;
};

/// Null before everything; values of one type by their order.
std::weak_ordering compare(ODataValue const& a, ODataValue const& b);

} // namespace almd
