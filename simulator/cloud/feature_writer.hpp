// What POST and PATCH of the Features API do with a body.
#pragma once

#include "simulator/cloud/feature_body.hpp"

#include <string_view>

namespace almd {

Result<ReferenceKind> parse_reference_kind(std::string_view text);

/// All or nothing. Error invalid names the field, full is the budget of texts, conflict is a rule of the feature's status (reference/cloud-alm.md 4.6).
Result<Feature*> create_feature(CloudState& cloud, CloudTenant tenant, std::string_view body);
Result<Feature*> change_feature(CloudState& cloud, Feature& feature, std::string_view body);
Result<FeatureReference const*> add_reference(CloudState& cloud, Feature& feature, ReferenceKind kind,
                                              std::string_view body);
/// Errors: invalid names the missing field, conflict for an ID that is there or too many, full.
Result<FeatureReference const*> keep_reference(CloudState& cloud, Feature& feature, ReferenceKind kind,
                                               FeatureReference reference);
/// How many of this list have the ID; they are gone then.
std::size_t drop_references(CloudState& cloud, Feature& feature, std::vector<FeatureReference> Feature::* list,
                            std::string_view id);
/// Which feature a reference that is posted alone belongs to: parentUuid.
Result<FeatureId> parent_of_reference(std::string_view body, ReferenceKind kind);

} // namespace almd
