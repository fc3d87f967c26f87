// A schema as the validator walks it: compiled once, references resolved to indices. Private to this folder.
#pragma once

#include "proto/schema/text_pattern.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace almd {

/// Types as bits, so that a list of types and `nullable` are one mask.
enum TypeBit : std::uint8_t {
    null_type = 1,
    boolean_type = 2,
    integer_type = 4,
    number_type = 8, // a number schema has the integer bit too
    string_type = 16,
    array_type = 32,
    object_type = 64,
};
inline constexpr std::uint8_t any_type = 127;

enum class TextFormat : std::uint8_t { none, date_time, uuid };

/// enum and const: scalars only.
using SchemaScalar = std::variant<std::nullptr_t, bool, std::int64_t, std::string>;

struct SchemaNode {
    static constexpr std::uint32_t none = UINT32_MAX;

    struct Property {
        std::string name;
        std::uint32_t node = none;
        bool required = false;
    };

    std::uint8_t types = any_type;
    bool never = false;               // the schema `false`
    std::vector<Property> properties; // sorted by name, as the members of a value are
    bool additional_allowed = true;
    std::uint32_t additional = none;
    std::uint32_t items = none;
    bool unique_items = false;
    std::size_t items_min = 0, items_max = SIZE_MAX, members_min = 0;
    std::size_t length_min = 0, length_max = SIZE_MAX;
    std::optional<double> minimum, maximum;
    std::vector<SchemaScalar> values; // of enum or const; empty: any
    std::optional<TextPattern> pattern;
    std::string pattern_text;
    TextFormat format = TextFormat::none;
    std::vector<std::uint32_t> one_of, any_of, all_of;
    std::string allowed; // x-allowed
};

std::string to_text(SchemaScalar const& value);

} // namespace almd
