// Reading $filter and $orderby: recursive descent with a bound on depth, nodes and bytes.
#include "simulator/cloud/odata_expression.hpp"
#include "simulator/cloud/odata_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace almd {

namespace {

std::string_view type_name(ODataType type) {
    switch (type) {
    case ODataType::boolean: return "a boolean";
    case ODataType::number: return "a number";
    case ODataType::text: return "a text in single quotes";
    case ODataType::guid: return "a UUID without quotes";
    case ODataType::time: return "a time such as 2026-11-22T08:56:24Z";
    case ODataType::null: break;
    }
    return "null";
}

} // namespace

class ODataParser : ODataWords {
public:
    using Op = ODataExpression::Op;
    using Node = ODataExpression::Node;

    ODataParser(std::string_view text, ODataEntity const& entity)
        : ODataWords{text}
        , entity_{entity} {}

    Result<ODataExpression> filter() {
        auto const root = either();
        if (!error_ && out_.nodes_[root].type != ODataType::boolean) wrong("a filter must be true or false");
        if (!error_ && !at_end()) wrong("and, or, or the end was expected");
        if (error_) return std::unexpected{*error_};
        out_.root_ = root;
        return std::move(out_);
    }

    Result<ODataExpression> order() {
        do {
            auto const node = operand();
            auto const direction = peek_word();
            if (direction == "asc" || direction == "desc") word();
            if (out_.terms_.size() == ODataExpression::terms_max)
                wrong(fmt::format("at most {} fields to order by", ODataExpression::terms_max));
            if (!error_) out_.terms_.push_back({node, direction == "desc"});
        } while (!error_ && take(','));
        if (!error_ && !at_end()) wrong("asc, desc, a comma or the end was expected");
        if (error_) return std::unexpected{*error_};
        return std::move(out_);
    }

private:
    struct Function {
        std::string_view name;
        Op op;
        ODataType result;
        std::size_t least = 1, most = 1; ///< arguments: texts, but for the positions of substring
    };

    std::uint32_t add(Node node) {
        if (out_.nodes_.size() >= ODataExpression::nodes_max) {
            wrong(fmt::format("the expression has more than {} parts", ODataExpression::nodes_max));
            return 0;
        }
        out_.nodes_.push_back(std::move(node));
        return static_cast<std::uint32_t>(out_.nodes_.size() - 1);
    }
    std::uint32_t binary(Op op, std::uint32_t a, std::uint32_t b) {
        Node node;
        node.op = op;
        node.type = ODataType::boolean;
        node.a = a;
        node.b = node.c = b;
        return add(std::move(node));
    }
    std::uint32_t nothing() { return add(Node{}); }

    ODataType type(std::uint32_t node) const { return out_.nodes_[node].type; }
    void need_boolean(std::uint32_t node) {
        if (!error_ && type(node) != ODataType::boolean) wrong("a comparison was expected before this");
    }

    std::uint32_t either() {
        if (++depth_ > ODataExpression::depth_max)
            wrong(fmt::format("more than {} parentheses inside each other", ODataExpression::depth_max));
        auto left = error_ ? nothing() : both();
        while (!error_ && peek_word() == "or") {
            need_boolean(left);
            word();
            auto const right = both();
            need_boolean(right);
            left = binary(Op::either, left, right);
        }
        --depth_;
        return left;
    }

    std::uint32_t both() {
        auto left = negation();
        while (!error_ && peek_word() == "and") {
            need_boolean(left);
            word();
            auto const right = negation();
            need_boolean(right);
            left = binary(Op::both, left, right);
        }
        return left;
    }

    std::uint32_t negation() {
        bool odd = false;
        while (peek_word() == "not") {
            word();
            odd = !odd;
        }
        auto const inner = primary();
        if (!odd) return inner;
        need_boolean(inner);
        return binary(Op::negate, inner, inner);
    }

    std::uint32_t primary() {
        if (take('(')) {
            auto const inner = either();
            need(')');
            return inner;
        }
        auto const left = operand();
        return error_ ? left : comparison(left);
    }

    std::uint32_t comparison(std::uint32_t left) {
        struct Word {
            std::string_view text;
            Op op;
        };
        static constexpr Word words[]{{"eq", Op::equal},         {"ne", Op::unequal}, {"gt", Op::greater},
                                      {"ge", Op::greater_equal}, {"lt", Op::less},    {"le", Op::less_equal}};
        auto const found = peek_word();
        if (found == "in") {
            word();
            return in_list(left);
        }
        for (auto const& [text, op] : words)
            if (found == text) {
                word();
                auto const right = operand();
                same_types(left, right);
                return binary(op, left, right);
            }
        static constexpr std::string_view arithmetic[]{"add", "sub", "mul", "div", "divby", "mod", "has"};
        if (std::ranges::find(arithmetic, found) != std::end(arithmetic))
            wrong(fmt::format("the stand-in does not know \"{}\"", found), ErrorCode::unavailable);
        return left;
    }

    std::uint32_t in_list(std::uint32_t left) {
        need('(');
        auto all = nothing();
        bool first = true;
        do {
            auto const right = operand();
            same_types(left, right);
            auto const one = binary(Op::equal, left, right);
            all = first ? one : binary(Op::either, all, one);
            first = false;
        } while (!error_ && take(','));
        need(')');
        return all;
    }

    void same_types(std::uint32_t left, std::uint32_t right) {
        if (error_) return;
        auto const a = type(left), b = type(right);
        // Some of our fields hold UUIDs as texts; both ways of writing one are meant so.
        if (a == ODataType::text && b == ODataType::guid && out_.nodes_[right].op == Op::literal) return;
        if (a != b && a != ODataType::null && b != ODataType::null)
            wrong(fmt::format("{} is compared with {}", type_name(a), type_name(b)));
    }

    std::uint32_t operand() {
        if (auto value = literal()) return constant(value->type, std::move(value->value));
        if (!error_ && peek_word().empty()) wrong("a field or a value was expected");
        if (error_) return nothing();
        return call_ahead() ? function(word()) : path();
    }

    std::uint32_t constant(ODataType of, ODataValue value) {
        Node node;
        node.type = of;
        node.literal = std::move(value);
        return add(std::move(node));
    }

    std::uint32_t function(std::string_view name) {
        static constexpr Function functions[]{
            {"contains", Op::contains, ODataType::boolean, 2, 2},
            {"startswith", Op::startswith, ODataType::boolean, 2, 2},
            {"endswith", Op::endswith, ODataType::boolean, 2, 2},
            {"tolower", Op::tolower, ODataType::text},
            {"toupper", Op::toupper, ODataType::text},
            {"trim", Op::trim, ODataType::text},
            {"concat", Op::concat, ODataType::text, 2, 2},
            {"substring", Op::substring, ODataType::text, 2, 3},
            {"length", Op::length, ODataType::number},
            {"indexof", Op::indexof, ODataType::number, 2, 2},
        };
        auto const found = std::ranges::find(functions, name, &Function::name);
        if (found == std::end(functions)) {
            std::string known;
            for (auto const& one : functions) known.append(known.empty() ? "" : ", ").append(one.name);
            wrong(fmt::format("the stand-in knows {}, not {}", known, name), ErrorCode::unavailable);
            return nothing();
        }
        if (++depth_ > ODataExpression::depth_max) wrong("too many functions inside each other");
        // Every one may copy a long text; those of all rows are kept to order them.
        if (found->op == Op::concat && ++concats_ > ODataExpression::concats_max)
            wrong(fmt::format("at most {} concat", ODataExpression::concats_max));
        need('(');
        std::array<std::uint32_t, 3> arguments{};
        std::size_t given = 0;
        while (!error_ && given < found->most && (given == 0 || take(','))) {
            arguments[given] = argument(found->op == Op::substring && given > 0);
            ++given;
        }
        if (given < found->least) need(',');
        need(')');
        --depth_;
        if (error_) return nothing();
        if (found->op == Op::substring && given == 2)
            arguments[given++] = constant(ODataType::number, std::numeric_limits<double>::max());
        Node node;
        node.op = found->op;
        node.type = found->result;
        node.a = arguments[0];
        node.b = given > 1 ? arguments[1] : node.a;
        node.c = given > 2 ? arguments[2] : node.b;
        return add(std::move(node));
    }

    std::uint32_t argument(bool number) {
        auto const node = operand();
        if (!error_ && type(node) != (number ? ODataType::number : ODataType::text) && type(node) != ODataType::null)
            wrong(number ? "a number was expected before this" : "a text was expected before this");
        return node;
    }

    std::uint32_t path() {
        Node node;
        node.op = Op::property;
        auto const* entity = &entity_;
        if (lambda_ != nullptr && peek_word() == variable_) {
            word();
            need('/');
            node.of_lambda = true;
            entity = lambda_;
        }
        for (std::size_t step = 0; !error_; ++step) {
            auto const name = word();
            bool const first = step == 0 && !node.of_lambda;
            if (auto const property = find_property(*entity, name)) {
                node.property = &entity->properties[*property];
                node.type = node.property->type;
                return add(std::move(node));
            }
            if (first && (name == "true" || name == "false")) return constant(ODataType::boolean, name == "true");
            if (first && name == "null") return constant(ODataType::null, {});
            if (first && entity->is_open && !name.empty()) return constant(ODataType::null, {});
            auto const navigation = find_navigation(*entity, name);
            if (!navigation || step == ODataExpression::path_max || !take('/')) {
                wrong(fmt::format("{} has no field {}; there are: {}", entity->type, in_quotes(name), fields(*entity)));
                break;
            }
            auto const& way = entity->navigations[*navigation];
            node.path[step] = &way;
            entity = &way.entity();
            if (!way.many) continue;
            // A row can lead back to where it came from: each would be asked for all, the square of them.
            if (step > 0 || lambda_ != nullptr)
                wrong(fmt::format("the stand-in knows {} of the rows that are asked for only", way.name),
                      ErrorCode::unavailable);
            return of_many(std::move(node), *entity);
        }
        return nothing();
    }

    /// Behind a way to many rows: $count, any() or any(t:...), all(t:...).
    std::uint32_t of_many(Node node, ODataEntity const& entity) {
        if (take('$')) {
            if (word() != "count") wrong("$count was expected");
            node.op = Op::count;
            node.type = ODataType::number;
            return add(std::move(node));
        }
        auto const name = word();
        if (name != "any" && name != "all") wrong("this leads to many rows: $count, any or all was expected");
        node.op = name == "all" ? Op::all : Op::any;
        node.type = ODataType::boolean;
        need('(');
        if (node.op == Op::any && take(')')) {
            node.a = constant(ODataType::boolean, true);
        } else {
            variable_ = word();
            if (variable_.empty()) wrong("a name was expected, such as in any(t:t/field eq 1)");
            need(':');
            lambda_ = &entity;
            node.a = error_ ? nothing() : either();
            need_boolean(node.a);
            lambda_ = nullptr;
            need(')');
        }
        node.b = node.c = node.a;
        return error_ ? nothing() : add(std::move(node));
    }

    static std::string fields(ODataEntity const& entity) {
        std::string all;
        for (auto const& property : entity.properties) all.append(all.empty() ? "" : ", ").append(property.name);
        return all;
    }

    ODataEntity const& entity_;
    ODataEntity const* lambda_ = nullptr; ///< what variable_ is a row of, inside any and all
    std::string_view variable_;
    std::size_t depth_ = 0, concats_ = 0;
    ODataExpression out_;
};

namespace {

std::optional<Error> too_long(std::string_view text) {
    if (text.size() <= ODataExpression::text_bytes_max) return std::nullopt;
    return Error{ErrorCode::invalid,
                 fmt::format("{} bytes; at most {} are read", text.size(), ODataExpression::text_bytes_max)};
}

} // namespace

Result<ODataExpression> ODataExpression::filter(std::string_view text, ODataEntity const& entity) {
    if (auto error = too_long(text)) return std::unexpected{*std::move(error)};
    return ODataParser{text, entity}.filter();
}

Result<ODataExpression> ODataExpression::order(std::string_view text, ODataEntity const& entity) {
    if (auto error = too_long(text)) return std::unexpected{*std::move(error)};
    return ODataParser{text, entity}.order();
}

} // namespace almd
