// The service key that the SAP BTP cockpit gives (reference/cloud-alm.md 1.1 to 1.3), and the token answer.
#pragma once

#include "simulator/kernel/result.hpp"
#include "simulator/kernel/time.hpp"

#include <string>
#include <string_view>

namespace almd {

/// Both forms, nested (endpoints/uaa) or flat. A parsed key is complete: either a secret, or certificate and key.
struct ServiceKey {
    std::string api;            ///< endpoints.Api, ends in /api (V)
    std::string token_endpoint; ///< uaa.url, or uaa.certurl for X.509, plus /oauth/token (V)
    std::string client_id, client_secret;
    std::string certificate_pem, key_pem; ///< X.509 form
    std::string identity_zone;            ///< tenant name, may be empty
    // What libraries that check tokens want of a key (I: usual XSUAA); never read, written when there.
    std::string xsappname, zone_id, uaa_domain, verification_key_pem;
    bool is_x509() const { return !certificate_pem.empty(); }
    /// Root URL of ALM_SETUP: Api without /api (V).
    std::string root_url() const;
    /// The one tenant it opens: keys that were made anew, or have another form, open the same. A key without an identity
    /// zone stands for itself.
    std::string tenant() const;
    /// What identifies the credential in logs: the client id, never a secret.
    std::string_view label() const { return client_id; }
};

/// Errors name the missing or broken field and where it may stand ("uaa.url"); never a value of it. http:// only for
/// loopback.
Result<ServiceKey> parse_service_key(std::string_view json);
/// What the pop-up "Update destination" asks for: Token Endpoint, Client ID, Client Secret, Root URL (V).
struct KeyByFields {
    std::string token_endpoint, client_id, client_secret;
    std::string root_url; ///< without /api
};
/// Errors as parse_service_key's; they say which field of a key the value would stand in.
Result<ServiceKey> to_service_key(KeyByFields const& fields);
/// The nested secret form, as the cockpit would give it.
std::string encode(ServiceKey const& key);

/// Row 1 and 2: what the token endpoint answers.
struct TokenAnswer {
    std::string access_token;
    std::chrono::seconds expires_in{0};
    std::string scope, jti;
};
std::string encode(TokenAnswer const& message);
Result<TokenAnswer> decode_token_answer(std::string_view json);

} // namespace almd
