// Areas of locks as texts, and the search for overlaps among them.
#include "simulator/cts/object_locks.hpp"

#include <algorithm>

namespace almd {

namespace {

// Neither stands in an object entry. `level` ends a whole object and what is below it; nothing begins like a text that
// ends below the first level, so an exact key covers itself alone.
constexpr char level = '\0', key_mark = '=';

} // namespace

LockArea::LockArea(ObjectView object, std::string_view function_group)
    : text_{master_of(object, function_group)} {
    auto const text = object.text();
    bool const is_whole = text_ == text;
    text_ += level;
    if (is_whole) return;
    if (auto key = object.table_key(); !key.empty()) {
        bool const generic = key.ends_with('*');
        if (generic) key.remove_suffix(1);
        (text_ += key_mark).append(key);
        if (!generic) text_ += level;
    } else {
        text_.append(text.substr(object.pgmid().size() + 1)) += level;
    }
}

std::string LockArea::entry_of(std::string_view area) {
    auto const end = area.find(level);
    std::string const master{area.substr(0, end)};
    auto below = area.substr(end + 1);
    if (below.empty()) return master;
    bool const exact = below.ends_with(level);
    if (exact) below.remove_suffix(1);
    if (below.starts_with(key_mark)) return (master + ' ').append(below.substr(1)).append(exact ? "" : "*");
    return std::string{"LIMU "}.append(below);
}

TrRequest* ObjectLocks::find(LockArea const& area) {
    auto const found = held_.find(area.text());
    return found == held_.end() ? nullptr : &found->second;
}

TrRequest const* ObjectLocks::find(LockArea const& area) const {
    return const_cast<ObjectLocks*>(this)->find(area);
}

auto ObjectLocks::other(LockArea const& area, std::function<bool(TrRequest)> const& own) const
    -> Map::value_type const* {
    if (held_.empty()) return nullptr;
    std::string_view above = area.text();
    auto const shortest = above.find(level) + 1; // the whole object
    while (above.size() >= shortest) {
        auto before = held_.upper_bound(above);
        if (before == held_.begin()) break;
        --before;
        std::string_view const text = before->first;
        auto common = static_cast<std::size_t>(std::ranges::mismatch(text, above).in1 - text.begin());
        if (common == text.size()) { // it covers the area
            if (!own(before->second)) return &*before;
            --common;
        }
        above = above.substr(0, common); // what covers the area stands before `before`, which begins with it too
    }
    for (auto at = held_.lower_bound(area.text()); at != held_.end() && at->first.starts_with(area.text()); ++at)
        if (!own(at->second)) return &*at;
    return nullptr;
}

std::vector<TrRequest> ObjectLocks::holders(LockArea const& area) const {
    std::vector<TrRequest> all;
    other(area, [&](TrRequest holder) {
        if (std::ranges::find(all, holder) == all.end()) all.push_back(holder);
        return true;
    });
    return all;
}

std::size_t ObjectLocks::bytes() const {
    constexpr std::size_t node = sizeof(Map::value_type) + 4 * sizeof(void*) + 16; // with its allocation
    std::size_t sum = held_.size() * node;
    for (auto const& [area, holder] : held_) sum += area.capacity() > 15 ? area.capacity() + 17 : 0;
    return sum;
}

} // namespace almd
