// Bearer tokens: signed, with an end on the wire clock, revocable; and the clients (service keys) they are made for.
#pragma once

#include "proto/http/certificates.hpp"
#include "proto/messages/service_key.hpp"
#include "simulator/cloud/cloud_scope.hpp"
#include "simulator/cloud/registration_book.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace almd {

/// One credential of a tenant: what a service key is made of.
struct CloudClient {
    std::string client_id, secret; ///< "sb-standin!b123|sapcloudalm!b456"; no secret: an X.509 key
    CloudTenant tenant = 0;
    std::string tenant_name, zone_id, xsappname;
    std::vector<std::string> scopes;              ///< short names
    std::string certificate_name;                 ///< common name of the X.509 key, if one was made
    std::string old_secret, old_certificate_name; ///< before the last rotation, good until old_ends
    WirePoint old_ends{};
    std::uint32_t rotations = 0;
    bool deleted = false;
    std::uint32_t generation = 0; ///< revoking adds one
    std::uint64_t token_calls = 0, tokens = 0, refused = 0;
};

class TokenIssuer {
public:
    static constexpr std::size_t token_bytes_max = 8 * 1024, clients_max = 1'000;

    /// `key_pem`: ES256 key that was checked before; empty, or another algorithm: a new one.
    TokenIssuer(std::uint64_t seed, bool seeded_secrets, std::chrono::seconds life, std::size_t cached_max,
                std::string_view key_pem = {}, TokenAlgorithm algorithm = TokenAlgorithm::es256);

    /// Its secret is derived from `root`, a private key, so that it is the same after a restart with that key. No root:
    /// from the operating system. On a virtual shard: from the seed.
    /// instance: name of the service instance, part of the client ID; empty: the tenant's name.
    CloudClient& add_client(CloudTenant tenant, std::string tenant_name, std::vector<std::string> scopes,
                            std::string_view root = {}, std::string instance = {});
    CloudClient* find(std::string_view client_id); ///< not one that was deleted
    CloudClient* find_certificate(std::string_view common_name, WirePoint now);
    bool has_instance(CloudTenant tenant, std::string_view instance) const; ///< not one that was deleted
    /// The secret before is good until old_ends; tokens that were made with it stay good. A secret that was rotated is new
    /// after a restart.
    void rotate_secret(CloudClient& client, WirePoint old_ends);
    void rotate_certificate(CloudClient& client, WirePoint old_ends);
    void remove(CloudClient& client); ///< its tokens end too
    std::deque<CloudClient> const& clients() const { return clients_; }

    /// Credentials were checked by the caller. origin: "https://localhost:8443", where the client asked; from there
    /// others get the keys. wanted: short names, a part of the client's scopes; nullptr: all of them.
    TokenAnswer issue(CloudClient& client, WirePoint now, std::string_view origin,
                      std::vector<std::string> const* wanted = nullptr);
    /// {"keys":[...]}: what everybody may check our tokens with.
    std::string key_set() const;

    enum class Standing : std::uint8_t { good, missing, unknown, expired, revoked };
    struct Caller {
        Standing standing = Standing::missing;
        CloudTenant tenant = 0;
        bool display = false, manage = false; ///< the two transport scopes
        CloudScopes scopes{};                 ///< all that we know by name
    };
    /// `authorization`: the header. The signature is verified at the first sight of a token, then known by its text.
    Caller check(std::string_view authorization, WirePoint now);

    /// All tokens that the client has now; empty: of every client. Answers how many clients.
    std::size_t revoke(std::string_view client_id);
    /// All tokens of the client that this one was given to; nothing if it is not ours.
    void revoke_owner_of(std::string_view authorization);

    std::chrono::seconds life() const { return life_; }
    void set_life(std::chrono::seconds life) { life_ = life; }
    std::string public_key_pem() const;
    std::uint64_t verifications() const { return verifications_; } ///< signatures checked; the rest came from the cache

private:
    struct Known {
        WirePoint ends{};
        CloudClient const* client = nullptr;
        std::uint64_t signature = 0; ///< of the client when the token was made
        bool display = false, manage = false;
        CloudScopes scopes{};
    };
    struct TextHash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    std::string_view algorithm() const;
    CloudClient& place_for(std::string_view client_id);
    std::string fresh_secret(CloudClient const& client) const;
    std::string const& header(std::string_view origin);
    Known const* verify(std::string_view token);
    std::uint64_t signature_of_client(CloudClient const& client) const;

    std::uint64_t seed_;
    bool seeded_;
    std::chrono::seconds life_;
    std::size_t cached_max_;
    std::variant<Es256Key, Rs256Key> key_;
    std::string key_id_, header_origin_, header_; // encoded once for each origin in a row
    std::deque<CloudClient> clients_;
    std::unordered_map<std::string, Known, TextHash, std::equal_to<>> known_;
    std::deque<std::string_view> order_; // keys of known_, oldest first
    std::uint64_t serial_ = 0, verifications_ = 0;
};

} // namespace almd
