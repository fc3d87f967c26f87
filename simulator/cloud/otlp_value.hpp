// The values of OTLP, typed and nested, as they came; and what rows have in common: their resource and their scope.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace almd {

struct OtlpValue;
struct OtlpAttribute;
using OtlpArray = std::vector<OtlpValue>;
using OtlpAttributes = std::vector<OtlpAttribute>; ///< also a KeyValueList
struct OtlpBytes {
    std::string bytes;
};

/// AnyValue of opentelemetry-proto 1.x; monostate: there is none.
struct OtlpValue {
    std::variant<std::monostate, std::string, bool, std::int64_t, double, OtlpBytes, OtlpArray, OtlpAttributes> is;
};
struct OtlpAttribute {
    std::string key;
    OtlpValue value;
};

struct OtlpResource {
    OtlpAttributes attributes;
    std::string schema_url;
    std::uint32_t dropped_attributes = 0;
};
struct OtlpScope {
    std::string name, version, schema_url;
    OtlpAttributes attributes;
    std::uint32_t dropped_attributes = 0;
};

/// Null: no such key. The first one counts.
OtlpValue const* find_attribute(OtlpAttributes const& attributes, std::string_view key);
/// Of an attribute that is a text; empty: none.
std::string_view text_attribute(OtlpAttributes const& attributes, std::string_view key);
/// For people and labels: a text as it is, bytes in base64, lists and maps as JSON.
std::string text_of(OtlpValue const& value);

/// What is kept besides the struct itself.
std::size_t bytes_of(OtlpValue const& value);
std::size_t bytes_of(OtlpAttributes const& attributes);

} // namespace almd
