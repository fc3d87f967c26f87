// Writing OData answers.
#include "proto/messages/json_writer.hpp"
#include "simulator/cloud/odata_query.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace almd {

namespace {

void write_value(JsonWriter& out, ODataValue const& value) {
    if (auto const* text = std::get_if<std::string>(&value)) return out.value(*text);
    if (auto const* flag = std::get_if<bool>(&value)) return out.value(*flag);
    if (auto const* at = std::get_if<TimePoint>(&value)) return out.value(*at);
    if (auto const* number = std::get_if<double>(&value)) {
        // Codes and counts are whole, and written so.
        bool const whole = *number == std::trunc(*number) && std::abs(*number) < 1e15;
        return whole ? out.value(std::llround(*number)) : out.value(*number);
    }
    out.value(std::optional<int>{});
}

std::vector<ODataRow> filtered(ODataQuery const& query, void const* world, std::vector<ODataRow> rows) {
    if (query.filter) std::erase_if(rows, [&](ODataRow row) { return !query.filter->matches(row, world); });
    return rows;
}

void sort_rows(ODataExpression const& order, void const* world, std::vector<ODataRow>& rows) {
    struct Keyed {
        std::vector<ODataValue> keys;
        ODataRow row;
    };
    std::vector<Keyed> keyed;
    keyed.reserve(rows.size());
    for (auto const row : rows) {
        auto& one = keyed.emplace_back();
        one.row = row;
        for (auto const& term : order.terms()) one.keys.push_back(order.value(term, row, world));
    }
    std::ranges::stable_sort(keyed, [&](Keyed const& a, Keyed const& b) {
        for (std::size_t i = 0; i < a.keys.size(); ++i) {
            auto const found = compare(a.keys[i], b.keys[i]);
            if (found != 0) return order.terms()[i].descending ? found > 0 : found < 0;
        }
        return false;
    });
    std::ranges::transform(keyed, rows.begin(), &Keyed::row);
}

struct Page {
    std::vector<ODataRow> rows;
    std::size_t total = 0, next_skip = 0, next_top = 0;
    bool more = false;
};

Page page_of(ODataQuery const& query, void const* world, std::vector<ODataRow> rows) {
    Page page;
    rows = filtered(query, world, std::move(rows));
    page.total = rows.size();
    if (query.order) sort_rows(*query.order, world, rows);
    auto const begin = std::min(query.skip, rows.size());
    auto const wanted = std::min(query.top.value_or(rows.size()), rows.size() - begin);
    auto const given = std::min(wanted, query.page_max);
    page.more = given < wanted;
    page.next_skip = begin + given;
    page.next_top = wanted - given;
    auto const first = rows.begin() + static_cast<std::ptrdiff_t>(begin);
    page.rows.assign(first, first + static_cast<std::ptrdiff_t>(given));
    return page;
}

void write_row(JsonWriter& out, ODataAnswer const& answer, ODataRow row);

void write_page(JsonWriter& out, ODataAnswer const& answer, Page const& page) {
    out.begin_array();
    for (auto const row : page.rows) {
        out.begin_object();
        write_row(out, answer, row);
        out.end_object();
    }
    out.end_array();
}

void write_row(JsonWriter& out, ODataAnswer const& answer, ODataRow row) {
    auto const& entity = answer.entity;
    if (entity.has_etag) {
        out.name(fmt::format("{}etag", answer.prefix));
        out.value(odata_etag(entity, row));
    }
    auto const write = [&](std::size_t i) {
        out.name(entity.properties[i].name);
        write_value(out, entity.properties[i].get(row));
    };
    if (answer.query.select.empty())
        for (std::size_t i = 0; i < entity.properties.size(); ++i) write(i);
    else
        for (auto const i : answer.query.select) write(i);
    for (auto const& [navigation, query] : answer.query.expand) {
        auto const& way = entity.navigations[navigation];
        std::vector<ODataRow> rows;
        way.collect(row, answer.world, rows);
        ODataAnswer const inner{way.entity(), query, answer.world, answer.prefix, {}};
        if (way.many) {
            auto const page = page_of(query, answer.world, std::move(rows));
            if (query.count) {
                out.name(fmt::format("{}{}count", way.name, answer.prefix));
                out.value(page.total);
            }
            out.name(way.name);
            write_page(out, inner, page);
        } else if (out.name(way.name); rows.empty()) {
            out.value(std::optional<int>{});
        } else {
            out.begin_object();
            write_row(out, inner, rows.front());
            out.end_object();
        }
    }
}

std::string_view edm(ODataProperty const& property) {
    switch (property.type) {
    case ODataType::boolean: return "Edm.Boolean";
    case ODataType::number: return property.is_whole ? "Edm.Int32" : "Edm.Double";
    case ODataType::guid: return "Edm.Guid";
    case ODataType::time: return "Edm.DateTimeOffset";
    default: return "Edm.String";
    }
}

void describe(std::string& out, std::string_view name_space, ODataEntity const& entity) {
    auto const to = std::back_inserter(out);
    fmt::format_to(to, R"(<EntityType Name="{}"><Key>)", entity.type);
    for (auto const& key : entity.properties.first(entity.keys))
        fmt::format_to(to, R"(<PropertyRef Name="{}"/>)", key.name);
    out += "</Key>";
    for (std::size_t i = 0; i < entity.properties.size(); ++i)
        fmt::format_to(to, R"(<Property Name="{}" Type="{}"{}/>)", entity.properties[i].name, edm(entity.properties[i]),
                       i < entity.keys ? R"( Nullable="false")" : "");
    for (auto const& way : entity.navigations)
        fmt::format_to(to, R"(<NavigationProperty Name="{}" Type="{}{}.{}{}"/>)", way.name,
                       way.many ? "Collection(" : "", name_space, way.entity().type, way.many ? ")" : "");
    out += "</EntityType>";
}

} // namespace

std::string odata_collection(ODataAnswer const& answer, std::vector<ODataRow> rows) {
    auto const page = page_of(answer.query, answer.world, std::move(rows));
    JsonWriter out{256 + page.rows.size() * 512};
    out.begin_object();
    out.name(fmt::format("{}context", answer.prefix));
    out.value(answer.context);
    if (answer.query.count) {
        out.name(fmt::format("{}count", answer.prefix));
        out.value(page.total);
    }
    out.name("value");
    write_page(out, answer, page);
    if (page.more) {
        out.name(fmt::format("{}nextLink", answer.prefix));
        out.value(fmt::format("{}$skip={}{}", answer.next, page.next_skip,
                              answer.query.top ? fmt::format("&$top={}", page.next_top) : ""));
    }
    out.end_object();
    return out.take();
}

void write_odata_rows(JsonWriter& out, ODataAnswer const& answer, std::vector<ODataRow> rows) {
    write_page(out, answer, page_of(answer.query, answer.world, std::move(rows)));
}

std::string odata_projection(ODataEntity const& entity, ODataQuery const& query, bool short_names) {
    std::string items;
    auto const add = [&items](std::string_view item) { items.append(items.empty() ? "" : ",").append(item); };
    for (auto const i : query.select) add(entity.properties[i].name);
    for (auto const& [navigation, inner] : query.expand) {
        auto const& way = entity.navigations[navigation];
        auto const nested = odata_projection(way.entity(), inner, short_names);
        if (nested.empty() && !short_names) continue;
        if (items.empty()) add("*");
        add(fmt::format("{}{}", way.name, nested.empty() ? "()" : nested));
    }
    return items.empty() ? items : fmt::format("({})", items);
}

std::size_t odata_count(ODataAnswer const& answer, std::vector<ODataRow> const& rows) {
    return filtered(answer.query, answer.world, rows).size();
}

std::string odata_entity(ODataAnswer const& answer, ODataRow row) {
    JsonWriter out{1024};
    out.begin_object();
    out.name(fmt::format("{}context", answer.prefix));
    out.value(answer.context);
    write_row(out, answer, row);
    out.end_object();
    return out.take();
}

std::string odata_etag(ODataEntity const& entity, ODataRow row) {
    JsonWriter out{1024};
    out.begin_array();
    for (auto const& property : entity.properties) write_value(out, property.get(row));
    out.end_array();
    return fmt::format("W/\"{:016x}\"", hash_text(out.take()));
}

std::string odata_metadata(std::string_view name_space, std::span<ODataEntity const* const> entities) {
    std::string out = fmt::format(
        R"(<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="{}" xmlns="http://docs.oasis-open.org/odata/ns/edm">)",
        name_space);
    for (auto const* entity : entities) describe(out, name_space, *entity);
    out += R"(<EntityContainer Name="EntityContainer">)";
    for (auto const* entity : entities) {
        if (!entity->is_set) continue;
        fmt::format_to(std::back_inserter(out), R"(<EntitySet Name="{}" EntityType="{}.{}">)", entity->set, name_space,
                       entity->type);
        for (auto const& way : entity->navigations)
            if (way.entity().is_set)
                fmt::format_to(std::back_inserter(out), R"(<NavigationPropertyBinding Path="{}" Target="{}"/>)",
                               way.name, way.entity().set);
        out += "</EntitySet>";
    }
    return out += "</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>";
}

std::string odata_service_document(std::string_view prefix, std::string_view context,
                                   std::span<ODataEntity const* const> entities) {
    JsonWriter out{512};
    out.begin_object();
    out.name(fmt::format("{}context", prefix));
    out.value(context);
    out.name("value");
    out.begin_array();
    for (auto const* entity : entities) {
        if (!entity->is_set) continue;
        out.begin_object();
        out.field("name", entity->set);
        out.field("kind", "EntitySet");
        out.field("url", entity->set);
        out.end_object();
    }
    out.end_array();
    out.end_object();
    return out.take();
}

} // namespace almd
