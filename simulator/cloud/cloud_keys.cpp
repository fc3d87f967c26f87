// Writing service keys.
#include "simulator/cloud/cloud_keys.hpp"

#include "simulator/cloud/plain_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace almd {

namespace {

/// What both forms of a key say about the tenant and its tokens.
ServiceKey common_key(CloudState const& cloud, CloudClient const& client, std::string_view public_origin,
                      std::string_view token_origin) {
    ServiceKey key;
    key.api = fmt::format("{}/api", public_origin);
    key.token_endpoint = fmt::format("{}/oauth/token", token_origin);
    key.client_id = client.client_id;
    key.identity_zone = client.tenant_name;
    key.zone_id = client.zone_id;
    key.xsappname = client.xsappname;
    key.verification_key_pem = cloud.tokens.public_key_pem();
    // Where libraries look for /token_keys, which needs no certificate.
    auto const scheme = public_origin.find("//");
    key.uaa_domain = scheme == std::string_view::npos ? public_origin : public_origin.substr(scheme + 2);
    return key;
}

} // namespace

ServiceKey secret_key(CloudState const& cloud, CloudClient const& client, std::string_view public_origin) {
    auto key = common_key(cloud, client, public_origin, public_origin);
    key.client_secret = client.secret;
    return key;
}

Result<ServiceKey> certificate_key(CloudState& cloud, CloudClient& client, std::string_view public_origin,
                                   std::string_view mtls_origin) {
    if (!cloud.settings.authority)
        return fail(ErrorCode::conflict,
                    "the stand-in was made without a certificate authority, so it cannot make X.509 keys");
    // Of an instance that was made again: the certificate of the deleted one has another name.
    if (client.certificate_name.empty())
        client.certificate_name =
            client.rotations == 0 ? client.xsappname : fmt::format("{}/{}", client.xsappname, client.rotations);
    LeafRequest leaf;
    leaf.common_name = client.certificate_name;
    leaf.client = true;
    auto pair = issue(*cloud.settings.authority, leaf, cloud.wire());
    if (!pair) return std::unexpected{pair.error()};
    auto key = common_key(cloud, client, public_origin, mtls_origin);
    key.certificate_pem = std::move(pair->certificate_pem) + cloud.settings.authority->certificate_pem;
    key.key_pem = std::move(pair->key_pem);
    return key;
}

Result<CloudClient*> add_instance(CloudState& cloud, CloudTenant tenant, std::string instance,
                                  std::optional<std::vector<std::string>> wanted) {
    if (instance.empty() || !is_plain_name(instance, instance_name_max))
        return fail(
            ErrorCode::invalid,
            fmt::format("instance: 1 to {} letters, digits, \".\", \"-\" and \"_\" were expected", instance_name_max));
    auto const& all = cloud.settings.scopes;
    auto scopes = wanted ? *std::move(wanted) : all;
    if (wanted) {
        std::ranges::sort(scopes);
        scopes.erase(std::ranges::unique(scopes).begin(), scopes.end());
    }
    for (auto const& scope : scopes)
        if (std::ranges::find(all, scope) == all.end())
            return fail(ErrorCode::invalid,
                        fmt::format("scopes: there is no scope {}; there are: {}", scope, fmt::join(all, ", ")));
    if (cloud.tokens.clients().size() >= TokenIssuer::clients_max)
        return fail(ErrorCode::full, fmt::format("the stand-in makes at most {} keys, those that were deleted included",
                                                 TokenIssuer::clients_max));
    if (cloud.tokens.has_instance(tenant, instance))
        return fail(
            ErrorCode::conflict,
            fmt::format("instance: there is a key of instance {}; delete it first, or take another name", instance));
    return &cloud.tokens.add_client(tenant, cloud.settings.tenants[tenant], std::move(scopes), {}, std::move(instance));
}

} // namespace almd
