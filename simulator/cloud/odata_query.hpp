// The query options of an OData request, and the answers they shape.
#pragma once

#include "proto/http/router.hpp"
#include "simulator/cloud/odata_expression.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

class JsonWriter;
struct ODataExpand;

struct ODataQuery {
    static constexpr std::size_t rows_max = 1'000; ///< of one page (I); then comes @odata.nextLink
    static constexpr std::size_t expand_depth_max = 3, expands_max = 20, skip_max = 100'000'000;

    std::optional<ODataExpression> filter, order;
    std::optional<std::size_t> top;
    std::size_t skip = 0, page_max = rows_max;
    bool count = false;
    std::vector<std::size_t> select; ///< positions of properties; empty: all
    std::vector<ODataExpand> expand;

    /// Parameters without "$" are left to the service. Errors: invalid (400), unavailable (501: OData, but not here).
    static Result<ODataQuery> parse(Query const& query, ODataEntity const& entity);
};

/// Positions of the fields in a $select; names that the type does not have are passed over.
std::vector<std::size_t> known_fields(std::string_view select, ODataEntity const& entity);
/// "?a=1&": the options of a request but $skip and $top, to go on with.
std::string next_page_options(Query const& query);

struct ODataExpand {
    std::size_t navigation = 0; ///< position
    ODataQuery query;
};

/// How an answer is written, and from what.
struct ODataAnswer {
    ODataEntity const& entity;
    ODataQuery const& query;
    void const* world;
    std::string_view prefix;  ///< "@odata." (OData 4.0) or "@" (4.01 asked for)
    std::string_view context; ///< "$metadata#Features"
    std::string next{};       ///< what the next page's link begins with: path and the options without $skip and $top
};

/// {"@odata.context","@odata.count","value":[...],"@odata.nextLink"}: filtered, ordered and paged.
std::string odata_collection(ODataAnswer const& answer, std::vector<ODataRow> rows);
/// The rows of such a page alone, as a list.
void write_odata_rows(JsonWriter& out, ODataAnswer const& answer, std::vector<ODataRow> rows);
/// How many rows the filter leaves, for `/$count`.
std::size_t odata_count(ODataAnswer const& answer, std::vector<ODataRow> const& rows);
std::string odata_entity(ODataAnswer const& answer, ODataRow row);
/// Weak: another one as soon as a property has another value.
std::string odata_etag(ODataEntity const& entity, ODataRow row);

/// What $select and $expand leave, as it stands in a context URL: "(title,toStatus(code))"; empty: everything. short_names: OData
/// 4.01, where an expanded navigation is named even if nothing was selected from it.
std::string odata_projection(ODataEntity const& entity, ODataQuery const& query, bool short_names);

/// The service's model in CSDL (XML), and the list of its sets; context: the URL of $metadata.
std::string odata_metadata(std::string_view name_space, std::span<ODataEntity const* const> entities);
std::string odata_service_document(std::string_view prefix, std::string_view context,
                                   std::span<ODataEntity const* const> entities);

} // namespace almd
