// What it means when a token endpoint says no.
#include "agent/cloud/token_source.hpp"
#include "proto/messages/api_error.hpp"

#include <fmt/format.h>

namespace almd {

namespace {

constexpr std::size_t refusal_characters_max = 200;

std::string reason_of(std::string_view body) {
    auto const said = decode_api_error(body);
    auto const gap = said.code.empty() || said.message.empty() ? "" : ": ";
    return fmt::format("{}{}{}", said.code, gap, said.message).substr(0, refusal_characters_max);
}

std::string_view advice_for(int status, bool x509) {
    switch (status) {
    case 403: return x509 ? "the certificate is refused: was the key deleted?" : "this client may not have a token";
    case 404: return x509 ? "an X.509 key needs certurl, not url" : "check uaa.url of the service key";
    default:
        return x509 ? "check the client id: the part after | belongs to it"
                    : "the secret is wrong, old or shortened: delete the destination and enter the service key again";
    }
}

} // namespace

Error token_refusal(ServiceKey const& key, HttpResponse const& answer) {
    auto const reason = reason_of(answer.body);
    bool const refused = answer.status == 400 || answer.status == 401 || answer.status == 403 || answer.status == 404;
    if (!refused)
        return {code_of_status(answer.status).value_or(ErrorCode::protocol),
                fmt::format("token: POST {} answered {} {}", key.token_endpoint, answer.status, reason)};
    return {ErrorCode::refused,
            fmt::format("'Oauth access_token not found from Destination' {}: {} (POST {}, client id {}); {}",
                        answer.status, reason, key.token_endpoint, key.client_id,
                        advice_for(answer.status, key.is_x509()))};
}

} // namespace almd
