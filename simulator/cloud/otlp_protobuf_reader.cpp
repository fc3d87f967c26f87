// Reading pushed protobuf: it becomes the OTLP JSON that says the same, so that one reader judges every push.
#include "proto/http/certificates.hpp"
#include "proto/messages/json_writer.hpp"
#include "proto/schema/json_text.hpp"
#include "simulator/cloud/otlp.hpp"
#include "simulator/cloud/otlp_messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace almd {

namespace {

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

WireType wire_type_of(OtlpForm form) {
    switch (form) {
    case OtlpForm::boolean:
    case OtlpForm::whole: return WireType::varint;
    case OtlpForm::fixed32: return WireType::fixed32;
    case OtlpForm::fixed64:
    case OtlpForm::signed_64:
    case OtlpForm::floating_point: return WireType::fixed64;
    default: return WireType::bytes;
    }
}

struct WireField {
    std::uint64_t number = 0;
    WireType type{};
    std::uint64_t bits = 0; ///< unless it is bytes
    std::string_view bytes;
};

std::string hex_of(std::string_view bytes) {
    std::string out;
    for (char const byte : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return out;
}

/// Each message is looked through once to see what it has, and once more for each list in it: no memory but for the JSON.
class ProtobufReader {
public:
    explicit ProtobufReader(std::size_t bytes)
        : out_{2 * bytes + 64} {}

    Result<std::string> run(std::string_view bytes, OtlpMessage request) {
        message(bytes, request);
        if (error_) return std::unexpected{*error_};
        return out_.take();
    }

private:
    struct Seen {
        WireField last;
        std::uint32_t times = 0;
    };
    struct Step {
        std::string_view name;
        std::optional<std::size_t> index;
    };

    std::nullopt_t wrong(std::string_view sentence) {
        if (error_) return std::nullopt;
        std::string path;
        for (auto const& [name, index] : path_) {
            path.append(path.empty() ? "" : ".").append(name);
            if (index) path += fmt::format("[{}]", *index);
        }
        error_ = Error{ErrorCode::invalid, fmt::format("{}: {}", path.empty() ? "$" : path, sentence)};
        return std::nullopt;
    }

    std::optional<std::uint64_t> varint(std::string_view& rest) {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += 7) {
            auto const byte = static_cast<unsigned char>(rest.front());
            rest.remove_prefix(1);
            if (shift == 63 && byte > 1) break;
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
        return wrong("a varint ends too early or has more than 64 bits");
    }

    /// The first field of `rest`, which then begins behind it.
    std::optional<WireField> next(std::string_view& rest) {
        auto const tag = varint(rest);
        if (!tag) return std::nullopt;
        WireField field{*tag >> 3, static_cast<WireType>(*tag & 7), 0, {}};
        if (field.number == 0 || *tag > std::numeric_limits<std::uint32_t>::max())
            return wrong(fmt::format("field number {}; allowed: 1 to 536870911", field.number));
        auto length = std::optional<std::uint64_t>{};
        switch (field.type) {
        case WireType::varint: {
            auto const value = varint(rest);
            if (!value) return std::nullopt;
            field.bits = *value;
            return field;
        }
        case WireType::fixed64: length = 8; break;
        case WireType::fixed32: length = 4; break;
        case WireType::bytes: length = varint(rest); break;
        default: return wrong(fmt::format("field {} has wire type {}; allowed: 0, 1, 2 and 5", field.number, *tag & 7));
        }
        if (!length) return std::nullopt;
        if (*length > rest.size())
            return wrong(fmt::format("field {} has {} bytes, but {} are left", field.number, *length, rest.size()));
        field.bytes = rest.substr(0, *length);
        rest.remove_prefix(*length);
        if (field.type != WireType::bytes)
            for (std::size_t i = 0; i < *length; ++i)
                field.bits |= std::uint64_t{static_cast<unsigned char>(field.bytes[i])} << (8 * i);
        return field;
    }

    void message(std::string_view bytes, OtlpMessage kind) {
        if (++depth_ > JsonLimits{}.depth_max)
            return void(wrong(
                fmt::format("at most {} messages and lists inside each other are taken", JsonLimits{}.depth_max)));
        auto const fields = fields_of(kind);
        std::array<Seen, otlp_fields_max> seen{};
        for (auto rest = bytes; !rest.empty();) {
            auto const one = next(rest);
            if (!one) return;
            auto const field = std::ranges::find(fields, one->number, &OtlpField::number);
            if (field == fields.end()) continue;
            auto& place = seen[static_cast<std::size_t>(field - fields.begin())];
            if (!has_its_type(*field, *one, place.times)) return;
            if (field->count == OtlpCount::choice && place.times == 0)
                for (std::size_t i = 0; i < fields.size(); ++i)
                    if (fields[i].count == OtlpCount::choice) seen[i].times = 0; // the last one counts
            place = {*one, place.times + 1};
        }
        out_.begin_object();
        for (std::size_t i = 0; i < fields.size() && !error_; ++i)
            if (seen[i].times > 0 || fields[i].count == OtlpCount::sure_list) member(bytes, fields[i], seen[i]);
        out_.end_object();
        --depth_;
    }

    bool has_its_type(OtlpField const& field, WireField const& one, std::size_t index) {
        auto const expected = wire_type_of(field.form);
        if (one.type == expected) return true;
        path_.push_back({field.name, is_list(field) ? std::optional{index} : std::nullopt});
        wrong(fmt::format("has wire type {}; allowed: {}", static_cast<int>(one.type), static_cast<int>(expected)));
        return false;
    }

    static bool is_list(OtlpField const& field) {
        return field.count == OtlpCount::list || field.count == OtlpCount::sure_list;
    }

    void member(std::string_view bytes, OtlpField const& field, Seen const& seen) {
        out_.name(field.name);
        if (is_list(field)) return list(bytes, field, seen.times);
        path_.push_back({field.name, std::nullopt});
        if (field.form == OtlpForm::message && seen.times > 1)
            message(joined_parts(bytes, field), field.inside);
        else
            value(field, seen.last);
        path_.pop_back();
    }

    void list(std::string_view bytes, OtlpField const& field, std::size_t count) {
        ++depth_;
        out_.begin_array();
        for (std::size_t index = 0; index < count && !error_;) {
            auto const one = next(bytes);
            if (!one || one->number != field.number) continue; // all of them were read once: there are `count`
            path_.push_back({field.name, index++});
            value(field, *one);
            path_.pop_back();
        }
        out_.end_array();
        --depth_;
    }

    /// A message that comes in parts is what its parts are behind each other, says protobuf.
    std::string joined_parts(std::string_view bytes, OtlpField const& field) {
        std::string parts;
        while (!bytes.empty() && !error_)
            if (auto const one = next(bytes); one && one->number == field.number) parts += one->bytes;
        return parts;
    }

    void value(OtlpField const& field, WireField const& one) {
        switch (field.form) {
        case OtlpForm::text:
            if (!is_utf8(one.bytes)) return void(wrong("a text in UTF-8 was expected"));
            return out_.value(one.bytes);
        case OtlpForm::base64_bytes: return out_.value(base64(one.bytes));
        case OtlpForm::hex_bytes: return out_.value(hex_of(one.bytes));
        case OtlpForm::boolean: return out_.value(one.bits != 0);
        case OtlpForm::whole:
        case OtlpForm::fixed32:
        case OtlpForm::signed_64: return out_.value(static_cast<std::int64_t>(one.bits));
        case OtlpForm::fixed64: return out_.value(fmt::format("{}", one.bits));
        case OtlpForm::floating_point:
            if (auto const number = std::bit_cast<double>(one.bits); std::isfinite(number)) return out_.value(number);
            return void(wrong("a number was expected, not NaN or infinity"));
        case OtlpForm::message: return message(one.bytes, field.inside);
        case OtlpForm::refused: out_.begin_object(), out_.end_object();
        }
    }

    JsonWriter out_;
    std::vector<Step> path_;
    std::size_t depth_ = 0; // of the JSON
    std::optional<Error> error_;
};

} // namespace

Result<std::string> otlp_metrics_json(std::string_view protobuf) {
    return ProtobufReader{protobuf.size()}.run(protobuf, OtlpMessage::metrics_request);
}

Result<std::string> otlp_logs_json(std::string_view protobuf) {
    return ProtobufReader{protobuf.size()}.run(protobuf, OtlpMessage::logs_request);
}

} // namespace almd
