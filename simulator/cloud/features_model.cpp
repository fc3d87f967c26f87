// Properties and ways of the Features API. Names of a feature's fields are V; those of a transport are U at SAP and ours (I).
#include "simulator/cloud/features_model.hpp"

#include "simulator/cloud/cloud_state.hpp"

#include <array>

namespace almd::features_model {

namespace {

struct CodeRow {
    std::string_view code, name;
};
struct PriorityRow {
    int code;
    std::string_view name;
};
constexpr std::array<PriorityRow, 4> priority_rows{{{10, "Very High"}, {20, "High"}, {30, "Medium"}, {40, "Low"}}};

std::array<CodeRow, 7> const& status_rows() {
    static auto const rows = [] {
        std::array<CodeRow, 7> all;
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = {code(static_cast<FeatureStatus>(i)), label(static_cast<FeatureStatus>(i))};
        return all;
    }();
    return rows;
}

template <class T>
T const& as(ODataRow row) {
    return *static_cast<T const*>(row);
}
CloudState const& state(void const* world) {
    return *static_cast<CloudState const*>(world);
}

ODataValue or_null(std::string const& text) {
    return text.empty() ? ODataValue{} : ODataValue{text};
}
ODataValue text(std::string_view value) {
    return std::string{value};
}

constexpr ODataProperty status_properties[]{
    {"code", ODataType::text, [](ODataRow row) { return text(as<CodeRow>(row).code); }},
    {"name", ODataType::text, [](ODataRow row) { return text(as<CodeRow>(row).name); }},
};
constexpr ODataProperty priority_properties[]{
    {"code", ODataType::number, [](ODataRow row) -> ODataValue { return double(as<PriorityRow>(row).code); }},
    {"name", ODataType::text, [](ODataRow row) { return text(as<PriorityRow>(row).name); }},
};
constexpr ODataEntity status_entity{"FeatureStatus", "FeatureStatus", status_properties, {}};
constexpr ODataEntity priority_entity{"FeaturePriority", "FeaturePriorities", priority_properties, {}};

constexpr ODataProperty project_properties[]{
    {"id", ODataType::guid, [](ODataRow row) { return text(as<Project>(row).id.text()); }},
    {"name", ODataType::text, [](ODataRow row) { return text(as<Project>(row).name); }},
};
constexpr ODataEntity project_entity{"Project", "Projects", project_properties, {}, 1, false};

// Scopes, releases and workstreams are not kept here: a feature has their IDs, and the ways lead nowhere.
constexpr ODataProperty nowhere_properties[]{
    {"id", ODataType::text, [](ODataRow) { return ODataValue{}; }},
    {"name", ODataType::text, [](ODataRow) { return ODataValue{}; }},
};
constexpr ODataEntity scope_entity{"Scope", "Scopes", nowhere_properties, {}, 1, false};
constexpr ODataEntity release_entity{"Release", "Releases", nowhere_properties, {}, 1, false};
constexpr ODataEntity workstream_entity{"Workstream", "Workstreams", nowhere_properties, {}, 1, false};
void lead_nowhere(ODataRow, void const*, std::vector<ODataRow>&) {
}

constexpr ODataProperty url_properties[]{
    {"uuid", ODataType::guid, [](ODataRow row) { return text(as<FeatureReference>(row).id); }},
    {"parentUuid", ODataType::guid, [](ODataRow row) { return text(as<FeatureReference>(row).feature.text()); }},
    {"name", ODataType::text, [](ODataRow row) { return or_null(as<FeatureReference>(row).name); }},
    {"url", ODataType::text, [](ODataRow row) { return or_null(as<FeatureReference>(row).url); }},
};
constexpr ODataProperty external_properties[]{
    {"id", ODataType::text, [](ODataRow row) { return text(as<FeatureReference>(row).id); }},
    {"parentUuid", ODataType::guid, [](ODataRow row) { return text(as<FeatureReference>(row).feature.text()); }},
    {"name", ODataType::text, [](ODataRow row) { return or_null(as<FeatureReference>(row).name); }},
    {"url", ODataType::text, [](ODataRow row) { return or_null(as<FeatureReference>(row).url); }},
};
// Their fields are U at SAP and ours (I).
constexpr ODataEntity transport_reference_entity{
    "TransportReference", "TransportReferences", url_properties, {}, 1, false};
constexpr ODataEntity url_entity{"URLReference", "URLReferences", url_properties, {}};
constexpr ODataEntity external_entity{"ExternalReference", "ExternalReferences", external_properties, {}, 2};

constexpr ODataProperty transport_properties[]{
    {"transportId", ODataType::text, [](ODataRow row) { return text(as<CloudTransport>(row).record.trkorr.text()); }},
    {"featureUuid", ODataType::guid,
     [](ODataRow row) {
         auto const& feature = as<CloudTransport>(row).feature;
         return feature ? text(feature->text()) : ODataValue{};
     }},
    {"description", ODataType::text, [](ODataRow row) { return text(as<CloudTransport>(row).record.text); }},
    {"type", ODataType::text,
     [](ODataRow row) -> ODataValue {
         return std::string{static_cast<char>(as<CloudTransport>(row).record.function)};
     }},
    {"status", ODataType::text, [](ODataRow row) { return text(as<CloudTransport>(row).status_text()); }},
    {"owner", ODataType::text, [](ODataRow row) { return text(as<CloudTransport>(row).record.owner); }},
    {"sourceSystem", ODataType::text,
     [](ODataRow row) { return text(as<CloudTransport>(row).record.source_system.text()); }},
    {"sourceClient", ODataType::text,
     [](ODataRow row) { return text(as<CloudTransport>(row).record.source_client.text()); }},
    {"createdAt", ODataType::time,
     [](ODataRow row) -> ODataValue { return as<CloudTransport>(row).record.created_at; }},
    {"releasedAt", ODataType::time,
     [](ODataRow row) -> ODataValue {
         auto const& at = as<CloudTransport>(row).record.released_at;
         return at ? ODataValue{*at} : ODataValue{};
     }},
};
constexpr ODataNavigation transport_ways[]{
    {"parent", feature, false, [](ODataRow row, void const* world, std::vector<ODataRow>& out) {
         if (auto const& id = as<CloudTransport>(row).feature)
             if (auto const* found = state(world).features.find(*id)) out.push_back(found);
     }}};
constexpr ODataEntity transport_entity{"Transport", "Transports", transport_properties, transport_ways};

constexpr ODataProperty feature_properties[]{
    {"uuid", ODataType::guid, [](ODataRow row) { return text(as<Feature>(row).id.text()); }},
    {"displayId", ODataType::text, [](ODataRow row) { return text(as<Feature>(row).display_id()); }},
    {"title", ODataType::text, [](ODataRow row) { return text(as<Feature>(row).title); }},
    {"description", ODataType::text, [](ODataRow row) { return or_null(as<Feature>(row).description); }},
    {"projectId", ODataType::guid, [](ODataRow row) { return text(as<Feature>(row).project_id.text()); }},
    {"statusCode", ODataType::text, [](ODataRow row) { return text(code(as<Feature>(row).status)); }},
    {"priorityCode", ODataType::number, [](ODataRow row) -> ODataValue { return double(as<Feature>(row).priority); }},
    {"releaseId", ODataType::text, [](ODataRow row) { return or_null(as<Feature>(row).release_id); }},
    {"scopeId", ODataType::text, [](ODataRow row) { return or_null(as<Feature>(row).scope_id); }},
    {"responsibleId", ODataType::text, [](ODataRow row) { return or_null(as<Feature>(row).responsible_id); }},
    {"workstreamId", ODataType::text, [](ODataRow row) { return or_null(as<Feature>(row).workstream_id); }},
    {"type", ODataType::text, [](ODataRow row) { return or_null(as<Feature>(row).type); }},
    {"tags", ODataType::text, [](ODataRow row) { return or_null(as<Feature>(row).tags); }},
    {"createdAt", ODataType::time, [](ODataRow row) -> ODataValue { return as<Feature>(row).created_at; }},
    {"modifiedAt", ODataType::time, [](ODataRow row) -> ODataValue { return as<Feature>(row).modified_at; }},
};
constexpr ODataNavigation feature_ways[]{
    {"toStatus", status, false,
     [](ODataRow row, void const*, std::vector<ODataRow>& out) {
         out.push_back(&status_rows()[static_cast<std::size_t>(as<Feature>(row).status)]);
     }},
    {"toPriority", priority, false,
     [](ODataRow row, void const*, std::vector<ODataRow>& out) {
         for (auto const& one : priority_rows)
             if (one.code == as<Feature>(row).priority) out.push_back(&one);
     }},
    {"toProject", [] -> ODataEntity const& { return project_entity; }, false,
     [](ODataRow row, void const* world, std::vector<ODataRow>& out) {
         auto const& it = as<Feature>(row);
         if (auto const* project = state(world).projects.find(it.tenant, it.project_id)) out.push_back(project);
     }},
    {"toScope", [] -> ODataEntity const& { return scope_entity; }, false, lead_nowhere},
    {"toRelease", [] -> ODataEntity const& { return release_entity; }, false, lead_nowhere},
    {"toWorkstream", [] -> ODataEntity const& { return workstream_entity; }, false, lead_nowhere},
    {"toTransports", transport, true,
     [](ODataRow row, void const* world, std::vector<ODataRow>& out) {
         for (auto const& key : as<Feature>(row).transports)
             if (auto const* found = state(world).transports.find(key)) out.push_back(found);
     }},
    {"toTransportReferences", [] -> ODataEntity const& { return transport_reference_entity; }, true,
     [](ODataRow row, void const*, std::vector<ODataRow>& out) {
         for (auto const& one : as<Feature>(row).transport_references) out.push_back(&one);
     }},
    {"toURLReferences", url_reference, true,
     [](ODataRow row, void const*, std::vector<ODataRow>& out) {
         for (auto const& one : as<Feature>(row).url_references) out.push_back(&one);
     }},
    {"toExternalReferences", external_reference, true,
     [](ODataRow row, void const*, std::vector<ODataRow>& out) {
         for (auto const& one : as<Feature>(row).external_references) out.push_back(&one);
     }},
};
constexpr ODataEntity feature_entity{.type = "Feature",
                                     .set = "Features",
                                     .properties = feature_properties,
                                     .navigations = feature_ways,
                                     .has_etag = true};

constexpr ODataEntity const* all_entities[]{&feature_entity,
                                            &transport_entity,
                                            &url_entity,
                                            &external_entity,
                                            &status_entity,
                                            &priority_entity,
                                            &project_entity,
                                            &scope_entity,
                                            &release_entity,
                                            &workstream_entity,
                                            &transport_reference_entity};

} // namespace

ODataEntity const& feature() {
    return feature_entity;
}
ODataEntity const& transport() {
    return transport_entity;
}
ODataEntity const& url_reference() {
    return url_entity;
}
ODataEntity const& external_reference() {
    return external_entity;
}
ODataEntity const& status() {
    return status_entity;
}
ODataEntity const& priority() {
    return priority_entity;
}

std::span<ODataEntity const* const> entities() {
    return all_entities;
}

std::vector<ODataRow> statuses() {
    std::vector<ODataRow> rows;
    for (auto const& row : status_rows()) rows.push_back(&row);
    return rows;
}

std::vector<ODataRow> priorities() {
    std::vector<ODataRow> rows;
    for (auto const& row : priority_rows) rows.push_back(&row);
    return rows;
}

} // namespace almd::features_model
