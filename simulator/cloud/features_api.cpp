// The Features API (row 22 and 21): reading as OData, writing with the rules of the feature's status.
#include "simulator/cloud/feature_writer.hpp"
#include "simulator/cloud/features_model.hpp"
#include "simulator/cloud/odata_service.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

std::string next_link(PublishedCall const& call) {
    std::string link;
    for (auto const& segment : call.segments) link.append(link.empty() ? "" : "/").append(percent_encode(segment));
    return link + next_page_options(call.query);
}

ODataService features_service() {
    return {"calm-features/v1", features_model::entities()};
}

HttpResponse collection(PublishedCall const& call, ODataEntity const& entity, std::vector<ODataRow> rows) {
    auto const query = ODataQuery::parse(call.query, entity);
    if (!query) return refused(query.error());
    auto const context = odata_context(call, features_service(), entity, *query, true);
    ODataAnswer const answer{entity, *query, &call.cloud, annotation_prefix(call.http), context, next_link(call)};
    return odata_response(call, 200, odata_collection(answer, std::move(rows)));
}

HttpResponse counted(PublishedCall const& call, ODataEntity const& entity, std::vector<ODataRow> const& rows) {
    auto const query = ODataQuery::parse(call.query, entity);
    if (!query) return refused(query.error());
    return odata_count_response(entity, *query, &call.cloud, rows);
}

HttpResponse single(PublishedCall const& call, ODataEntity const& entity, ODataRow row, int status = 200) {
    auto const query = ODataQuery::parse(call.query, entity);
    if (!query) return refused(query.error());
    auto const context = odata_context(call, features_service(), entity, *query, false);
    ODataAnswer const answer{entity, *query, &call.cloud, annotation_prefix(call.http), context};
    auto response = odata_response(call, status, odata_entity(answer, row));
    if (entity.has_etag) response.headers.emplace_back("ETag", odata_etag(entity, row));
    return response;
}

/// Before anything is written: how the answer is to look can be wrong as well.
std::optional<HttpResponse> check_options(PublishedCall const& call, ODataEntity const& entity) {
    auto const query = ODataQuery::parse(call.query, entity);
    return query ? std::nullopt : std::optional{refused(query.error())};
}

/// 201 with its absolute path: what a relative one means depends on a slash at the end of the request's. The sandbox, which has
/// other prefixes, takes no writes.
HttpResponse created(PublishedCall const& call, ODataEntity const& entity, ODataRow row, std::string_view key) {
    auto response = single(call, entity, row, 201);
    response.headers.emplace_back("Location", fmt::format("/api/calm-features/v1/{}/{}", entity.set, key));
    return response;
}

HttpResponse unknown_row(ODataEntity const& entity, std::string_view key) {
    return error_response(404, "NOT_FOUND", fmt::format("{} has no {}", entity.set, in_quotes(key, 80)));
}

HttpResponse gone() {
    return HttpResponse{204};
}

Result<std::vector<ODataRow>> features_of(PublishedCall const& call) {
    if (call.query.count("projectId") > 1) return fail(ErrorCode::invalid, "projectId: is given twice");
    std::optional<Uuid> project;
    if (auto const wanted = call.query.get("projectId")) { // beside the OData options, as a tenant wants it (V)
        auto const id = Uuid::parse(*wanted);
        if (!id) return fail(ErrorCode::invalid, "projectId: a UUID was expected");
        project = *id;
    }
    std::vector<ODataRow> rows;
    for (auto const& [number, feature] : call.cloud.features.all())
        if (feature.tenant == call.tenant && (!project || feature.project_id == *project)) rows.push_back(&feature);
    return rows;
}

std::vector<ODataRow> transports_of(PublishedCall const& call) {
    std::vector<ODataRow> rows;
    for (auto const& [key, transport] : call.cloud.transports.all())
        if (call.cloud.registrations.row(key.slot).tenant == call.tenant) rows.push_back(&transport);
    return rows;
}

std::vector<ODataRow> references_of(PublishedCall const& call, std::vector<FeatureReference> Feature::* list) {
    std::vector<ODataRow> rows;
    for (auto const& [number, feature] : call.cloud.features.all())
        if (feature.tenant == call.tenant)
            for (auto const& reference : feature.*list) rows.push_back(&reference);
    return rows;
}

/// The rows of a set, or nothing when there is no such set.
std::optional<Result<std::vector<ODataRow>>> rows_of(PublishedCall const& call, ODataEntity const& entity) {
    using namespace features_model;
    if (&entity == &feature()) return features_of(call);
    if (&entity == &transport()) return transports_of(call);
    if (&entity == &url_reference()) return references_of(call, &Feature::url_references);
    if (&entity == &external_reference()) return references_of(call, &Feature::external_references);
    if (&entity == &status()) return statuses();
    if (&entity == &priority()) return priorities();
    return std::nullopt;
}

ODataEntity const* set_named(std::string_view name) {
    for (auto const* entity : features_model::entities())
        if (entity->set == name) return entity;
    // The list of statuses is named both ways by public clients.
    return name == "FeatureStatuses" ? &features_model::status() : nullptr;
}

Feature* feature_at(PublishedCall const& call, std::string_view key) {
    auto const id = FeatureId::parse(key);
    auto* feature = id ? call.cloud.features.find(*id) : nullptr;
    return feature && feature->tenant == call.tenant ? feature : nullptr;
}

ODataRow row_at(PublishedCall const& call, ODataEntity const& entity, std::string_view key) {
    if (&entity == &features_model::feature()) return feature_at(call, key);
    if (&entity == &features_model::transport()) {
        auto const number = TrRequest::parse(key);
        auto const found =
            number ? call.cloud.transports.find_number(call.tenant, call.cloud.registrations, *number) : std::nullopt;
        return found ? call.cloud.transports.find(*found) : nullptr;
    }
    auto const rows = rows_of(call, entity);
    if (!rows || !*rows) return nullptr;
    auto const& key_property = entity.properties.front();
    for (auto const row : **rows) {
        auto const value = key_property.get(row);
        if (auto const* text = std::get_if<std::string>(&value); text && *text == key) return row;
        if (auto const* number = std::get_if<double>(&value); number && fmt::format("{:.0f}", *number) == key)
            return row;
    }
    return nullptr;
}

HttpResponse answer_feature(PublishedCall& call, std::string_view key) {
    auto* feature = feature_at(call, key);
    if (feature == nullptr) return unknown_row(features_model::feature(), key);
    if (!call.reads() && call.http.method != "PATCH" && call.http.method != "DELETE")
        return no_such_method(call, "GET, PATCH, DELETE");
    if (auto answer = check_etag(call, odata_etag(features_model::feature(), feature))) return *std::move(answer);
    if (call.reads()) return single(call, features_model::feature(), feature);
    if (call.http.method == "PATCH") {
        if (auto refusal = check_options(call, features_model::feature())) return *std::move(refusal);
        auto const changed = change_feature(call.cloud, *feature, call.http.body);
        return changed ? single(call, features_model::feature(), feature) : refused(changed.error());
    }
    // Its result would find nobody: what a creation made would belong to no feature.
    if (auto const* open = call.cloud.open_work_of(*feature))
        return refused({ErrorCode::conflict, fmt::format("feature {}: work \"{}\" is {}; wait until it has ended, or "
                                                         "cancel it",
                                                         feature->display_id(), name(open->item.kind), open->state())});
    if (auto done = call.cloud.features.remove(feature->id); !done) return refused(done.error());
    return gone();
}

/// A list of references of a feature can be added to.
HttpResponse add_reference(PublishedCall const& call, Feature& feature, ReferenceKind kind) {
    auto const& entity =
        kind == ReferenceKind::url ? features_model::url_reference() : features_model::external_reference();
    if (auto refusal = check_options(call, entity)) return *std::move(refusal);
    auto const added = add_reference(call.cloud, feature, kind, call.http.body);
    if (!added) return refused(added.error());
    auto key = percent_encode((*added)->id);
    if (kind == ReferenceKind::external) key += "/" + feature.id.text();
    return created(call, entity, *added, key);
}

HttpResponse answer_way(PublishedCall& call, ODataEntity const& entity, ODataRow row, std::string_view way_name) {
    auto const position = find_navigation(entity, way_name);
    if (way_name == "toTaskAssignments") return not_here("the fields of task assignments are not public");
    if (!position) return no_such_path(call);
    auto const& way = entity.navigations[*position];
    if (call.http.method == "POST" && &entity == &features_model::feature()) {
        auto* feature = feature_at(call, call.segments[1]);
        if (way_name == "toURLReferences") return add_reference(call, *feature, ReferenceKind::url);
        if (way_name == "toExternalReferences") return add_reference(call, *feature, ReferenceKind::external);
    }
    if (!call.reads()) return no_such_method(call, way_name.ends_with("References") ? "GET, POST" : "GET");
    std::vector<ODataRow> rows;
    way.collect(row, &call.cloud, rows);
    if (call.segments.size() == 4)
        return call.segments[3] == "$count" && way.many ? counted(call, way.entity(), rows) : no_such_path(call);
    if (way.many) return collection(call, way.entity(), std::move(rows));
    if (rows.empty() && way_name == "parent")
        return error_response(404, "NOT_FOUND", "this transport is not assigned to a feature");
    return rows.empty() ? gone() : single(call, way.entity(), rows.front());
}

/// Row 24 of the collection of SAP: URLReferences/{uuid}, ExternalReferences/{id}/{featureUuid}.
HttpResponse answer_reference(PublishedCall& call, ReferenceKind kind) {
    auto const& entity =
        kind == ReferenceKind::url ? features_model::url_reference() : features_model::external_reference();
    auto const& list = kind == ReferenceKind::url ? &Feature::url_references : &Feature::external_references;
    if (call.segments.size() == 1) {
        if (call.http.method != "POST") return no_such_method(call, "GET, POST");
        auto const parent = parent_of_reference(call.http.body, kind);
        if (!parent) return refused(parent.error());
        auto* feature = feature_at(call, parent->text());
        if (feature == nullptr) return refused({ErrorCode::not_found, "parentUuid: there is no such feature"});
        return add_reference(call, *feature, kind);
    }
    auto const id =
        kind == ReferenceKind::url ? Uuid::parse(call.segments[1]).value_or(Uuid{}).text() : call.segments[1];
    for (auto const row : references_of(call, list)) {
        auto const& reference = *static_cast<FeatureReference const*>(row);
        if (reference.id != id) continue;
        if (call.segments.size() == 3 && FeatureId::parse(call.segments[2]).value_or(FeatureId{}) != reference.feature)
            continue;
        if (call.reads()) return single(call, entity, row);
        if (call.http.method != "DELETE") return no_such_method(call, "GET, DELETE");
        (void)drop_references(call.cloud, *call.cloud.features.find(reference.feature), list, id);
        return gone();
    }
    return unknown_row(entity, call.segments[1]);
}

/// Takes a value off the front: what stands up to a comma, or in quotes, where a quote is doubled.
std::string take_value(std::string_view& text) {
    std::string value;
    if (!text.starts_with('\'')) {
        value = text.substr(0, text.find(','));
        text.remove_prefix(value.size());
        return value;
    }
    text.remove_prefix(1);
    while (!text.empty() && (!text.starts_with('\'') || text.starts_with("''"))) {
        value += text.front();
        text.remove_prefix(text.front() == '\'' ? 2 : 1);
    }
    text.remove_prefix(text.empty() ? 0 : 1);
    return value;
}

/// "id='it''s',parentUuid=710b..." in any order: the values in the order of the entity's key. A key of one part needs no name.
Result<std::vector<std::string>> read_key(std::string_view text, ODataEntity const& entity) {
    auto const parts = entity.properties.first(entity.keys);
    std::string names;
    for (auto const& part : parts) names.append(names.empty() ? "" : " and ").append(part.name);
    auto const wrong = fail(ErrorCode::invalid, fmt::format("{}: the key is {}", entity.set, names));
    std::vector<std::optional<std::string>> values(parts.size());
    for (bool more = true; more;) {
        std::size_t position = parts.size() > 1 ? parts.size() : 0;
        if (auto const end = text.find_first_of("='"); end != std::string_view::npos && text[end] == '=') {
            auto const found = std::ranges::find(parts, text.substr(0, end), &ODataProperty::name);
            position = static_cast<std::size_t>(found - parts.begin());
            text.remove_prefix(end + 1);
        }
        if (position == parts.size() || values[position]) return wrong;
        values[position] = take_value(text);
        more = text.starts_with(',');
        if (more) text.remove_prefix(1);
    }
    std::vector<std::string> key;
    for (auto& value : values)
        if (value) key.push_back(*std::move(value));
    if (!text.empty() || key.size() != parts.size()) return wrong;
    return key;
}

/// "Features(710b...)" and "Features(uuid=710b...)" say the same as "Features/710b...".
Result<void> open_parentheses(std::vector<std::string>& segments) {
    if (segments.empty() || !segments[0].ends_with(')')) return {};
    auto const open = segments[0].find('(');
    if (open == std::string::npos) return {};
    auto const* entity = set_named(std::string_view{segments[0]}.substr(0, open));
    if (entity == nullptr) return {};
    auto const key = read_key(std::string_view{segments[0]}.substr(open + 1, segments[0].size() - open - 2), *entity);
    if (!key) return std::unexpected{key.error()};
    segments[0].resize(open);
    segments.insert(segments.begin() + 1, key->begin(), key->end());
    return {};
}

} // namespace

HttpResponse answer_features(PublishedCall& call) {
    if (auto opened = open_parentheses(call.segments); !opened) return refused(opened.error());
    auto const& path = call.segments;
    if (path.empty()) return odata_sets_response(call, features_service());
    if (path[0] == "$metadata") return odata_model_response(features_service());
    if (call.is_packed()) return odata_packed_response(call);
    if (path[0] == "TaskAssignments") return not_here("the fields of task assignments are not public");
    auto const* entity = set_named(path[0]);
    if (entity == nullptr || path.size() > 4) return no_such_path(call);
    if (path.size() == 1 && call.reads()) {
        auto rows = rows_of(call, *entity);
        if (!rows)
            return not_here(fmt::format(
                "{} alone, because whether a tenant lists them is not public; ask for them through a feature",
                path[0]));
        if (!*rows) return refused(rows->error());
        return collection(call, *entity, **std::move(rows));
    }
    if (path.size() == 2 && path[1] == "$count" && call.reads()) {
        auto const rows = rows_of(call, *entity);
        if (!rows || !*rows) return rows ? refused(rows->error()) : no_such_path(call);
        return counted(call, *entity, **rows);
    }
    if (entity == &features_model::url_reference()) return answer_reference(call, ReferenceKind::url);
    if (entity == &features_model::external_reference()) return answer_reference(call, ReferenceKind::external);
    bool const is_feature = entity == &features_model::feature();
    if (path.size() == 1) {
        if (!is_feature || call.http.method != "POST") return no_such_method(call, is_feature ? "GET, POST" : "GET");
        if (auto refusal = check_options(call, *entity)) return *std::move(refusal);
        auto const made = create_feature(call.cloud, call.tenant, call.http.body);
        return made ? created(call, *entity, *made, (*made)->id.text()) : refused(made.error());
    }
    if (path.size() == 2 && is_feature) return answer_feature(call, path[1]);
    auto const row = row_at(call, *entity, path[1]);
    if (row == nullptr) return unknown_row(*entity, path[1]);
    if (path.size() > 2) return answer_way(call, *entity, row, path[2]);
    return call.reads() ? single(call, *entity, row) : no_such_method(call, "GET");
}

} // namespace almd
