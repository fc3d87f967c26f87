// Making, checking and revoking tokens.
#include "simulator/cloud/token_issuer.hpp"

#include "proto/messages/json_writer.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace almd {

namespace {

constexpr std::string_view bearer = "bearer ";

std::string_view token_of(std::string_view authorization) {
    if (authorization.size() <= bearer.size()) return {};
    for (std::size_t i = 0; i < bearer.size(); ++i)
        if ((authorization[i] | 0x20) != bearer[i]) return {};
    auto const token = authorization.substr(bearer.size());
    return token.substr(std::min(token.find_first_not_of(' '), token.size())); // RFC 7235: one space or more
}

template <class Stream>
std::string secret_from(Stream& stream) {
    std::string raw;
    for (int i = 0; i < 32; ++i) raw += static_cast<char>(stream());
    return base64url(raw);
}

std::uint64_t from_hex(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return value;
}

std::variant<Es256Key, Rs256Key> make_key(std::string_view pem, TokenAlgorithm algorithm) {
    if (algorithm == TokenAlgorithm::rs256) return Rs256Key::generate();
    return pem.empty() ? Es256Key::generate() : Es256Key::from_pem(pem).value();
}

} // namespace

TokenIssuer::TokenIssuer(std::uint64_t seed, bool seeded_secrets, std::chrono::seconds life, std::size_t cached_max,
                         std::string_view key_pem, TokenAlgorithm algorithm)
    : seed_{seed}
    , seeded_{seeded_secrets}
    , life_{life}
    , cached_max_{cached_max}
    , key_{make_key(key_pem, algorithm)} {
    // A new key has a new name: who keeps our key set asks for it again after a restart.
    key_id_ = "standin-" + base64url(sha256(public_key_pem())).substr(0, 12);
}

std::string TokenIssuer::public_key_pem() const {
    return std::visit([](auto const& key) { return key.public_pem(); }, key_);
}

std::string_view TokenIssuer::algorithm() const {
    return std::holds_alternative<Es256Key>(key_) ? "ES256" : "RS256";
}

std::string TokenIssuer::key_set() const {
    auto const pem = nlohmann::json(public_key_pem()).dump();
    return fmt::format(R"({{"keys":[{{{},"use":"sig","alg":"{}","kid":"{}","value":{}}}]}})",
                       std::visit([](auto const& key) { return key.public_jwk(); }, key_), algorithm(), key_id_, pem);
}

/// jku: where the key set is, as tokens of XSUAA say it.
std::string const& TokenIssuer::header(std::string_view origin) {
    if (header_.empty() || header_origin_ != origin) {
        header_origin_ = origin;
        header_ = base64url(nlohmann::json{
            {"alg", algorithm()}, {"jku", fmt::format("{}/token_keys", origin)}, {"kid", key_id_}, {"typ", "JWT"}}
                                .dump());
    }
    return header_;
}

/// Who is made again under the name of a deleted one takes its place and goes on counting: tokens of the old one stay revoked.
CloudClient& TokenIssuer::place_for(std::string_view client_id) {
    auto const old = std::ranges::find_if(
        clients_, [client_id](CloudClient const& c) { return c.deleted && c.client_id == client_id; });
    if (old == clients_.end()) return clients_.emplace_back();
    CloudClient fresh;
    fresh.generation = old->generation;
    fresh.rotations = old->rotations + 1;
    return *old = std::move(fresh);
}

CloudClient& TokenIssuer::add_client(CloudTenant tenant, std::string tenant_name, std::vector<std::string> scopes,
                                     std::string_view root, std::string instance) {
    auto stream = Rng::stream(seed_, tenant, hash_text("service key" + instance));
    auto xsappname = fmt::format("{}!b{}", instance.empty() ? tenant_name : instance, 100'000 + stream.below(900'000));
    // The shape of a real one (V); the master application's number is the same for all tenants of a region.
    auto client_id = fmt::format("sb-{}|sapcloudalm!b{}", xsappname, 100'000 + Rng{seed_}.below(900'000));
    auto& client = place_for(client_id);
    client.tenant = tenant;
    client.zone_id = Uuid::from_hash(mix(seed_, hash_text(tenant_name)), mix(~seed_, hash_text(tenant_name))).text();
    client.xsappname = std::move(xsappname);
    client.client_id = std::move(client_id);
    client.tenant_name = std::move(tenant_name);
    client.scopes = std::move(scopes);
    if (client.rotations > 0) {
        client.secret = fresh_secret(client);
    } else if (seeded_) {
        client.secret = secret_from(stream);
    } else if (!root.empty()) {
        client.secret = base64url(sha256(fmt::format("client secret of {}\n{}", client.client_id, root)));
    } else {
        client.secret = base64url(random_bytes(32));
    }
    return client;
}

CloudClient* TokenIssuer::find(std::string_view client_id) {
    auto const found = std::ranges::find_if(
        clients_, [client_id](CloudClient const& c) { return !c.deleted && c.client_id == client_id; });
    return found == clients_.end() ? nullptr : &*found;
}

CloudClient* TokenIssuer::find_certificate(std::string_view common_name, WirePoint now) {
    if (common_name.empty()) return nullptr;
    auto const found = std::ranges::find_if(clients_, [&](CloudClient const& c) {
        return !c.deleted &&
               (c.certificate_name == common_name || (c.old_certificate_name == common_name && now < c.old_ends));
    });
    return found == clients_.end() ? nullptr : &*found;
}

bool TokenIssuer::has_instance(CloudTenant tenant, std::string_view instance) const {
    return std::ranges::any_of(clients_, [&](CloudClient const& c) {
        return !c.deleted && c.tenant == tenant && c.xsappname.substr(0, c.xsappname.rfind('!')) == instance;
    });
}

std::string TokenIssuer::fresh_secret(CloudClient const& client) const {
    if (!seeded_) return base64url(random_bytes(32));
    auto stream = Rng::stream(seed_, client.rotations, hash_text("rotated secret of " + client.client_id));
    return secret_from(stream);
}

void TokenIssuer::rotate_secret(CloudClient& client, WirePoint old_ends) {
    ++client.rotations;
    client.old_secret = std::exchange(client.secret, fresh_secret(client));
    client.old_ends = old_ends;
}

void TokenIssuer::rotate_certificate(CloudClient& client, WirePoint old_ends) {
    client.old_certificate_name =
        std::exchange(client.certificate_name, fmt::format("{}/{}", client.xsappname, ++client.rotations));
    client.old_ends = old_ends;
}

void TokenIssuer::remove(CloudClient& client) {
    client.deleted = true;
    ++client.generation;
    client.secret.clear();
    client.old_secret.clear();
}

/// rev_sig, as UAA tokens have it: changes when the client's tokens are revoked.
std::uint64_t TokenIssuer::signature_of_client(CloudClient const& client) const {
    return mix(mix(seed_, client.tenant), client.generation);
}

TokenAnswer TokenIssuer::issue(CloudClient& client, WirePoint now, std::string_view origin,
                               std::vector<std::string> const* wanted) {
    ++client.tokens;
    auto const serial = mix(mix(seed_, hash_text("jti")), ++serial_);
    auto const jti = fmt::format("{:016x}{:016x}", serial, mix(serial));
    // Never issued in the future, which who checks a token's age refuses: it ends up to a second before its life is over, so
    // less is told, 43199 for 12 hours as XSUAA does (I).
    auto const seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    auto const told = std::max(1s, std::chrono::floor<std::chrono::seconds>(seconds + life_ - now.time_since_epoch()));
    // The claims of XSUAA (I, usual BTP practice), as libraries look at them: audience, zone, enhancer.
    JsonWriter claims{2048};
    claims.begin_object();
    claims.field("jti", jti);
    claims.name("ext_attr");
    claims.begin_object();
    claims.field("enhancer", "XSUAA");
    claims.field("subaccountid", client.zone_id);
    claims.field("zdn", client.tenant_name);
    claims.end_object();
    for (auto const* member : {"sub", "client_id", "cid", "azp"}) claims.field(member, client.client_id);
    claims.field("aud", std::vector{client.client_id, client.xsappname});
    claims.field("grant_type", "client_credentials");
    claims.field("rev_sig", fmt::format("{:016x}", signature_of_client(client)));
    claims.field("iss", fmt::format("{}/oauth/token", origin));
    claims.field("zid", client.zone_id);
    claims.field("iat", seconds.count());
    claims.field("exp", (seconds + life_).count());
    claims.name("scope");
    claims.begin_array();
    std::string scope;
    for (auto const& name : wanted ? *wanted : client.scopes) {
        if (!scope.empty()) scope += ' ';
        auto const begin = scope.size();
        scope.append(client.xsappname).append(".").append(name);
        claims.value(std::string_view{scope}.substr(begin));
    }
    claims.end_array();
    claims.end_object();
    auto text = header(origin) + "." + base64url(claims.take());
    auto const signature = std::visit([&](auto const& key) { return key.sign(text); }, key_);
    text.append(".").append(base64url(signature));
    return {std::move(text), told, std::move(scope), jti};
}

TokenIssuer::Known const* TokenIssuer::verify(std::string_view token) {
    auto const dot = token.rfind('.'), first = token.find('.');
    if (dot == std::string_view::npos || dot <= first || token.size() > token_bytes_max) return nullptr;
    // Only our own algorithm and key are good: no other, no "none". Where the key set is said to be does not matter.
    auto const head = base64url_decode(token.substr(0, first));
    if (!head) return nullptr;
    auto const header = nlohmann::json::parse(*head, nullptr, false);
    auto const says = [&header](char const* member, std::string_view wanted) {
        auto const found = header.find(member);
        return found != header.end() && found->is_string() && found->get_ref<std::string const&>() == wanted;
    };
    if (!header.is_object() || !says("alg", algorithm()) || !says("kid", key_id_)) return nullptr;
    auto const signature = base64url_decode(token.substr(dot + 1));
    ++verifications_;
    auto const signed_text = token.substr(0, dot);
    if (!signature || !std::visit([&](auto const& key) { return key.verify(signed_text, *signature); }, key_))
        return nullptr;
    auto const payload = base64url_decode(token.substr(first + 1, dot - first - 1));
    if (!payload) return nullptr;
    auto const claims = nlohmann::json::parse(*payload, nullptr, false);
    if (!claims.is_object()) return nullptr;
    auto* client = find(claims.value("client_id", ""));
    if (client == nullptr) return nullptr;
    Known known;
    known.ends = WirePoint{std::chrono::seconds{claims.value("exp", std::int64_t{0})}};
    known.client = client;
    known.signature = from_hex(claims.value("rev_sig", ""));
    for (auto const& scope : claims.value("scope", nlohmann::json::array())) {
        if (!scope.is_string()) continue;
        known.scopes.add(scope.get_ref<std::string const&>());
    }
    known.display = known.scopes.has(CloudScope::transport_display);
    known.manage = known.scopes.has(CloudScope::transport_manage);
    if (order_.size() >= cached_max_) {
        known_.erase(known_.find(order_.front()));
        order_.pop_front();
    }
    auto const place = known_.emplace(std::string{token}, std::move(known)).first;
    order_.push_back(place->first);
    return &place->second;
}

TokenIssuer::Caller TokenIssuer::check(std::string_view authorization, WirePoint now) {
    auto const token = token_of(authorization);
    if (token.empty()) return {authorization.empty() ? Standing::missing : Standing::unknown};
    auto const found = known_.find(token);
    auto const* known = found != known_.end() ? &found->second : verify(token);
    if (known == nullptr) return {Standing::unknown};
    Caller caller{Standing::good, known->client->tenant, known->display, known->manage, known->scopes};
    if (now >= known->ends)
        caller.standing = Standing::expired;
    else if (known->signature != signature_of_client(*known->client))
        caller.standing = Standing::revoked;
    return caller;
}

std::size_t TokenIssuer::revoke(std::string_view client_id) {
    std::size_t revoked = 0;
    for (auto& client : clients_)
        if (!client.deleted && (client_id.empty() || client.client_id == client_id)) {
            ++client.generation;
            ++revoked;
        }
    return revoked;
}

void TokenIssuer::revoke_owner_of(std::string_view authorization) {
    auto const token = token_of(authorization);
    auto const found = known_.find(token);
    auto const* known = found != known_.end() ? &found->second : verify(token);
    if (known != nullptr) revoke(known->client->client_id);
}

} // namespace almd
