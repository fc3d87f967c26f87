// Object entries: reading, writing, and the comment line of a released task.
#include "simulator/cts/request.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

constexpr std::string_view pgmids[] = {"R3TR", "LIMU", "LANG", "CORR", "*"};
constexpr std::size_t name_max = 120; // E071-OBJ_NAME

std::string_view take_word(std::string_view& text) {
    auto const end = std::min(text.find(' '), text.size());
    auto const word = text.substr(0, end);
    text.remove_prefix(std::min(text.find_first_not_of(' ', end), text.size()));
    return word;
}

bool is_object_type(std::string_view text) {
    return text.size() >= 1 && text.size() <= 4 &&
           std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

/// "20261122 085624" as a CORR RELE line has date and time.
std::string compact_time(TimePoint at) {
    auto const text = rfc3339(at);
    return fmt::format("{}{}{} {}{}{}", text.substr(0, 4), text.substr(5, 2), text.substr(8, 2), text.substr(11, 2),
                       text.substr(14, 2), text.substr(17, 2));
}

} // namespace

std::size_t ObjectEntry::width(Short const& chars) {
    return static_cast<std::size_t>(std::ranges::find(chars, '\0') - chars.begin());
}

Result<ObjectEntry> ObjectEntry::parse(std::string_view text) {
    auto rest = text;
    auto const pgmid = take_word(rest);
    auto const object = take_word(rest);
    while (rest.ends_with(' ')) rest.remove_suffix(1);
    if (std::ranges::find(pgmids, pgmid) == std::end(pgmids) || !is_object_type(object) || rest.empty() ||
        rest.size() > name_max)
        return fail(ErrorCode::invalid,
                    fmt::format("\"{}\" is not an object entry: PGMID (R3TR, LIMU, LANG), object type and a name of at "
                                "most 120 characters, such as R3TR PROG ZPROG",
                                text.substr(0, 150)));
    ObjectEntry entry;
    std::ranges::copy(pgmid, entry.pgmid_.begin());
    std::ranges::copy(object, entry.object_.begin());
    entry.name_ = rest;
    return entry;
}

ObjectEntry ObjectEntry::released_task(TrRequest task, TimePoint at, std::string_view user) {
    ObjectEntry entry;
    entry.pgmid_ = {'C', 'O', 'R', 'R'};
    entry.object_ = {'R', 'E', 'L', 'E'};
    entry.name_ = fmt::format("{} {} {}", task.text(), compact_time(at), user);
    return entry;
}

std::string ObjectEntry::text() const {
    std::string out;
    out.reserve(10 + name_.size());
    return out.append(pgmid()).append(" ").append(object()).append(" ").append(name_);
}

std::size_t TransportRequest::object_count() const {
    auto const carries = [](ObjectEntry const& entry) { return !entry.is_comment(); };
    auto count = std::ranges::count_if(objects, carries);
    for (auto const& task : tasks) count += std::ranges::count_if(task.objects, carries);
    return static_cast<std::size_t>(count);
}

} // namespace almd
