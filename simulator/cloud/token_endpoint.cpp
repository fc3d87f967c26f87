// Reading token requests and answering them.
#include "simulator/cloud/token_endpoint.hpp"

#include "proto/http/certificates.hpp"
#include "proto/http/router.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace almd {

namespace {

struct Credentials {
    std::string id, secret;
};

struct TokenForm {
    Query body, query;

    std::string get(std::string_view key) const {
        if (auto value = body.get(key)) return *std::move(value);
        return query.get(key).value_or("");
    }
};

/// The UAA's shape, not the contract's.
HttpResponse uaa_error(int status, std::string_view error, std::string_view description) {
    return json_response(status, nlohmann::json{{"error", error}, {"error_description", description}}.dump());
}

HttpResponse bad_credentials() {
    auto response = uaa_error(401, "invalid_client", "Bad credentials");
    response.headers.emplace_back("WWW-Authenticate", R"(Basic realm="UAA/client")");
    return response;
}

bool is_form(HttpRequest const& request) {
    return find_header(request.headers, "Content-Type").starts_with("application/x-www-form-urlencoded");
}

std::optional<Credentials> basic(std::string_view authorization) {
    constexpr std::string_view scheme = "Basic ";
    if (!authorization.starts_with(scheme)) return std::nullopt;
    auto const pair = base64_decode(authorization.substr(scheme.size()));
    if (!pair) return std::nullopt;
    auto const colon = pair->find(':');
    if (colon == std::string::npos) return std::nullopt;
    return Credentials{pair->substr(0, colon), pair->substr(colon + 1)};
}

/// Takes as long for a wrong secret as for the right one.
bool equal_secrets(std::string_view a, std::string_view b) {
    unsigned different = a.size() == b.size() ? 0U : 1U;
    for (std::size_t i = 0; i < a.size(); ++i)
        different |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(i < b.size() ? b[i] : 0);
    return different == 0;
}

/// RFC 6749 wants ID and secret percent-encoded inside Basic; hardly anybody does it. Both are taken.
bool is(std::string_view said, std::string_view wanted) {
    return equal_secrets(said, wanted) || equal_secrets(percent_decode(said).value_or(""), wanted);
}

/// An X.509 key has no secret, so that nothing is one.
bool knows_secret(CloudClient const& client, std::string_view said, WirePoint now) {
    if (!client.secret.empty() && is(said, client.secret)) return true;
    return !client.old_secret.empty() && now < client.old_ends && is(said, client.old_secret);
}

/// RFC 6749, 3.2: no parameter more than once. The same value in the URL and in the body is common, and harmless.
bool is_ambiguous(TokenForm const& form, std::string_view key) {
    auto const times = [key](Query const& query) {
        return std::ranges::count(query.all(), key, [](auto const& pair) { return std::string_view{pair.first}; });
    };
    if (times(form.body) > 1 || times(form.query) > 1) return true;
    auto const in_body = form.body.get(key), in_query = form.query.get(key);
    return in_body && in_query && *in_body != *in_query;
}

/// What the form says of the client, if it says something, must be what Basic says.
bool contradicts(TokenForm const& form, Credentials const& by_header) {
    auto const id = form.get("client_id"), secret = form.get("client_secret");
    return (!id.empty() && !is(by_header.id, id)) || (!secret.empty() && !is(by_header.secret, secret));
}

std::optional<HttpResponse> refuse_form(HttpRequest const& request, TokenForm const& form) {
    if (auto const coding = content_coding(request); !coding.empty()) {
        auto response =
            uaa_error(415, "invalid_request",
                      fmt::format("Content-Encoding {} is not unpacked here; allowed: identity, the form as it is",
                                  in_quotes(coding)));
        response.headers.emplace_back("Accept-Encoding", "identity");
        return response;
    }
    if (request.method == "POST" && !request.body.empty() && !is_form(request))
        return uaa_error(415, "invalid_request", "Content-Type must be application/x-www-form-urlencoded");
    for (std::string_view const key : {"grant_type", "client_id", "client_secret", "scope"})
        if (is_ambiguous(form, key))
            return uaa_error(400, "invalid_request",
                             fmt::format("{} is given twice; once is allowed, in the body or in the URL", key));
    auto const grant = form.get("grant_type");
    if (grant.empty()) return uaa_error(400, "invalid_request", "Missing grant type");
    if (grant != "client_credentials")
        return uaa_error(400, "unsupported_grant_type", "Unsupported grant type; allowed: client_credentials");
    return std::nullopt;
}

TokenForm read_form(HttpRequest const& request, std::string_view query) {
    return {request.method == "POST" ? Query::parse(request.body) : Query{}, Query::parse(query)};
}

/// A scope is asked for by its short or its full name; the UAA gives what is asked for and never more than there is.
std::vector<std::string> asked_of(CloudClient const& client, std::string_view scope) {
    std::vector<std::string> asked;
    while (!scope.empty()) {
        auto const end = scope.find(' ');
        auto const one = scope.substr(0, end);
        scope = end == std::string_view::npos ? std::string_view{} : scope.substr(end + 1);
        for (auto const& has : client.scopes)
            if (one == has || (one.starts_with(client.xsappname) && one.substr(client.xsappname.size()) == "." + has))
                asked.push_back(has);
    }
    return asked;
}

/// "https://localhost:8443" of a call to it: who checks our tokens gets the keys where the client got the token.
std::string origin_of(HttpRequest const& request, CloudClient const& client) {
    if (request.host.empty()) return fmt::format("https://{}.authentication.standin.localhost", client.tenant_name);
    return "https://" + request.host;
}

HttpResponse issue_to(CloudState& cloud, CloudClient& client, std::string_view origin, TokenForm const& form) {
    TokenAnswer token;
    if (auto const scope = form.get("scope"); !scope.empty()) {
        auto const asked = asked_of(client, scope);
        if (asked.empty()) return uaa_error(400, "invalid_scope", "None of the requested scopes belongs to the client");
        token = cloud.tokens.issue(client, cloud.wire(), origin, &asked);
    } else {
        token = cloud.tokens.issue(client, cloud.wire(), origin);
    }
    auto response = json_response(200, encode(token));
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

} // namespace

HttpResponse answer_token(CloudState& cloud, HttpRequest const& request, std::string_view query) {
    auto const form = read_form(request, query);
    auto said = basic(find_header(request.headers, "Authorization"));
    bool const contradiction = said && contradicts(form, *said);
    if (!said) said = Credentials{form.get("client_id"), form.get("client_secret")};
    auto* client = cloud.tokens.find(said->id);
    if (client == nullptr) client = cloud.tokens.find(percent_decode(said->id).value_or(""));
    if (client != nullptr) ++client->token_calls;
    if (auto refusal = refuse_form(request, form)) return *std::move(refusal);
    if (contradiction)
        return uaa_error(400, "invalid_request",
                         "The Authorization header and the form name different clients or secrets; send them in one "
                         "of the two places");
    if (client == nullptr) return bad_credentials();
    if (!knows_secret(*client, said->secret, cloud.wire())) {
        ++client->refused;
        return bad_credentials();
    }
    return issue_to(cloud, *client, origin_of(request, *client), form);
}

HttpResponse answer_mtls_token(CloudState& cloud, HttpRequest const& request, std::string_view query) {
    auto const form = read_form(request, query);
    if (auto refusal = refuse_form(request, form)) return *std::move(refusal);
    auto const name = common_name_of(request.peer_certificate_pem);
    auto const* owner = name ? cloud.tokens.find_certificate(*name, cloud.wire()) : nullptr;
    if (owner == nullptr)
        return uaa_error(403, "access_denied", "The client certificate is not known here; was the key deleted?");
    auto* client = cloud.tokens.find(form.get("client_id"));
    if (client == nullptr || client != owner) {
        if (client != nullptr) ++client->refused;
        return uaa_error(401, "invalid_client", "Bad credentials");
    }
    ++client->token_calls;
    // Keys and issuer are those of the other listener: who checks a token has no client certificate.
    return issue_to(cloud, *client, cloud.public_origin, form);
}

HttpResponse answer_token_keys(CloudState& cloud) {
    auto response = json_response(200, cloud.tokens.key_set());
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

} // namespace almd
