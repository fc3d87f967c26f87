// Reading query options: the same for a request and for what stands in parentheses behind an expanded navigation.
#include "simulator/cloud/odata_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace almd {

namespace {

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

/// At separators outside of quotes and parentheses. Parentheses that do not match stay in their part.
std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0, depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\'') quoted = !quoted;
        if (quoted) continue;
        if (text[i] == '(') ++depth;
        if (text[i] == ')' && depth > 0) --depth;
        if (text[i] == separator && depth == 0) {
            parts.push_back(trimmed(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    parts.push_back(trimmed(text.substr(begin)));
    return parts;
}

class OptionReader {
public:
    OptionReader(ODataEntity const& entity, std::size_t depth)
        : entity_{entity}
        , depth_{depth} {}

    std::optional<Error> read(std::string_view name, std::string_view value) {
        if (std::ranges::find(seen_, name) != seen_.end()) return invalid(name, "is given twice");
        seen_.push_back(name);
        if (name == "$filter") return expression(name, ODataExpression::filter(value, entity_), out.filter);
        if (name == "$orderby") return expression(name, ODataExpression::order(value, entity_), out.order);
        if (name == "$top") return number(name, value, out.top);
        if (name == "$skip") return skip(value);
        if (name == "$count") return flag(name, value);
        if (name == "$select") return select(value);
        if (name == "$expand") return expand(value);
        if (name == "$format") return format(value);
        static constexpr std::string_view others[]{"$search",     "$apply", "$compute", "$skiptoken",
                                                   "$deltatoken", "$index", "$levels",  "$schemaversion"};
        if (std::ranges::find(others, name) != std::end(others))
            return Error{ErrorCode::unavailable, fmt::format("{}: the stand-in does not know this option", name)};
        return invalid(in_quotes(name),
                       "is no query option of OData; there are $filter, $orderby, $top, $skip, $count, "
                       "$select and $expand");
    }

    ODataQuery out;

private:
    static Error invalid(std::string_view name, std::string_view sentence) {
        return Error{ErrorCode::invalid, fmt::format("{}: {}", name, sentence)};
    }

    std::optional<Error> expression(std::string_view name, Result<ODataExpression> read,
                                    std::optional<ODataExpression>& into) {
        if (!read) return Error{read.error().code, fmt::format("{}: {}", name, read.error().context)};
        into = *std::move(read);
        return std::nullopt;
    }

    std::optional<Error> number(std::string_view name, std::string_view value, std::optional<std::size_t>& into) {
        std::size_t read = 0;
        auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), read);
        if (error != std::errc{} || end != value.data() + value.size() || read > ODataQuery::skip_max)
            return invalid(name, fmt::format("a number from 0 to {} was expected", ODataQuery::skip_max));
        into = read;
        return std::nullopt;
    }

    std::optional<Error> skip(std::string_view value) {
        std::optional<std::size_t> read;
        auto error = number("$skip", value, read);
        out.skip = read.value_or(0);
        return error;
    }

    std::optional<Error> flag(std::string_view name, std::string_view value) {
        if (value != "true" && value != "false") return invalid(name, "true or false was expected");
        out.count = value == "true";
        return std::nullopt;
    }

    static std::optional<Error> format(std::string_view value) {
        if (value == "json" || value.starts_with("application/json")) return std::nullopt;
        return invalid("$format", "only json is written");
    }

    std::optional<Error> select(std::string_view value) {
        for (auto const name : split(value, ',')) {
            if (name == "*") {
                for (std::size_t i = 0; i < entity_.properties.size(); ++i) selected(i);
            } else if (auto const property = find_property(entity_, name)) {
                selected(*property);
            } else if (!find_navigation(entity_, name)) { // a navigation adds nothing that is not expanded
                return invalid("$select", fmt::format("{} has no field {}", entity_.type, in_quotes(name)));
            }
        }
        return std::nullopt;
    }
    void selected(std::size_t property) {
        if (std::ranges::find(out.select, property) == out.select.end()) out.select.push_back(property);
    }

    std::optional<Error> expand(std::string_view value) {
        if (depth_ >= ODataQuery::expand_depth_max)
            return invalid("$expand", fmt::format("at most {} inside each other", ODataQuery::expand_depth_max));
        for (auto const item : split(value, ',')) {
            auto const open = item.find('(');
            auto const name = trimmed(item.substr(0, open));
            if (open != std::string_view::npos && !item.ends_with(')'))
                return invalid("$expand", "a parenthesis is not closed");
            auto const options =
                open == std::string_view::npos ? std::string_view{} : item.substr(open + 1, item.size() - open - 2);
            if (name == "*") {
                for (std::size_t i = 0; i < entity_.navigations.size(); ++i)
                    if (auto error = expanded(i, options)) return error;
            } else if (auto const navigation = find_navigation(entity_, name)) {
                if (auto error = expanded(*navigation, options)) return error;
            } else {
                return invalid("$expand", fmt::format("{} has no navigation {}", entity_.type, in_quotes(name)));
            }
        }
        return std::nullopt;
    }

    std::optional<Error> expanded(std::size_t navigation, std::string_view options) {
        if (std::ranges::find(out.expand, navigation, &ODataExpand::navigation) != out.expand.end())
            return std::nullopt;
        if (out.expand.size() == ODataQuery::expands_max) return invalid("$expand", "too many of them");
        OptionReader inner{entity_.navigations[navigation].entity(), depth_ + 1};
        if (!options.empty())
            for (auto const option : split(options, ';')) {
                auto const equals = option.find('=');
                if (equals == std::string_view::npos) return invalid("$expand", "options look like $top=5;$select=a");
                if (auto error = inner.read(trimmed(option.substr(0, equals)), trimmed(option.substr(equals + 1))))
                    return error;
            }
        out.expand.push_back({navigation, std::move(inner.out)});
        return std::nullopt;
    }

    ODataEntity const& entity_;
    std::size_t depth_;
    std::vector<std::string_view> seen_;
};

} // namespace

std::vector<std::size_t> known_fields(std::string_view select, ODataEntity const& entity) {
    std::vector<std::size_t> fields;
    for (auto const name : split(select, ','))
        if (auto const property = find_property(entity, name);
            property && std::ranges::find(fields, *property) == fields.end())
            fields.push_back(*property);
    return fields;
}

std::string next_page_options(Query const& query) {
    std::string options = "?";
    for (auto const& [name, value] : query.all())
        if (name != "$skip" && name != "$top") options += fmt::format("{}={}&", name, percent_encode(value));
    return options;
}

Result<ODataQuery> ODataQuery::parse(Query const& query, ODataEntity const& entity) {
    OptionReader reader{entity, 0};
    for (auto const& [name, value] : query.all())
        if (name.starts_with('$'))
            if (auto error = reader.read(name, trimmed(value))) return std::unexpected{*std::move(error)};
    return std::move(reader.out);
}

} // namespace almd
