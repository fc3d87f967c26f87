// Rows 1 and 2: how a client asks for a token, in all the ways that are seen in the wild (reference/cloud-alm.md 1.4).
#pragma once

#include "proto/http/message.hpp"
#include "simulator/cloud/cloud_state.hpp"

#include <string_view>

namespace almd {

/// POST with a form, GET with a query; credentials as Basic or in the form. 401 `invalid_client` / "Bad credentials".
HttpResponse answer_token(CloudState& cloud, HttpRequest const& request, std::string_view query);
/// The certificate of the handshake and the client ID of the form must belong together: 403 for the one, 401 for the other.
HttpResponse answer_mtls_token(CloudState& cloud, HttpRequest const& request, std::string_view query);
/// The public keys as JSON Web Key Set, where XSUAA has them (/token_keys) and where others look.
HttpResponse answer_token_keys(CloudState& cloud);

} // namespace almd
