// What a field must look like, and how its mistake reads.
#include "proto/messages/json_fields.hpp"

#include "proto/schema/json_path.hpp"
#include "proto/schema/nearest_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

namespace almd {

namespace {

using Kind = JsonText::Kind;

std::string_view kind_name(Kind kind) {
    switch (kind) {
    case Kind::null: return "null";
    case Kind::boolean: return "a boolean";
    case Kind::integer:
    case Kind::number: return "a number";
    case Kind::string: return "a text";
    case Kind::array: return "an array";
    case Kind::object: return "an object";
    }
    return "";
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// What was found, short enough for an error message.
std::string shown(JsonText::Value const& value) {
    constexpr std::size_t shown_max = 40;
    switch (value.kind) {
    case Kind::boolean: return value.integer != 0 ? "true" : "false";
    case Kind::integer:
    case Kind::number: return fmt::format("the number {}", value.text.substr(0, shown_max));
    case Kind::string: {
        bool printable = value.text.size() <= shown_max &&
                         std::ranges::all_of(value.text, [](char c) { return c >= 0x20 && c < 0x7f; });
        return printable ? fmt::format("\"{}\"", value.text) : std::string{kind_name(value.kind)};
    }
    default: return std::string{kind_name(value.kind)};
    }
}

} // namespace

Decoding::Decoding(std::string_view json, Speaker speaker)
    : speaker_{speaker} {
    Result<JsonText> parsed = JsonText::parse(json);
    if (parsed) {
        text_ = *std::move(parsed);
        return;
    }
    mistake(whole_document, parsed.error().context);
    if (parsed.error().code == ErrorCode::too_large) error_->code = ErrorCode::too_large;
}

void Decoding::mistake(std::string_view path, std::string_view sentence) {
    if (error_) return;
    ErrorCode code = speaker_ == Speaker::agent ? ErrorCode::invalid : ErrorCode::protocol;
    error_ = Error{code, fmt::format("{}: {}", shown_path(path), sentence)};
}

void Decoding::mistake(std::uint32_t index, std::string_view sentence) {
    if (!error_) mistake(text_.path(index), sentence);
}

Fields::Fields(Decoding& decoding, std::uint32_t index)
    : in_{decoding}
    , index_{index} {
    if (index_ == nowhere) return;
    if (in_.text_[index_].kind != Kind::object) {
        wrong(index_, "an object");
        index_ = nowhere;
        return;
    }
    expected_ = index_ + 1;
}

void Fields::wrong(std::uint32_t index, std::string_view expected) {
    if (in_.failed()) return;
    JsonText::Value const& value = in_.text_[index];
    bool secret = in_.speaker_ == Speaker::cloud_with_secrets;
    in_.mistake(index, fmt::format("is {}; it must be {}", secret ? std::string{kind_name(value.kind)} : shown(value),
                                   expected));
}

std::optional<std::uint32_t> Fields::find(std::string_view name, bool required) {
    if (index_ == nowhere) return std::nullopt;
    if (asked_count_ < asked_.size()) asked_[asked_count_++] = name;
    std::uint32_t const count = in_.text_[index_].count;
    // Senders that keep our order are found at the first look; others after one walk around.
    for (std::uint32_t tries = 0; tries < count; ++tries) {
        if (expected_nth_ == count) {
            expected_ = index_ + 1;
            expected_nth_ = 0;
        }
        std::uint32_t at = expected_, nth = expected_nth_;
        expected_ = in_.text_[at].next;
        ++expected_nth_;
        if (in_.text_[at].key != name) continue;
        if (nth < 64) taken_ |= std::uint64_t{1} << nth;
        return at;
    }
    if (required && !in_.failed()) {
        std::string path = in_.text_.path(index_);
        append_key(path, name);
        in_.mistake(path, "is missing");
    }
    return std::nullopt;
}

bool Fields::is_null(std::uint32_t index) const {
    return in_.text_[index].kind == Kind::null;
}

bool Fields::has(std::string_view name) {
    std::optional<std::uint32_t> index = find(name, false);
    return index && !is_null(*index);
}

void Fields::mistake(std::string_view name, std::string_view sentence) {
    if (in_.failed() || index_ == nowhere) return;
    std::string path = in_.text_.path(index_);
    append_key(path, name);
    in_.mistake(path, sentence);
}

void Fields::finish() {
    if (index_ == nowhere || in_.failed() || in_.speaker_ != Speaker::agent) return;
    std::uint32_t at = index_ + 1;
    std::span<std::string_view const> asked{asked_.data(), asked_count_};
    for (std::uint32_t nth = 0; nth < in_.text_[index_].count; ++nth, at = in_.text_[at].next) {
        if (nth < 64 && (taken_ >> nth & 1) != 0) continue;
        std::string_view key = in_.text_[at].key;
        if (std::ranges::find(asked, key) != asked.end()) return in_.mistake(at, "is given twice");
        auto meant = nearest_name(key, asked);
        return in_.mistake(at, meant ? fmt::format("unknown field, did you mean {}?", *meant)
                                     : fmt::format("unknown field; allowed: {}", fmt::join(asked, ", ")));
    }
}

std::optional<std::string_view> Fields::text_at(std::uint32_t index, std::size_t characters_max) {
    JsonText::Value const& value = in_.text_[index];
    if (value.kind != Kind::string) {
        wrong(index, "a text");
        return std::nullopt;
    }
    if (value.text.size() > characters_max && characters(value.text) > characters_max) {
        in_.mistake(index, fmt::format("is longer than {} characters", characters_max));
        return std::nullopt;
    }
    return value.text;
}

std::string Fields::text(std::string_view name, std::size_t characters_max) {
    auto index = find(name);
    return std::string{index ? text_at(*index, characters_max).value_or("") : ""};
}

std::string Fields::text_or(std::string_view name, std::string_view otherwise, std::size_t characters_max) {
    return has(name) ? text(name, characters_max) : std::string{otherwise};
}

std::optional<std::string> Fields::text_or_null(std::string_view name) {
    auto index = find(name);
    if (!index || is_null(*index)) return std::nullopt;
    return std::string{text_at(*index).value_or("")};
}

bool Fields::boolean(std::string_view name) {
    auto index = find(name);
    if (!index) return false;
    if (in_.text_[*index].kind != Kind::boolean) wrong(*index, "true or false");
    return in_.text_[*index].integer != 0;
}

std::int64_t Fields::integer_in(std::optional<std::uint32_t> index, std::int64_t min, std::int64_t max) {
    if (!index) return min;
    JsonText::Value const& value = in_.text_[*index];
    if (value.kind == Kind::integer && value.integer >= min && value.integer <= max) return value.integer;
    if (!in_.failed()) {
        bool open = max == std::numeric_limits<std::int64_t>::max();
        wrong(*index,
              open ? fmt::format("an integer of at least {}", min) : fmt::format("an integer from {} to {}", min, max));
    }
    return min;
}

std::optional<int> Fields::integer_or_null(std::string_view name, std::int64_t min, std::int64_t max) {
    auto index = find(name);
    if (!index || is_null(*index)) return std::nullopt;
    return static_cast<int>(integer_in(index, min, max));
}

TimePoint Fields::time_at(std::uint32_t index) {
    return parsed_at(index, TimePoint{}, parse_rfc3339);
}

TimePoint Fields::time(std::string_view name) {
    auto index = find(name);
    return index ? time_at(*index) : TimePoint{};
}

std::optional<TimePoint> Fields::time_or_null(std::string_view name) {
    auto index = find(name);
    if (!index || is_null(*index)) return std::nullopt;
    return time_at(*index);
}

char Fields::letter(std::string_view name, std::string_view allowed) {
    auto index = find(name);
    if (!index) return allowed.front();
    JsonText::Value const& value = in_.text_[*index];
    if (value.kind == Kind::string && value.text.size() == 1 &&
        allowed.find(value.text.front()) != std::string_view::npos)
        return value.text.front();
    if (!in_.failed()) wrong(*index, fmt::format("one of {}", fmt::join(allowed, " ")));
    return allowed.front();
}

std::string Fields::one_of_at(std::uint32_t index, std::initializer_list<std::string_view> allowed) {
    JsonText::Value const& value = in_.text_[index];
    if (value.kind == Kind::string && std::ranges::find(allowed, value.text) != allowed.end())
        return std::string{value.text};
    if (!in_.failed()) wrong(index, fmt::format("one of {}", fmt::join(allowed, ", ")));
    return {};
}

std::string Fields::one_of(std::string_view name, std::initializer_list<std::string_view> allowed) {
    auto index = find(name);
    return index ? one_of_at(*index, allowed) : std::string{};
}

std::vector<std::string> Fields::texts(std::string_view name, std::size_t count_max) {
    std::vector<std::string> list;
    for_elements(name, count_max, [&](std::uint32_t at) { list.emplace_back(text_at(at).value_or("")); });
    return list;
}

std::vector<std::string> Fields::texts_of(std::string_view name, std::initializer_list<std::string_view> allowed) {
    std::vector<std::string> list;
    for_elements(name, field_list_max, [&](std::uint32_t at) { list.push_back(one_of_at(at, allowed)); });
    return list;
}

std::map<std::string, std::string> Fields::text_map(std::string_view name) {
    std::map<std::string, std::string> map;
    auto index = find(name);
    if (!index) return map;
    if (in_.text_[*index].kind != Kind::object) {
        wrong(*index, "an object");
        return map;
    }
    for (std::uint32_t at = *index + 1; at < in_.text_[*index].next; at = in_.text_[at].next)
        map.emplace(in_.text_[at].key, text_at(at).value_or(""));
    return map;
}

void Fields::for_elements(std::string_view name, std::size_t count_max, std::function<void(std::uint32_t)> const& use) {
    auto index = find(name);
    if (!index) return;
    JsonText::Value const& array = in_.text_[*index];
    if (array.kind != Kind::array) return wrong(*index, "an array");
    if (array.count > count_max)
        return in_.mistake(*index, fmt::format("has {} elements; at most {} are allowed", array.count, count_max));
    // After a mistake the rest is not read: a hostile list of many wrong elements costs no more than one.
    for (std::uint32_t at = *index + 1; at < array.next && !in_.failed(); at = in_.text_[at].next) use(at);
}

} // namespace almd
