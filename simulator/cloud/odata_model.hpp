// What an OData service is about: entity types as tables of properties and ways from one row to others.
#pragma once

#include "simulator/kernel/time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace almd {

enum class ODataType : std::uint8_t { null, boolean, number, text, guid, time };

/// monostate is null. A guid is its text in lower case.
using ODataValue = std::variant<std::monostate, bool, double, std::string, TimePoint>;

/// A row of a table of ours; its entity type knows what it points at.
using ODataRow = void const*;

struct ODataProperty {
    std::string_view name;
    ODataType type;
    ODataValue (*get)(ODataRow row);
    bool is_whole = true; ///< of numbers
};

struct ODataEntity;

struct ODataNavigation {
    std::string_view name;
    ODataEntity const& (*entity)();
    bool many;
    /// world: what the service's rows live in, as the service gave it.
    void (*collect)(ODataRow row, void const* world, std::vector<ODataRow>& out);
};

/// The first property is the key (the first `keys` ones together are).
struct ODataEntity {
    std::string_view type, set; ///< "Feature", "Features"
    std::span<ODataProperty const> properties;
    std::span<ODataNavigation const> navigations;
    std::size_t keys = 1;
    bool is_set = true;    ///< false: its rows are reached from others only, there is no set to ask
    bool has_etag = false; ///< its rows can be changed, and tell when they were
    bool is_open = false;  ///< a name that is no property is one that every row leaves out: null
};

inline std::optional<std::size_t> find_property(ODataEntity const& entity, std::string_view name) {
    for (std::size_t i = 0; i < entity.properties.size(); ++i)
        if (entity.properties[i].name == name) return i;
    return std::nullopt;
}

inline std::optional<std::size_t> find_navigation(ODataEntity const& entity, std::string_view name) {
    for (std::size_t i = 0; i < entity.navigations.size(); ++i)
        if (entity.navigations[i].name == name) return i;
    return std::nullopt;
}

} // namespace almd
