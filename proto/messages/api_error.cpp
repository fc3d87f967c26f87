// Codec of refusals; reading is lenient, because proxies and token servers answer in their own words.
#include "proto/messages/api_error.hpp"

#include "proto/messages/json_writer.hpp"
#include "proto/schema/json_text.hpp"

namespace almd {

namespace {

constexpr std::size_t foreign_text_max = 200;

using Kind = JsonText::Kind;

std::string_view member(JsonText const& json, std::uint32_t object, std::string_view name) {
    for (std::uint32_t at = object + 1; at < json[object].next; at = json[at].next) {
        if (json[at].key == name && json[at].kind == Kind::string) return json[at].text;
    }
    return {};
}

std::string printable(std::string_view text) {
    std::string out;
    while (!text.empty() && out.size() < foreign_text_max) {
        std::size_t length = utf8_character(text);
        auto first = static_cast<unsigned char>(text.front());
        bool shown = length > 1 || (length == 1 && first > 0x20 && first != 0x7f);
        if (shown)
            out += text.substr(0, length);
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

} // namespace

std::string encode(ApiError const& error) {
    JsonWriter out{64 + error.code.size() + error.message.size() + error.target.size()};
    out.begin_object();
    out.name("error");
    out.begin_object();
    out.field("code", error.code);
    out.field("message", error.message);
    out.field("target", error.target.empty() ? std::nullopt : std::optional{error.target});
    out.end_object();
    out.end_object();
    return out.take();
}

ApiError decode_api_error(std::string_view body) {
    auto foreign = [&] { return ApiError{{}, printable(body), {}}; };
    Result<JsonText> json = JsonText::parse(body);
    if (!json || (*json)[0].kind != Kind::object) return foreign();
    for (std::uint32_t at = 1; at < json->values().size(); at = (*json)[at].next) {
        JsonText::Value const& value = (*json)[at];
        if (value.key != "error") continue;
        if (value.kind == Kind::object)
            return {std::string{member(*json, at, "code")}, std::string{member(*json, at, "message")},
                    std::string{member(*json, at, "target")}};
        // RFC 6749 5.2, what token servers answer.
        if (value.kind == Kind::string)
            return {std::string{value.text}, std::string{member(*json, 0, "error_description")}, {}};
    }
    return foreign();
}

} // namespace almd
