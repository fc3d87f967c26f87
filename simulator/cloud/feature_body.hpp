// What the bodies of the Features API ask for.
#pragma once

#include "simulator/cloud/cloud_state.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

enum class ReferenceKind : std::uint8_t { url, external, transport };

/// What a body asks for; nothing: leave as it is.
struct FeatureWish {
    std::optional<std::string> title, description, release_id, scope_id, responsible_id, workstream_id, type, tags;
    std::optional<Uuid> project;
    std::optional<FeatureStatus> status;
    std::optional<int> priority;
    std::vector<FeatureReference> url_references, external_references;
};

// Errors invalid name the path of the field. Annotations, which is what OData JSON calls members with an @ in their name, are
// passed over.

/// What the cloud makes itself (uuid, createdAt, ...) is passed over: who sends it copied another feature.
Result<FeatureWish> read_new_feature(std::string_view body);
/// What can only be read may be given as it is, so that what was read can be sent back.
Result<FeatureWish> read_feature_change(std::string_view body, Feature const& feature, CloudState const& cloud);
/// Its feature is what parentUuid says, or nil.
Result<FeatureReference> read_reference(std::string_view body, ReferenceKind kind);

/// What a reference of the kind must have, and how long its texts may be.
Result<void> check_reference(ReferenceKind kind, FeatureReference const& reference);

} // namespace almd
