// `almd cloud`: the stand-in alone.
#include "agent/composition.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace almd {

Exit cloud(CloudOptions const& options) {
    auto listen_at = HostPort::parse(options.listen);
    auto admin_at = HostPort::parse(options.admin);
    auto mtls_at = options.mtls_listen ? HostPort::parse(*options.mtls_listen) : listen_at;
    if (!listen_at) return complain(Exit::usage, "--listen: " + listen_at.error().context);
    if (!admin_at) return complain(Exit::usage, "--admin: " + admin_at.error().context);
    if (!mtls_at) return complain(Exit::usage, "--mtls-listen: " + mtls_at.error().context);
    if (!options.mtls_listen && listen_at->port != 0) ++mtls_at->port;

    std::string api_key;
    if (options.api_key_file) {
        auto first_line = read_secret(*options.api_key_file);
        if (!first_line) return complain(Exit::usage, "--api-key-file: " + first_line.error().context);
        api_key = std::move(*first_line);
    }

    Shard shard{Shard::RealTime{}};
    StandIn::Options stand_in_options{
        *listen_at, *mtls_at, options.tls_dir ? options.tls_dir->string() : "", CloudSettings{}, {}};
    stand_in_options.cloud.allow_duplicate_sids = options.allow_duplicate_sids;
    stand_in_options.cloud.api_key = std::move(api_key);
    if (options.seed) stand_in_options.cloud.seed = *options.seed;
    if (options.lease) stand_in_options.cloud.lease = std::chrono::floor<std::chrono::seconds>(*options.lease);
    if (options.token_life)
        stand_in_options.cloud.token_life = std::chrono::floor<std::chrono::seconds>(*options.token_life);
    if (options.token_algorithm == "RS256") stand_in_options.cloud.token_algorithm = TokenAlgorithm::rs256;
    stand_in_options.cloud.validate = !options.no_validation;
    if (options.text_bytes) stand_in_options.cloud.limits.text_bytes_max = *options.text_bytes;
    if (options.journal) stand_in_options.cloud.limits.journal_entries_max = *options.journal;
    if (options.faults) {
        auto faults = load_faults(options.faults->string());
        if (!faults) return complain(Exit::usage, faults.error().context);
        stand_in_options.cloud.faults = std::move(*faults);
    }
    auto stand_in = StandIn::start(shard, std::move(stand_in_options));
    if (!stand_in) return complain(Exit::usage, stand_in.error().context);
    Router routes;
    (*stand_in)->cloud().mount_admin(routes);
    RouterService service{routes};
    auto admin_server = listen_admin(shard, *admin_at, service);
    if (!admin_server) return complain(Exit::usage, admin_server.error().context);
    auto const hand_out = [](std::optional<std::filesystem::path> const& file, Result<ServiceKey> const& key) {
        if (!key) return Result<void>{std::unexpected{key.error()}};
        return write_secret(*file, encode(*key));
    };
    auto& made = **stand_in;
    if (options.service_key_out)
        if (auto done = hand_out(options.service_key_out, made.cloud().service_key(made.origin())); !done)
            return complain(Exit::usage, done.error().context);
    if (options.x509_key_out)
        if (auto done =
                hand_out(options.x509_key_out, made.cloud().x509_service_key(made.origin(), made.mtls_origin()));
            !done)
            return complain(Exit::usage, done.error().context);
    fmt::print("ready admin=http://{} cloud={} mtls={}\n", HostPort{admin_at->host, (*admin_server)->port()}.text(),
               made.origin(), made.mtls_origin());
    std::fflush(stdout);
    StopSignals signals{shard};
    shard.run();
    return Exit::good;
}

} // namespace almd
