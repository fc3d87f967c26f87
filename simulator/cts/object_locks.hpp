// The locks of CTS objects in one system (TLOCK): a whole object is locked with its parts, a table with its keys, a
// generic key with every key that begins like it.
#pragma once

#include "simulator/cts/object_master.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// What an entry locks, written so that one covers another exactly if it is the beginning of it. An area without its
/// last level is a whole object; comparing texts is all that is needed, and an ordered map answers in O(log n).
class LockArea {
public:
    explicit LockArea(ObjectView object, std::string_view function_group = {});
    std::string const& text() const { return text_; }
    /// The entry that locks an area: "R3TR TABU T001 0001*".
    static std::string entry_of(std::string_view area);

private:
    std::string text_;
};

/// Each area has one holder, a request or task; areas of different holders may overlap if they are of one request.
class ObjectLocks {
public:
    using Map = std::map<std::string, TrRequest, std::less<>>;

    TrRequest* find(LockArea const& area);
    TrRequest const* find(LockArea const& area) const;
    /// False: it is held already, by whomever; nothing was changed.
    bool add(LockArea const& area, TrRequest holder) { return held_.try_emplace(area.text(), holder).second; }
    void remove(LockArea const& area) { held_.erase(area.text()); }

    /// The first lock that overlaps with the area and is not the asker's own; null: none. O(log n) for each level above
    /// the area (parts: one; keys: at most their length) and each overlapping lock of the asker's.
    Map::value_type const* other(LockArea const& area, std::function<bool(TrRequest)> const& own) const;
    /// Who holds a lock that overlaps with the area.
    std::vector<TrRequest> holders(LockArea const& area) const;

    /// In order of the entries that lock.
    Map const& all() const { return held_; }
    std::size_t size() const { return held_.size(); }
    std::size_t bytes() const;

private:
    Map held_;
};

} // namespace almd
