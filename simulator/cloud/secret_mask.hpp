// Takes secrets out of what is kept or shown.
#pragma once

#include <string>
#include <string_view>

namespace almd {

inline constexpr std::string_view masked = "***";

/// "Bearer eyJ..." becomes "Bearer ***"; values of headers that carry no secret stay.
std::string masked_header(std::string_view name, std::string_view value);
/// A query or a form: the values of client_secret and its like.
std::string masked_form(std::string_view text);
/// JSON, also broken JSON: the texts of access_token, clientsecret and their like; private keys.
std::string masked_json(std::string_view text);

} // namespace almd
