// Looking at OTLP values.
#include "simulator/cloud/otlp_value.hpp"

#include "proto/http/certificates.hpp"
#include "simulator/cloud/otlp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

OtlpValue const* find_attribute(OtlpAttributes const& attributes, std::string_view key) {
    auto const found = std::ranges::find(attributes, key, &OtlpAttribute::key);
    return found == attributes.end() ? nullptr : &found->value;
}

std::string_view text_attribute(OtlpAttributes const& attributes, std::string_view key) {
    auto const* value = find_attribute(attributes, key);
    auto const* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->is);
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

std::string text_of(OtlpValue const& value) {
    if (std::holds_alternative<std::monostate>(value.is)) return {};
    if (auto const* text = std::get_if<std::string>(&value.is)) return *text;
    if (auto const* flag = std::get_if<bool>(&value.is)) return *flag ? "true" : "false";
    if (auto const* whole = std::get_if<std::int64_t>(&value.is)) return fmt::format("{}", *whole);
    if (auto const* number = std::get_if<double>(&value.is)) return fmt::format("{}", *number);
    if (auto const* data = std::get_if<OtlpBytes>(&value.is)) return base64(data->bytes);
    return otlp_json(value);
}

std::size_t bytes_of(OtlpValue const& value) {
    if (auto const* text = std::get_if<std::string>(&value.is)) return text->size();
    if (auto const* data = std::get_if<OtlpBytes>(&value.is)) return data->bytes.size();
    if (auto const* map = std::get_if<OtlpAttributes>(&value.is)) return bytes_of(*map);
    std::size_t bytes = 0;
    if (auto const* list = std::get_if<OtlpArray>(&value.is))
        for (auto const& one : *list) bytes += sizeof one + bytes_of(one);
    return bytes;
}

std::size_t bytes_of(OtlpAttributes const& attributes) {
    std::size_t bytes = 0;
    for (auto const& one : attributes) bytes += sizeof one + one.key.size() + bytes_of(one.value);
    return bytes;
}

} // namespace almd
