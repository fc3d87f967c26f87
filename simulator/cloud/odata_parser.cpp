// Reading $filter and $orderby: recursive descent with a bound on depth, nodes and bytes.
#include "proto/ids.hpp"
#include "simulator/cloud/odata_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace almd {

namespace {

bool word_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

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

/// "2026-11-22" is midnight UTC.
Result<TimePoint> parse_moment(std::string_view text) {
    return parse_rfc3339(text.size() == 10 ? fmt::format("{}T00:00:00Z", text) : std::string{text});
}

} // namespace

class ODataParser {
public:
    using Op = ODataExpression::Op;
    using Node = ODataExpression::Node;

    ODataParser(std::string_view text, ODataEntity const& entity)
        : text_{text}
        , entity_{entity} {}

    Result<ODataExpression> filter() {
        auto const root = either();
        if (!error_ && out_.nodes_[root].type != ODataType::boolean) wrong("a filter must be true or false");
        spaces();
        if (!error_ && at_ < text_.size()) wrong("and, or, or the end was expected");
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
        spaces();
        if (!error_ && at_ < text_.size()) wrong("asc, desc, a comma or the end was expected");
        if (error_) return std::unexpected{*error_};
        return std::move(out_);
    }

private:
    void wrong(std::string_view sentence, ErrorCode code = ErrorCode::invalid) {
        if (!error_) error_ = Error{code, fmt::format("at position {}: {}", at_ + 1, sentence)};
    }

    void spaces() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    }
    bool take(char c) {
        spaces();
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    void need(char c) {
        if (!take(c)) wrong(fmt::format("\"{}\" was expected", c));
    }
    std::string_view peek_word() {
        spaces();
        auto end = at_;
        while (end < text_.size() && word_char(text_[end])) ++end;
        return text_.substr(at_, end - at_);
    }
    std::string_view word() {
        auto const found = peek_word();
        at_ += found.size();
        return found;
    }

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
        node.b = b;
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
        spaces();
        if (at_ >= text_.size()) {
            wrong("a field or a value was expected");
            return nothing();
        }
        auto const c = text_[at_];
        if (c == '\'') return text_literal();
        if (auto const guid = guid_ahead()) return *guid;
        if ((c >= '0' && c <= '9') || c == '-' || c == '+') return number_or_time();
        auto const first = peek_word();
        if (first.empty()) {
            wrong("a field or a value was expected");
            return nothing();
        }
        if (at_ + first.size() < text_.size() && text_[at_ + first.size()] == '(') return function(word());
        return path();
    }

    std::uint32_t literal(ODataType type, ODataValue value) {
        Node node;
        node.type = type;
        node.literal = std::move(value);
        return add(std::move(node));
    }

    std::uint32_t text_literal() {
        std::string value;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] != '\'') {
                value += text_[at_];
            } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
                value += text_[++at_]; // a quote inside is doubled
            } else {
                ++at_;
                return literal(ODataType::text, std::move(value));
            }
        }
        wrong("a quote is not closed");
        return nothing();
    }

    std::optional<std::uint32_t> guid_ahead() {
        constexpr std::size_t guid_bytes = 36;
        auto const candidate = text_.substr(at_, guid_bytes);
        if (candidate.size() != guid_bytes || candidate[8] != '-') return std::nullopt;
        auto const id = Uuid::parse(candidate);
        if (!id) return std::nullopt;
        at_ += guid_bytes;
        return literal(ODataType::guid, id->text());
    }

    std::uint32_t number_or_time() {
        auto end = at_;
        auto const part = [](char c) { return word_char(c) || c == '-' || c == '+' || c == '.' || c == ':'; };
        while (end < text_.size() && part(text_[end])) ++end;
        auto const found = text_.substr(at_, end - at_);
        if (found.size() >= 10 && found[4] == '-') {
            if (auto const at = parse_moment(found)) {
                at_ = end;
                return literal(ODataType::time, *at);
            }
        } else {
            auto const digits = found.front() == '+' ? found.substr(1) : found;
            double value = 0;
            auto const [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
            if (error == std::errc{} && stop == digits.data() + digits.size()) {
                at_ = end;
                return literal(ODataType::number, value);
            }
        }
        wrong("this is neither a number nor a time");
        return nothing();
    }

    std::uint32_t function(std::string_view name) {
        static constexpr std::pair<std::string_view, Op> tests[]{
            {"contains", Op::contains}, {"startswith", Op::startswith}, {"endswith", Op::endswith}};
        static constexpr std::pair<std::string_view, Op> changes[]{{"tolower", Op::tolower}, {"toupper", Op::toupper}};
        if (++depth_ > ODataExpression::depth_max) wrong("too many functions inside each other");
        std::uint32_t result = 0;
        auto const test = std::ranges::find(tests, name, &std::pair<std::string_view, Op>::first);
        auto const change = std::ranges::find(changes, name, &std::pair<std::string_view, Op>::first);
        if (error_ || (test == std::end(tests) && change == std::end(changes))) {
            wrong(fmt::format("the stand-in knows contains, startswith, endswith, tolower and toupper, not {}", name),
                  ErrorCode::unavailable);
            result = nothing();
        } else {
            need('(');
            auto const a = text_operand();
            if (test != std::end(tests)) {
                need(',');
                auto const b = text_operand();
                result = binary(test->second, a, b);
            } else {
                result = binary(change->second, a, a);
                out_.nodes_[result].type = ODataType::text;
            }
            need(')');
        }
        --depth_;
        return result;
    }

    std::uint32_t text_operand() {
        if (error_) return 0;
        auto const node = operand();
        if (!error_ && type(node) != ODataType::text && type(node) != ODataType::null)
            wrong("a text was expected before this");
        return node;
    }

    std::uint32_t path() {
        Node node;
        node.op = Op::property;
        auto const* entity = &entity_;
        for (std::size_t step = 0;; ++step) {
            auto const name = word();
            if (auto const property = find_property(*entity, name)) {
                node.property = &entity->properties[*property];
                node.type = node.property->type;
                return add(std::move(node));
            }
            if (step == 0 && (name == "true" || name == "false")) return literal(ODataType::boolean, name == "true");
            if (step == 0 && name == "null") return literal(ODataType::null, {});
            if (step == 0 && entity->is_open && !name.empty()) return literal(ODataType::null, {});
            auto const navigation = find_navigation(*entity, name);
            if (!navigation || step == ODataExpression::path_max || !take('/')) {
                wrong(fmt::format("{} has no field {}; there are: {}", entity->type, in_quotes(name), fields(*entity)));
                return nothing();
            }
            auto const& way = entity->navigations[*navigation];
            if (way.many) {
                wrong(fmt::format("{} has many rows; the stand-in does not know any and all", way.name),
                      ErrorCode::unavailable);
                return nothing();
            }
            node.path[step] = &way;
            entity = &way.entity();
        }
    }

    static std::string fields(ODataEntity const& entity) {
        std::string all;
        for (auto const& property : entity.properties) all.append(all.empty() ? "" : ", ").append(property.name);
        return all;
    }

    std::string_view text_;
    ODataEntity const& entity_;
    std::size_t at_ = 0, depth_ = 0;
    ODataExpression out_;
    std::optional<Error> error_;
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
