// Routes of service keys. A secret or a private key stands in the one answer that makes it, and nowhere else.
#include "simulator/cloud/admin_verbs.hpp"
#include "simulator/cloud/cloud_keys.hpp"

namespace almd {

namespace {

constexpr auto keep_max = std::chrono::days{30};

struct KeyVerbs {
    CloudState& state;

    HttpResponse create(RoutedRequest const& request) const {
        VerbBody body{request, {"instance", "scopes", "x509", "tenant"}};
        auto instance = body.text("instance");
        auto listed = body.texts("scopes", false);
        std::optional<std::vector<std::string>> scopes;
        if (body.has("scopes")) scopes = std::move(listed);
        bool const x509 = body.has("x509") && body.flag("x509");
        auto const tenant = state.tenant(body.text("tenant", false));
        if (body.mistake()) return *body.mistake();
        if (!tenant) return refuse(tenant.error(), "tenant");
        if (x509 && !state.settings.authority)
            return refuse({ErrorCode::conflict, "this stand-in has no certificate authority for X.509 keys"}, "x509");
        auto const client = add_instance(state, *tenant, std::move(instance), std::move(scopes));
        if (!client) return refuse(client.error());
        if (x509) (*client)->secret.clear(); // a key has one of the two
        return written(**client, x509, 201);
    }

    HttpResponse rotate(RoutedRequest const& request) const {
        VerbBody body{request, {"keep"}};
        auto keep = Duration::zero();
        if (auto const text = body.text("keep", false); !text.empty()) {
            auto const parsed = parse_duration(text);
            if (!parsed || *parsed < Duration::zero() || *parsed > keep_max)
                body.wrong("keep", "how long the old one is good, such as 10m, at most 30d");
            else
                keep = *parsed;
        }
        if (body.mistake()) return *body.mistake();
        auto* client = state.tokens.find(request.path_values[0]);
        if (client == nullptr) return unknown(request.path_values[0]);
        bool const x509 = client->secret.empty();
        auto const old_ends = state.wire() + std::chrono::duration_cast<WireDuration>(keep);
        x509 ? state.tokens.rotate_certificate(*client, old_ends) : state.tokens.rotate_secret(*client, old_ends);
        return written(*client, x509, 200);
    }

    HttpResponse remove(RoutedRequest const& request) const {
        auto* client = state.tokens.find(request.path_values[0]);
        if (client == nullptr) return unknown(request.path_values[0]);
        state.tokens.remove(*client);
        return HttpResponse{204};
    }

private:
    static HttpResponse unknown(std::string_view client_id) {
        return refuse({ErrorCode::not_found, fmt::format("there is no key {}; see /api/v1/cloud/keys", client_id)});
    }

    HttpResponse written(CloudClient& client, bool x509, int status) const {
        auto const key = x509 ? certificate_key(state, client, state.public_origin, state.mtls_origin)
                              : Result<ServiceKey>{secret_key(state, client, state.public_origin)};
        if (!key) return refuse(key.error());
        auto response = json_response(status, encode(*key));
        response.headers.emplace_back("Cache-Control", "no-store");
        return response;
    }
};

} // namespace

void mount_key_verbs(Router& router, CloudState& state) {
    KeyVerbs const verbs{state};
    add_verb(router, "POST", "keys", "createKey", verbs, &KeyVerbs::create);
    add_verb(router, "POST", "keys/{clientId}/rotate", "rotateKey", verbs, &KeyVerbs::rotate);
    add_verb(router, "DELETE", "keys/{clientId}", "deleteKey", verbs, &KeyVerbs::remove);
}

} // namespace almd
