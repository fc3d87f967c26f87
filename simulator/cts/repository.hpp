// What a system knows of its repository objects beyond their names: package, original system, inactive versions, ATC
// findings. Objects that nobody said anything about are active, without findings, and made in the system itself.
#pragma once

#include "proto/ids.hpp"
#include "simulator/abap/system_spec.hpp"
#include "simulator/cts/object_master.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace almd {

/// TADIR and its surroundings for one object.
struct ObjectFacts {
    std::string package{};              ///< empty: not known
    std::optional<SystemId> original{}; ///< TADIR-SRCSYSTEM; none: the system itself
    bool inactive = false;              ///< has an inactive version: its request is not released (EU829)
    std::uint8_t atc_priority = 0;      ///< of its worst ATC finding, 1 to 3 or 4; 0: none
    bool cross_client = false;    ///< of a table or view: it has no client, its contents are for workbench requests
    std::string function_group{}; ///< of a function module (TFDIR); empty: not known
    friend bool operator==(ObjectFacts const&, ObjectFacts const&) = default;
};

class Repository {
public:
    using Map = std::map<std::string, ObjectFacts, std::less<>>;

    /// Null: nothing is known. O(log n).
    ObjectFacts const* find(ObjectView object) const;
    ObjectFacts& facts(ObjectView object);
    std::size_t size() const { return objects_.size(); }
    /// In order of their names.
    Map const& all() const { return objects_; }
    std::size_t bytes() const;

private:
    Map objects_; ///< by "R3TR PROG ZPROG", table contents by their table
};

/// Objects of a `$` package, or of one without a transport layer, are local (V).
bool is_local(PackageSpec const& package);

} // namespace almd
