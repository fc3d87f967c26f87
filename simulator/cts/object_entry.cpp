// Reading and writing object entries, and the packed list.
#include "simulator/cts/object_entry.hpp"

#include "simulator/kernel/characters.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

constexpr std::string_view pgmids[] = {"R3TR", "LIMU", "LANG", "CORR", "*"};
constexpr std::string_view with_table_keys[] = {"TABU", "VDAT", "CDAT", "TDAT"};
constexpr std::size_t name_max = 120;    // E071-OBJ_NAME, and E071K-TABKEY as well
constexpr std::size_t exact_below = 256; // bytes of a list; longer ones grow by doubling
static_assert(sizeof "R3TR TABU" + name_max + 1 + name_max < 256, "a line's length is one byte");

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

std::string_view ObjectView::word(int index) const {
    auto rest = text_;
    while (index-- > 0) take_word(rest);
    return take_word(rest);
}

std::string_view ObjectView::after_two_words() const {
    auto rest = text_;
    take_word(rest);
    take_word(rest);
    return rest;
}

bool ObjectView::holds_table_contents() const {
    return std::ranges::find(with_table_keys, object()) != std::end(with_table_keys);
}

std::string_view ObjectView::name() const {
    auto rest = after_two_words();
    return holds_table_contents() ? take_word(rest) : rest;
}

std::string_view ObjectView::table_key() const {
    if (!holds_table_contents()) return {};
    auto rest = after_two_words();
    take_word(rest);
    return rest;
}

Result<ObjectEntry> ObjectEntry::parse(std::string_view text) {
    auto rest = text;
    auto const pgmid = take_word(rest);
    auto const object = take_word(rest);
    while (rest.ends_with(' ')) rest.remove_suffix(1);
    bool const printable = std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
    auto const wrong = [&] {
        return fail(
            ErrorCode::invalid,
            fmt::format("\"{}\" is not an object entry: PGMID (R3TR, LIMU, LANG), object type and a name of at "
                        "most 120 characters, such as R3TR PROG ZPROG or, with a table key, R3TR TABU T001 0001*",
                        first_characters(text, 150)));
    };
    if (std::ranges::find(pgmids, pgmid) == std::end(pgmids) || !is_object_type(object) || rest.empty() ||
        rest.size() > 2 * name_max + 1 || !printable)
        return wrong();
    ObjectEntry entry{fmt::format("{} {} {}", pgmid, object, rest)};
    auto const name = entry.view().name(), key = entry.view().table_key();
    if (name.size() > name_max || key.size() > name_max) return wrong();
    return key.empty() ? entry : ObjectEntry{fmt::format("{} {} {} {}", pgmid, object, name, key)};
}

ObjectEntry ObjectEntry::released_task(TrRequest task, TimePoint at, std::string_view user) {
    return ObjectEntry{fmt::format("CORR RELE {} {} {}", task.text(), compact_time(at), user.substr(0, name_max))};
}

bool ObjectList::contains(ObjectView entry) const {
    return std::find(begin(), end(), entry) != end();
}

std::size_t ObjectList::count() const {
    std::size_t count = 0;
    for (auto const entry : *this) count += !entry.is_comment();
    return count;
}

void ObjectList::add(ObjectView entry) {
    auto const text = entry.text();
    if (packed_.size() < exact_below) packed_.reserve(packed_.size() + 1 + text.size()); // most lists have few lines
    packed_.push_back(static_cast<char>(text.size()));
    packed_.insert(packed_.end(), text.begin(), text.end());
}

} // namespace almd
