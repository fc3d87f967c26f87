// Filter, sort and page over rows that are made one at a time.
#include "proto/http/listing.hpp"

#include "proto/http/wildcard.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace almd {

namespace {

using Json = nlohmann::json;

constexpr std::size_t limit_default = 100, limit_max = 10'000;

char fold(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string folded(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), fold);
    return out;
}

/// What a person types to find this value: strings without quotes, null as nothing.
std::string text_of(Json const& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return {};
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

struct Filter {
    std::string field;
    std::vector<std::string> patterns; ///< one of them must fit

    bool accepts_one(Json const& value) const {
        auto const text = text_of(value);
        return std::ranges::any_of(patterns, [&](auto const& pattern) { return fits_wildcard(pattern, text); });
    }
    bool accepts(Json const& row) const {
        auto const found = row.find(field);
        if (found == row.end()) return accepts_one(nullptr);
        if (found->is_array())
            return std::ranges::any_of(*found, [&](auto const& element) { return accepts_one(element); });
        return accepts_one(*found);
    }
};

struct SortKey {
    std::string field;
    bool descending = false;
};

struct Plan {
    std::vector<Filter> filters;
    std::vector<SortKey> order;
    std::string needle; ///< of `q`, folded
    std::size_t offset = 0, limit = limit_default;

    bool filtered() const { return !filters.empty() || !needle.empty(); }

    bool accepts(Json const& row) const {
        for (auto const& filter : filters)
            if (!filter.accepts(row)) return false;
        if (needle.empty()) return true;
        return std::ranges::any_of(row.items(), [&](auto const& item) {
            return folded(text_of(item.value())).find(needle) != std::string::npos;
        });
    }
};

/// A row that is still in the race for the page: its sort values and where to get it again.
struct Candidate {
    std::vector<Json> keys;
    std::size_t index;
};

struct Before {
    std::vector<SortKey> const& order;

    bool operator()(Candidate const& a, Candidate const& b) const {
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (a.keys[i] == b.keys[i]) continue;
            return order[i].descending ? b.keys[i] < a.keys[i] : a.keys[i] < b.keys[i];
        }
        return a.index < b.index; // equal rows keep the source's order
    }
};

std::vector<std::string> split_commas(std::string_view text) {
    std::vector<std::string> parts;
    for (;;) {
        auto const comma = text.find(',');
        parts.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

std::string joined(std::vector<std::string> const& words) {
    return fmt::format("{}", fmt::join(words, ", "));
}

Error unknown_field(std::string_view what, std::vector<std::string> const& fields) {
    return Error{ErrorCode::invalid,
                 fmt::format("unknown field {:?}; allowed are {} (and sort, offset, limit, q)", what, joined(fields))};
}

Result<std::size_t> parse_count(std::string_view name, std::string_view text) {
    std::size_t value = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size() || text.empty())
        return fail(ErrorCode::invalid, fmt::format("{} must be a whole number of 0 or more, not {:?}", name, text));
    return value;
}

Result<void> apply(Plan& plan, std::string const& name, std::string const& value,
                   std::vector<std::string> const& fields) {
    auto const known = [&](std::string_view field) { return std::ranges::find(fields, field) != fields.end(); };
    if (name == "q") {
        plan.needle = folded(value);
    } else if (name == "offset" || name == "limit") {
        auto const count = parse_count(name, value);
        if (!count) return std::unexpected{count.error()};
        if (name == "limit" && *count > limit_max)
            return fail(ErrorCode::invalid, fmt::format("limit must be at most {}, not {}", limit_max, *count));
        (name == "limit" ? plan.limit : plan.offset) = *count;
    } else if (name == "sort") {
        for (auto& field : split_commas(value)) {
            bool const descending = field.starts_with('-');
            if (descending) field.erase(0, 1);
            if (!known(field)) return std::unexpected{unknown_field(field, fields)};
            plan.order.push_back(SortKey{std::move(field), descending});
        }
    } else if (known(name)) {
        plan.filters.push_back(Filter{name, split_commas(value)});
    } else {
        return std::unexpected{unknown_field(name, fields)};
    }
    return {};
}

struct Page {
    std::vector<Json> items;
    std::size_t total = 0;
};

std::size_t page_end(Plan const& plan, std::size_t size) {
    return std::min(size, std::min(plan.offset, size) + plan.limit);
}

Page in_source_order(Plan const& plan, ListSource const& source) {
    Page page;
    if (!plan.filtered()) { // only the page's rows are made, however long the list is
        page.total = source.size;
        for (auto i = plan.offset; i < page_end(plan, source.size); ++i) page.items.push_back(source.row(i));
        return page;
    }
    for (std::size_t i = 0; i < source.size; ++i) {
        Json row = source.row(i);
        if (!plan.accepts(row)) continue;
        if (page.total >= plan.offset && page.items.size() < plan.limit) page.items.push_back(std::move(row));
        ++page.total;
    }
    return page;
}

/// Keeps sort values, not rows, and never more than twice what the page needs: a million rows cost a million
/// short-lived rows, but not their memory.
Page sorted(Plan const& plan, ListSource const& source) {
    Page page;
    Before const before{plan.order};
    auto const keep = page_end(plan, source.size);
    std::vector<Candidate> race;
    auto const cut = [&] {
        if (race.size() <= keep) return;
        std::ranges::nth_element(race, race.begin() + static_cast<std::ptrdiff_t>(keep), before);
        race.erase(race.begin() + static_cast<std::ptrdiff_t>(keep), race.end());
    };
    for (std::size_t i = 0; i < source.size; ++i) {
        Json row = source.row(i);
        if (plan.filtered() && !plan.accepts(row)) continue;
        ++page.total;
        Candidate candidate{{}, i};
        for (auto const& key : plan.order) {
            auto const found = row.find(key.field);
            candidate.keys.push_back(found == row.end() ? Json{} : std::move(*found));
        }
        race.push_back(std::move(candidate));
        if (race.size() >= 2 * keep + 1024) cut();
    }
    cut();
    std::ranges::sort(race, before);
    for (auto i = plan.offset; i < race.size() && page.items.size() < plan.limit; ++i)
        page.items.push_back(source.row(race[i].index));
    return page;
}

} // namespace

HttpResponse list_response(Query const& query, ListSource const& source) {
    Plan plan;
    for (auto const& [name, value] : query.all())
        if (auto const applied = apply(plan, name, value, source.fields); !applied)
            return error_response(400, "INVALID_PARAMETER", applied.error().context, name);

    auto page = plan.order.empty() ? in_source_order(plan, source) : sorted(plan, source);
    Json body;
    body["items"] = std::move(page.items);
    body["total"] = page.total;
    return json_response(200, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

} // namespace almd
