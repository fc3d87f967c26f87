// The messages of opentelemetry-proto 1.x that a push is made of: what each field is in protobuf, and in JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace almd {

enum class OtlpForm : std::uint8_t {
    text,
    base64_bytes,
    hex_bytes,
    boolean,   ///< varint
    whole,     ///< varint
    fixed32,   ///< in JSON a number
    fixed64,   ///< in JSON a text
    signed_64, ///< sfixed64
    floating_point,
    message,
    refused, ///< a message that is not taken, whatever is in it
};
enum class OtlpCount : std::uint8_t {
    one,
    choice, ///< of a oneof; no message has two of them
    list,
    sure_list, ///< JSON has it when it is empty too
};
enum class OtlpMessage : std::uint8_t {
    metrics_request,
    resource_metrics,
    scope_metrics,
    metric,
    gauge,
    number_point,
    logs_request,
    resource_logs,
    scope_logs,
    log_record,
    resource,
    scope,
    key_value,
    key_value_list,
    any_value,
    array_value,
};

struct OtlpField {
    std::uint64_t number;
    std::string_view name; ///< in JSON
    OtlpForm form = OtlpForm::text;
    OtlpCount count = OtlpCount::one;
    OtlpMessage inside{}; ///< of a message
};

inline constexpr std::size_t otlp_fields_max = 11; ///< of one message
std::span<OtlpField const> fields_of(OtlpMessage message);

} // namespace almd
