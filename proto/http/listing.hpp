// Lists of the admin API: filter, sort and page in one place. {"items":[...],"total":n}
#pragma once

#include "proto/http/router.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <functional>

namespace almd {

/// Query parameters: any top-level field name = value (exact, or with `*` wildcards as in SAP selection screens; several
/// values comma separated mean "or"); `sort=field,-other` (default: the source's order); `offset` (default 0); `limit`
/// (default 100, at most 10,000); `q` finds text in any field. An unknown field name is a 400 that lists the allowed ones.
struct ListSource {
    std::vector<std::string> fields; ///< names that may be filtered and sorted, in column order
    std::size_t size = 0;
    std::function<nlohmann::json(std::size_t)> row; ///< an object with those fields; called lazily
};

HttpResponse list_response(Query const& query, ListSource const& source);

} // namespace almd
