// Lists of the stand-in's state for the admin API.
#pragma once

#include "proto/http/router.hpp"

#include <nlohmann/json_fwd.hpp>

namespace almd {

struct CloudState;
struct Feature;
struct CloudWork;

HttpResponse features_page(CloudState const& state, Query const& query);
HttpResponse work_page(CloudState const& state, Query const& query);
/// Findings of import and export checks, one row each.
HttpResponse checks_page(CloudState const& state, Query const& query);
HttpResponse registrations_page(CloudState const& state, Query const& query);
HttpResponse transports_page(CloudState const& state, Query const& query);
HttpResponse landscapes_page(CloudState const& state, Query const& query);
HttpResponse faults_page(CloudState const& state, Query const& query);
HttpResponse keys_page(CloudState const& state, Query const& query);
/// {"summary":{...},"items":[one per system],"total":n}
HttpResponse ledger_page(CloudState const& state, Query const& query);

nlohmann::json to_json(CloudState const& state, Feature const& feature);
nlohmann::json to_json(CloudState const& state, CloudWork const& work);

} // namespace almd
