// Listens for the stand-in cloud: what `almd cloud`, `almd run` and `almd load` start alike. Only daemon.cpp's files know it.
#pragma once

#include "proto/http/server.hpp"
#include "simulator/cloud/cloud.hpp"
#include "simulator/cloud/tls_material.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace almd {

/// "127.0.0.1:8443", "[::1]:0".
struct HostPort {
    std::string host;
    std::uint16_t port = 0;
    static Result<HostPort> parse(std::string_view text);
    std::string text() const;
};

/// Owns the cloud and its listeners; everything on one shard.
class StandIn {
public:
    struct Options {
        HostPort listen, mtls_listen;
        std::string tls_dir; ///< empty: the authority lives in memory
        CloudSettings cloud;
        std::string via; ///< "http://127.0.0.1:4010": agents call this proxy in front of it; empty: there is none
    };
    static Result<std::unique_ptr<StandIn>> start(Shard& shard, Options options);

    Cloud& cloud() { return cloud_; }
    std::string origin() const { return "https://" + HostPort{reachable_host(), dialogue_->port()}.text(); }
    /// As the service keys of the agents in this process say it.
    std::string origin_for_agents() const { return via_.empty() ? origin() : via_; }
    std::string mtls_origin() const { return "https://" + HostPort{reachable_host(), mtls_->port()}.text(); }
    std::string const& authority_pem() const { return tls_.authority.certificate_pem; }
    HttpServer const& server() const { return *dialogue_; }

private:
    /// Every address is nothing that a client could call: this machine's own.
    std::string reachable_host() const { return host_ == "0.0.0.0" ? "127.0.0.1" : host_ == "::" ? "::1" : host_; }
    StandIn(Shard& shard, TlsMaterial tls, CloudSettings settings, std::string host);

    std::string host_, via_;
    TlsMaterial tls_;                      // the authority that agents have to trust
    Cloud cloud_;                          // state and rules
    std::unique_ptr<HttpServer> dialogue_; // rows 1 and 4 to 14
    std::unique_ptr<HttpServer> mtls_;     // row 2
};

} // namespace almd
