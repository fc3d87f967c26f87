// Reads a message field by field; remembers the first mistake with its path and goes on harmlessly. Private to the
// codecs.
#pragma once

#include "proto/ids.hpp"
#include "proto/schema/json_text.hpp"
#include "simulator/kernel/time.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// Longest text of a field, in characters; the contract has the same number.
inline constexpr std::size_t field_text_max = 1000;
/// Most elements of a list, unless the message says otherwise.
inline constexpr std::size_t field_list_max = 10'000;
/// Highest return code of tp that a message may carry.
inline constexpr int return_code_max = 9999;
/// What stands in for a request or a target that could not be read, after its mistake was noted.
inline TrRequest const no_request{SystemId::nth(0), 900001};
inline TransportTarget const no_target{SystemId::nth(0)};

/// Who wrote the message: requests of agents are taken literally (ErrorCode::invalid), in answers of the cloud unknown
/// fields are ignored and a mistake is ErrorCode::protocol. Secrets: an answer whose values no error may repeat.
enum class Speaker : std::uint8_t { agent, cloud, cloud_with_secrets };

/// One decode: the text and the first mistake in it.
class Decoding {
public:
    Decoding(std::string_view json, Speaker speaker);

    bool failed() const { return error_.has_value(); }
    Error take_error() { return std::move(*error_); }
    /// "<path>: <sentence>"; only the first one counts.
    void mistake(std::uint32_t index, std::string_view sentence);
    void mistake(std::string_view path, std::string_view sentence);

private:
    friend class Fields;
    Speaker speaker_;
    JsonText text_;
    std::optional<Error> error_;
};

/// The members of one object. Every named field must be there; `finish` refuses the others where the speaker is an
/// agent.
class Fields {
public:
    Fields(Decoding& decoding, std::uint32_t index);

    std::string text(std::string_view name, std::size_t characters_max = field_text_max);
    /// Absent or null: `otherwise`.
    std::string text_or(std::string_view name, std::string_view otherwise, std::size_t characters_max = field_text_max);
    bool boolean(std::string_view name);
    TimePoint time(std::string_view name);
    std::optional<TimePoint> time_or_null(std::string_view name);
    std::optional<std::string> text_or_null(std::string_view name);
    char letter(std::string_view name, std::string_view allowed);
    std::string one_of(std::string_view name, std::initializer_list<std::string_view> allowed);
    std::vector<std::string> texts(std::string_view name, std::size_t count_max = field_list_max);
    std::vector<std::string> texts_of(std::string_view name, std::initializer_list<std::string_view> allowed);
    std::map<std::string, std::string> text_map(std::string_view name);

    template <std::integral T>
    T integer(std::string_view name, std::int64_t min = 0, std::int64_t max = std::numeric_limits<T>::max()) {
        return static_cast<T>(integer_in(find(name), min, max));
    }
    template <std::integral T>
    T integer_or(std::string_view name, T otherwise, std::int64_t min, std::int64_t max) {
        return has(name) ? integer<T>(name, min, max) : otherwise;
    }
    std::optional<int> integer_or_null(std::string_view name, std::int64_t min, std::int64_t max);

    /// Values with a parse(text) of their own; `dummy` stands in after a mistake.
    template <class T, class Parse>
    T parsed(std::string_view name, T dummy, Parse parse) {
        return parsed_at(find(name), std::move(dummy), parse);
    }
    template <class T>
    T parsed(std::string_view name, T dummy) {
        return parsed(name, std::move(dummy), T::parse);
    }
    template <class T>
    std::optional<T> parsed_or_null(std::string_view name, T dummy) {
        std::optional<std::uint32_t> index = find(name);
        if (!index || is_null(*index)) return std::nullopt;
        return parsed_at(index, std::move(dummy), T::parse);
    }
    template <class T>
    std::vector<T> parsed_list(std::string_view name, T dummy) {
        std::vector<T> list;
        for_elements(name, field_list_max, [&](std::uint32_t at) { list.push_back(parsed_at(at, dummy, T::parse)); });
        return list;
    }

    /// `read(Fields&) -> T` for each element of an array of objects.
    template <class Read>
    auto objects(std::string_view name, Read read, std::size_t count_max = field_list_max) {
        std::vector<decltype(read(*this))> list;
        for_elements(name, count_max, [&](std::uint32_t at) {
            Fields fields{in_, at};
            list.push_back(read(fields));
            fields.finish();
        });
        return list;
    }
    /// `read(Fields&) -> T` for one object.
    template <class Read>
    auto object(std::string_view name, Read read) {
        Fields fields{in_, find(name).value_or(nowhere)};
        auto value = read(fields);
        fields.finish();
        return value;
    }

    bool has(std::string_view name); ///< there and not null
    void mistake(std::string_view name, std::string_view sentence);
    void finish();

private:
    static constexpr std::uint32_t nowhere =
        UINT32_MAX; // an object that is not there: its fields are not asked for again

    std::optional<std::uint32_t> find(std::string_view name, bool required = true);
    void wrong(std::uint32_t index, std::string_view expected);
    bool is_null(std::uint32_t index) const;
    std::optional<std::string_view> text_at(std::uint32_t index, std::size_t characters_max = field_text_max);
    std::int64_t integer_in(std::optional<std::uint32_t> index, std::int64_t min, std::int64_t max);
    TimePoint time_at(std::uint32_t index);
    std::string one_of_at(std::uint32_t index, std::initializer_list<std::string_view> allowed);
    void for_elements(std::string_view name, std::size_t count_max, std::function<void(std::uint32_t)> const& use);

    template <class T, class Parse>
    T parsed_at(std::optional<std::uint32_t> index, T dummy, Parse parse) {
        std::optional<std::string_view> text = index ? text_at(*index) : std::nullopt;
        if (!text) return dummy;
        auto value = parse(*text);
        if (value) return *std::move(value);
        in_.mistake(*index, value.error().context);
        return dummy;
    }

    Decoding& in_;
    std::uint32_t index_;
    std::uint32_t expected_ = 0;     // where the next field stands if the sender keeps our order
    std::uint32_t expected_nth_ = 0; // and its position among the members
    std::uint64_t taken_ = 0;        // members that were asked for, by position; no message of ours has 64 fields
    std::array<std::string_view, 24> asked_{};
    std::size_t asked_count_ = 0;
};

/// Parses, lets `read` fill the message, and answers it or the first mistake.
template <class T, class Read>
Result<T> decode(std::string_view json, Speaker speaker, T message, Read read) {
    Decoding in{json, speaker};
    if (!in.failed()) {
        Fields fields{in, 0};
        read(fields, message);
        fields.finish();
    }
    if (in.failed()) return std::unexpected{in.take_error()};
    return message;
}

} // namespace almd
