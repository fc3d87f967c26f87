// A JSON text read once into a flat table of values: strict, bounded, without recursion; every value knows where it
// stands.
#pragma once

#include "simulator/kernel/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct JsonLimits {
    std::size_t bytes_max = 16 * 1024 * 1024;
    std::size_t depth_max = 64;
    std::size_t values_max = 500'000; ///< 64 bytes each
};

/// Why not nlohmann::json for requests: it keeps the last of two equal keys silently, does not say where a value stood, and
/// building its tree of a heartbeat takes 2.6 us, three times as long as decoding the message from this table. It is used
/// where a tree is wanted. The text must outlive this object: keys and strings without escapes are views into it.
class JsonText {
public:
    enum class Kind : std::uint8_t { null, boolean, integer, number, string, array, object };

    struct Value {
        std::string_view key;     ///< of a member of an object, else empty
        std::string_view text;    ///< of a string: decoded; of a number: as written
        std::int64_t integer = 0; ///< of an integer; of a boolean 0 or 1
        std::uint32_t offset = 0; ///< of its first byte
        std::uint32_t next = 0;   ///< index behind this value and all that is in it
        std::uint32_t count = 0;  ///< elements or members
        Kind kind = Kind::null;
        double number() const; ///< of an integer or a number
    };

    /// Errors (invalid, too_large) say line and column and what was expected, never what stood there: it may be a
    /// secret.
    static Result<JsonText> parse(std::string_view text, JsonLimits const& limits = {});

    /// In the order of the text, the whole document first, each value followed by what is in it.
    std::vector<Value> const& values() const { return values_; }
    Value const& operator[](std::uint32_t index) const { return values_[index]; }
    /// The first member whose name its object has before it already. Both are kept; who reads one of them decides which.
    std::optional<std::uint32_t> repeated_member() const;
    /// "transports[3].tasks[0]"; empty for the whole document.
    std::string path(std::uint32_t index) const;

private:
    friend class JsonTextParser;
    std::vector<Value> values_;
    std::unique_ptr<char[]> decoded_; // strings that had escapes
};

/// As JsonText::parse, and a member that is given twice is an error too, with its path in front: two readers of such a text may
/// understand two different things.
Result<JsonText> parse_request_body(std::string_view text);

struct TextPosition {
    std::size_t line = 1, column = 1; ///< columns count characters, not bytes
};
TextPosition position_of(std::string_view text, std::size_t offset);

/// JSON Schema counts 2.0 as an integer. Beyond 2^53 neighbours look alike, and nothing is one.
bool is_integer(double number);
bool is_utf8(std::string_view text);

/// Length of the valid UTF-8 character at the front of `text`, 0 if there is none (RFC 3629: no surrogates, no
/// overlongs).
std::size_t utf8_character(std::string_view text);

} // namespace almd
