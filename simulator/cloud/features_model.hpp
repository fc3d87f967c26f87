// The entity types of the Features API over our features, transports and projects.
#pragma once

#include "simulator/cloud/odata_model.hpp"

#include <span>

namespace almd {

/// World of all of them: the CloudState. Rows: Feature, CloudTransport, FeatureReference, and the rows of the code lists.
namespace features_model {

ODataEntity const& feature();
ODataEntity const& transport();
ODataEntity const& url_reference();
ODataEntity const& external_reference();
ODataEntity const& status();
ODataEntity const& priority();
std::span<ODataEntity const* const> entities(); ///< all of them, for $metadata

std::vector<ODataRow> statuses();
std::vector<ODataRow> priorities();

} // namespace features_model

} // namespace almd
