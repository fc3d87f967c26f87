// Reading the bodies of the Features API and applying them.
#include "simulator/cloud/feature_writer.hpp"

#include "proto/schema/json_text.hpp"
#include "simulator/kernel/characters.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace almd {

namespace {

constexpr std::size_t short_text_max = 1'000, description_max = 100'000;

using Kind = JsonText::Kind;

/// What a body asks for; nothing: leave as it is.
struct FeatureWish {
    std::optional<std::string> title, description, release_id, scope_id, responsible_id, workstream_id, type, tags;
    std::optional<Uuid> project;
    std::optional<FeatureStatus> status;
    std::optional<int> priority;
    std::vector<FeatureReference> url_references, external_references;
};

Error wrong_field(JsonText const& json, std::uint32_t at, std::string_view sentence) {
    return {ErrorCode::invalid, fmt::format("{}: {}", json.path(at), sentence)};
}

Result<std::string> body_text(JsonText const& json, std::uint32_t at, std::size_t max) {
    if (json[at].kind == Kind::null) return std::string{};
    if (json[at].kind != Kind::string) return std::unexpected{wrong_field(json, at, "a text was expected")};
    if (json[at].text.size() > max)
        return std::unexpected{wrong_field(json, at, fmt::format("at most {} bytes are taken", max))};
    return std::string{json[at].text};
}

Result<void> check_reference(ReferenceKind kind, FeatureReference const& reference) {
    if (kind == ReferenceKind::external && reference.id.empty())
        return fail(ErrorCode::invalid, "id: an external reference needs one, such as jira:ABC-123");
    if (kind == ReferenceKind::url && reference.url.empty())
        return fail(ErrorCode::invalid, "url: a URL reference needs one");
    if (kind == ReferenceKind::transport && reference.name.empty())
        return fail(ErrorCode::invalid, "name: a transport reference needs one");
    for (auto const* text : {&reference.id, &reference.name, &reference.url})
        if (text->size() > short_text_max)
            return fail(ErrorCode::invalid, fmt::format("a reference has texts of at most {} bytes", short_text_max));
    return {};
}

Result<FeatureReference> reference_at(JsonText const& json, std::uint32_t object, ReferenceKind kind) {
    if (json[object].kind != Kind::object) return std::unexpected{wrong_field(json, object, "an object was expected")};
    FeatureReference reference;
    for (auto at = object + 1; at < json[object].next; at = json[at].next) {
        auto const key = json[at].key;
        auto text = body_text(json, at, short_text_max);
        if (!text) return std::unexpected{text.error()};
        if (key == "name")
            reference.name = *std::move(text);
        else if (key == "url")
            reference.url = *std::move(text);
        else if (key == "id" && kind == ReferenceKind::external)
            reference.id = *std::move(text);
        else if (key != "parentUuid")
            return std::unexpected{wrong_field(json, at, "there is no such field")};
    }
    if (auto complete = check_reference(kind, reference); !complete) return std::unexpected{complete.error()};
    return reference;
}

std::optional<Error> read_references(JsonText const& json, std::uint32_t at, ReferenceKind kind,
                                     std::vector<FeatureReference>& out) {
    if (json[at].kind != Kind::array) return wrong_field(json, at, "a list was expected");
    for (auto one = at + 1; one < json[at].next; one = json[one].next) {
        auto reference = reference_at(json, one, kind);
        if (!reference) return reference.error();
        out.push_back(*std::move(reference));
    }
    return std::nullopt;
}

std::optional<Error> read_status(JsonText const& json, std::uint32_t at, FeatureWish& wish) {
    for (auto status = FeatureStatus{}; status <= FeatureStatus::not_planned;
         status = static_cast<FeatureStatus>(static_cast<int>(status) + 1))
        if (json[at].kind == Kind::string && json[at].text == code(status)) {
            wish.status = status;
            return std::nullopt;
        }
    return wrong_field(json, at, "there is no such status; FeatureStatus lists them");
}

std::optional<Error> read_member(JsonText const& json, std::uint32_t at, FeatureWish& wish) {
    struct TextMember {
        std::string_view name;
        std::optional<std::string> FeatureWish::* member;
        std::size_t max;
    };
    static constexpr std::array<TextMember, 8> texts{{
        {"title", &FeatureWish::title, FeatureBoard::title_max},
        {"description", &FeatureWish::description, description_max},
        {"releaseId", &FeatureWish::release_id, short_text_max},
        {"scopeId", &FeatureWish::scope_id, short_text_max},
        {"responsibleId", &FeatureWish::responsible_id, short_text_max},
        {"workstreamId", &FeatureWish::workstream_id, short_text_max},
        {"type", &FeatureWish::type, short_text_max},
        {"tags", &FeatureWish::tags, short_text_max},
    }};
    auto const key = json[at].key;
    if (auto const found = std::ranges::find(texts, key, &TextMember::name); found != texts.end()) {
        auto text = body_text(json, at, found->max);
        if (!text) return text.error();
        if (key == "title" && is_blank(*text)) return wrong_field(json, at, "a feature needs a title");
        wish.*found->member = *std::move(text);
        return std::nullopt;
    }
    if (key == "statusCode") return read_status(json, at, wish);
    if (key == "priorityCode") { // a number in SAP's own collection, a text in other clients
        auto const& value = json[at];
        for (int const code : {10, 20, 30, 40})
            if ((value.kind == Kind::integer && value.integer == code) ||
                (value.kind == Kind::string && value.text == fmt::format("{}", code))) {
                wish.priority = code;
                return std::nullopt;
            }
        return wrong_field(json, at, "10, 20, 30 or 40 was expected");
    }
    if (key == "projectId") {
        auto const id = json[at].kind == Kind::string ? Uuid::parse(json[at].text) : fail(ErrorCode::invalid, {});
        if (!id) return wrong_field(json, at, "a UUID was expected");
        wish.project = *id;
        return std::nullopt;
    }
    if (key == "toURLReferences") return read_references(json, at, ReferenceKind::url, wish.url_references);
    if (key == "toExternalReferences")
        return read_references(json, at, ReferenceKind::external, wish.external_references);
    static constexpr std::string_view computed[]{"uuid", "displayId", "createdAt", "modifiedAt"};
    if (std::ranges::find(computed, key) != std::end(computed))
        return std::nullopt; // read back and sent again: no harm
    return wrong_field(json, at, "a feature has no such field");
}

Result<FeatureWish> read_wish(std::string_view body) {
    auto const json = parse_request_body(body);
    if (!json) return std::unexpected{json.error()};
    if ((*json)[0].kind != Kind::object) return fail(ErrorCode::invalid, "an object was expected");
    FeatureWish wish;
    for (std::uint32_t at = 1; at < json->values().size(); at = (*json)[at].next)
        if (auto error = read_member(*json, at, wish)) return std::unexpected{*std::move(error)};
    return wish;
}

void apply_wish(FeatureWish const& wish, Feature& feature) {
    auto const take = [](std::optional<std::string> const& from, std::string& to) {
        if (from) to = *from;
    };
    take(wish.title, feature.title);
    take(wish.description, feature.description);
    take(wish.release_id, feature.release_id);
    take(wish.scope_id, feature.scope_id);
    take(wish.responsible_id, feature.responsible_id);
    take(wish.workstream_id, feature.workstream_id);
    take(wish.type, feature.type);
    take(wish.tags, feature.tags);
    if (wish.priority) feature.priority = *wish.priority;
}

/// The verb that leads from one status to the other, if there is one.
std::optional<FeatureAction> way_to(FeatureStatus from, FeatureStatus to) {
    for (int i = 0; i <= static_cast<int>(FeatureAction::set_to_not_planned); ++i)
        if (after(from, static_cast<FeatureAction>(i)) == to) return static_cast<FeatureAction>(i);
    return std::nullopt;
}

Result<void> move_to(CloudState& cloud, Feature& feature, FeatureStatus status) {
    if (feature.status == status) return {};
    auto const action = way_to(feature.status, status);
    if (!action)
        return fail(ErrorCode::conflict, fmt::format("statusCode: feature {} is {}; no step leads from there to {}",
                                                     feature.display_id(), label(feature.status), label(status)));
    return cloud.act(feature, *action);
}

/// Error full: the feature is as it was.
Result<void> rewrite_feature(CloudState& cloud, Feature& feature, FeatureWish const& wish, Project const* project) {
    auto changed = feature;
    apply_wish(wish, changed);
    if (project != nullptr) {
        changed.project_id = project->id;
        changed.project = project->name;
    }
    if (auto room = cloud.texts.change(kept_bytes(feature), kept_bytes(changed)); !room) return room;
    // The step comes last, as it can be refused as well: nothing is half done.
    if (wish.status)
        if (auto moved = move_to(cloud, feature, *wish.status); !moved) {
            (void)cloud.texts.change(kept_bytes(changed), kept_bytes(feature));
            return moved;
        }
    changed.status = feature.status;
    changed.modified_at = cloud.now();
    feature = std::move(changed);
    return {};
}

/// A feature that was just made gets what it was made with.
Result<void> fill_feature(CloudState& cloud, Feature& feature, FeatureWish& wish) {
    wish.status.reset(); // it has the one that it was asked to have
    if (auto done = rewrite_feature(cloud, feature, wish, nullptr); !done) return done;
    for (auto& one : wish.url_references)
        if (auto kept = keep_reference(cloud, feature, ReferenceKind::url, std::move(one)); !kept)
            return std::unexpected{kept.error()};
    for (auto& one : wish.external_references)
        if (auto kept = keep_reference(cloud, feature, ReferenceKind::external, std::move(one)); !kept)
            return std::unexpected{kept.error()};
    return {};
}

std::optional<Error> unique_references(FeatureWish const& wish) {
    for (auto const* list : {&wish.url_references, &wish.external_references})
        if (list->size() > FeatureBoard::references_max)
            return Error{ErrorCode::invalid,
                         fmt::format("a feature has at most {} references of a kind", FeatureBoard::references_max)};
    std::vector<std::string_view> ids;
    for (auto const& one : wish.external_references) ids.push_back(one.id);
    std::ranges::sort(ids);
    if (std::ranges::adjacent_find(ids) == ids.end()) return std::nullopt;
    return Error{ErrorCode::invalid, "toExternalReferences: an id is given twice"};
}

} // namespace

Result<ReferenceKind> parse_reference_kind(std::string_view text) {
    static constexpr std::string_view kinds[]{"url", "external", "transport"};
    auto const found = std::ranges::find(kinds, text);
    if (found == std::end(kinds)) return fail(ErrorCode::invalid, "url, external or transport was expected");
    return static_cast<ReferenceKind>(found - std::begin(kinds));
}

Result<FeatureReference const*> keep_reference(CloudState& cloud, Feature& feature, ReferenceKind kind,
                                               FeatureReference reference) {
    if (auto complete = check_reference(kind, reference); !complete) return std::unexpected{complete.error()};
    auto& list = kind == ReferenceKind::url        ? feature.url_references
                 : kind == ReferenceKind::external ? feature.external_references
                                                   : feature.transport_references;
    if (list.size() >= FeatureBoard::references_max)
        return fail(ErrorCode::conflict,
                    fmt::format("a feature has at most {} references of a kind", FeatureBoard::references_max));
    if (kind == ReferenceKind::external && std::ranges::find(list, reference.id, &FeatureReference::id) != list.end())
        return fail(ErrorCode::conflict, fmt::format("id: the feature has {} already", in_quotes(reference.id)));
    if (kind != ReferenceKind::external) {
        auto const hash = mix(feature.id.low(), ++cloud.references);
        reference.id = Uuid::from_hash(hash, mix(hash)).text();
    }
    reference.feature = feature.id;
    if (auto room = cloud.texts.change(0, kept_bytes(reference)); !room) return std::unexpected{room.error()};
    feature.modified_at = cloud.now();
    return &list.emplace_back(std::move(reference));
}

std::size_t drop_references(CloudState& cloud, Feature& feature, std::vector<FeatureReference> Feature::* list,
                            std::string_view id) {
    auto const gone = std::erase_if(feature.*list, [&](FeatureReference const& one) {
        if (one.id == id) cloud.texts.give_back(kept_bytes(one));
        return one.id == id;
    });
    if (gone > 0) feature.modified_at = cloud.now();
    return gone;
}

Result<Feature*> create_feature(CloudState& cloud, CloudTenant tenant, std::string_view body) {
    auto wish = read_wish(body);
    if (!wish) return std::unexpected{wish.error()};
    if (!wish->title) return fail(ErrorCode::invalid, "title: a feature needs one");
    if (!wish->project) return fail(ErrorCode::invalid, "projectId: a feature needs one");
    auto const* project = cloud.projects.find(tenant, *wish->project);
    if (project == nullptr) return fail(ErrorCode::invalid, "projectId: there is no such project");
    if (wish->status.value_or(FeatureStatus::in_specification) != FeatureStatus::in_specification)
        return fail(ErrorCode::invalid,
                    fmt::format("statusCode: a new feature is {}", code(FeatureStatus::in_specification)));
    if (auto error = unique_references(*wish)) return std::unexpected{*std::move(error)};
    auto feature = cloud.create_feature(tenant, *wish->title, project->id.text());
    if (!feature) return feature;
    if (auto filled = fill_feature(cloud, **feature, *wish); !filled) {
        (void)cloud.features.remove((*feature)->id);
        return std::unexpected{filled.error()};
    }
    return feature;
}

Result<Feature*> change_feature(CloudState& cloud, Feature& feature, std::string_view body) {
    auto wish = read_wish(body);
    if (!wish) return std::unexpected{wish.error()};
    if (!wish->url_references.empty() || !wish->external_references.empty())
        return fail(ErrorCode::invalid, "references of a feature are added with POST and taken away with DELETE");
    Project const* project = nullptr;
    if (wish->project) {
        project = cloud.projects.find(feature.tenant, *wish->project);
        if (project == nullptr) return fail(ErrorCode::invalid, "projectId: there is no such project");
    }
    if (project != nullptr && project->id != feature.project_id)
        if (auto may = cloud.check_move(feature, *project); !may) return std::unexpected{may.error()};
    if (auto done = rewrite_feature(cloud, feature, *wish, project); !done) return std::unexpected{done.error()};
    return &feature;
}

Result<FeatureReference const*> add_reference(CloudState& cloud, Feature& feature, ReferenceKind kind,
                                              std::string_view body) {
    auto const json = parse_request_body(body);
    if (!json) return std::unexpected{json.error()};
    auto reference = reference_at(*json, 0, kind);
    if (!reference) return std::unexpected{reference.error()};
    return keep_reference(cloud, feature, kind, *std::move(reference));
}

Result<FeatureId> parent_of_reference(std::string_view body) {
    auto const json = parse_request_body(body);
    if (!json) return std::unexpected{json.error()};
    for (std::uint32_t at = 1; at < json->values().size(); at = (*json)[at].next)
        if ((*json)[at].key == "parentUuid" && (*json)[at].kind == Kind::string)
            if (auto const id = FeatureId::parse((*json)[at].text)) return *id;
    return fail(ErrorCode::invalid, "parentUuid: the UUID of the feature was expected");
}

} // namespace almd
