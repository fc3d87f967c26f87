// Applying the bodies of the Features API.
#include "simulator/cloud/feature_writer.hpp"

#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

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
    auto done = cloud.act(feature, *action);
    if (!done) return fail(done.error().code, fmt::format("statusCode: {}", done.error().context));
    return done;
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
    auto wish = read_new_feature(body);
    if (!wish) return std::unexpected{wish.error()};
    if (!wish->title) return fail(ErrorCode::invalid, "title: a feature needs one");
    if (!wish->project) return fail(ErrorCode::invalid, "projectId: a feature needs one");
    auto const* project = cloud.projects.find(tenant, *wish->project);
    if (project == nullptr) return fail(ErrorCode::invalid, "projectId: there is no such project");
    if (wish->status.value_or(FeatureStatus::in_specification) != FeatureStatus::in_specification)
        return fail(ErrorCode::invalid,
                    fmt::format("statusCode: a new feature is {}", code(FeatureStatus::in_specification)));
    auto feature = cloud.create_feature(tenant, *wish->title, project->id.text());
    if (!feature) return feature;
    if (auto filled = fill_feature(cloud, **feature, *wish); !filled) {
        (void)cloud.features.remove((*feature)->id);
        return std::unexpected{filled.error()};
    }
    return feature;
}

Result<Feature*> change_feature(CloudState& cloud, Feature& feature, std::string_view body) {
    auto wish = read_feature_change(body, feature, cloud);
    if (!wish) return std::unexpected{wish.error()};
    Project const* project = nullptr;
    if (wish->project && *wish->project != feature.project_id) {
        project = cloud.projects.find(feature.tenant, *wish->project);
        if (project == nullptr) return fail(ErrorCode::invalid, "projectId: there is no such project");
        if (auto may = cloud.check_move(feature, *project); !may) return std::unexpected{may.error()};
    }
    if (auto done = rewrite_feature(cloud, feature, *wish, project); !done) return std::unexpected{done.error()};
    return &feature;
}

Result<FeatureReference const*> add_reference(CloudState& cloud, Feature& feature, ReferenceKind kind,
                                              std::string_view body) {
    auto reference = read_reference(body, kind);
    if (!reference) return std::unexpected{reference.error()};
    if (!reference->feature.is_nil() && reference->feature != feature.id)
        return fail(ErrorCode::invalid, "parentUuid: the path names another feature");
    return keep_reference(cloud, feature, kind, *std::move(reference));
}

Result<FeatureId> parent_of_reference(std::string_view body, ReferenceKind kind) {
    auto const reference = read_reference(body, kind);
    if (!reference) return std::unexpected{reference.error()};
    if (reference->feature.is_nil())
        return fail(ErrorCode::invalid, "parentUuid: the UUID of the feature was expected");
    return reference->feature;
}

} // namespace almd
