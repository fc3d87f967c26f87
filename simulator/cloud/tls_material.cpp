// Making, keeping and renewing the stand-in's certificates.
#include "simulator/cloud/tls_material.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace almd {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view authority_name = "almd stand-in authority";

Result<std::string> read(fs::path const& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    if (!in || !(text << in.rdbuf()))
        return fail(ErrorCode::io, fmt::format("{}: cannot be read; remove it to have it made anew", file.string()));
    return std::move(text).str();
}

/// Keys are created unreadable for others, before anything stands in them.
Result<void> write(fs::path const& file, std::string const& text, bool secret) {
    std::error_code ec;
    fs::remove(file, ec);
    {
        std::ofstream touch{file, std::ios::binary};
    }
    fs::permissions(file,
                    secret ? fs::perms::owner_read | fs::perms::owner_write
                           : fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read |
                                 fs::perms::others_read,
                    ec);
    std::ofstream out{file, std::ios::binary | std::ios::app};
    out << text;
    out.close();
    if (ec || !out) return fail(ErrorCode::io, fmt::format("{}: cannot be written", file.string()));
    return {};
}

Result<KeyAndCertificate> read_pair(fs::path const& certificate, fs::path const& key) {
    auto text = read(certificate);
    if (!text) return std::unexpected{text.error()};
    auto secret = read(key);
    if (!secret) return std::unexpected{secret.error()};
    return KeyAndCertificate{*std::move(text), *std::move(secret)};
}

Result<void> write_pair(KeyAndCertificate const& pair, fs::path const& certificate, fs::path const& key) {
    if (auto done = write(key, pair.key_pem, true); !done) return done;
    return write(certificate, pair.certificate_pem, false);
}

Result<std::string> open_token_key(fs::path const& file) {
    std::error_code ec;
    if (file.empty() || !fs::exists(file, ec)) {
        auto pem = Es256Key::generate().private_pem();
        if (!file.empty())
            if (auto done = write(file, pem, true); !done) return std::unexpected{done.error()};
        return pem;
    }
    auto pem = read(file);
    if (!pem) return pem;
    if (auto key = Es256Key::from_pem(*pem); !key)
        return fail(ErrorCode::invalid,
                    fmt::format("{}: {}; remove it to have it made anew", file.string(), key.error().context));
    return pem;
}

std::vector<std::string> all_hosts(std::vector<std::string> hosts) {
    for (auto const* usual : {"localhost", "127.0.0.1", "::1"}) hosts.emplace_back(usual);
    // Listening on every address is no name that a client could call.
    std::erase_if(hosts, [](std::string const& host) { return host.empty() || host == "0.0.0.0" || host == "::"; });
    std::ranges::sort(hosts);
    hosts.erase(std::ranges::unique(hosts).begin(), hosts.end());
    return hosts;
}

} // namespace

Result<TlsMaterial> open_tls_material(std::string const& folder, std::vector<std::string> hosts, WirePoint now) {
    fs::path const dir{folder};
    auto const ca = dir / "ca.pem", ca_key = dir / "ca-key.pem";
    std::error_code ec;
    if (!folder.empty()) {
        fs::create_directories(dir, ec);
        if (ec) return fail(ErrorCode::io, fmt::format("{}: cannot be made: {}", folder, ec.message()));
    }
    bool const kept = !folder.empty() && fs::exists(ca, ec);
    auto authority = kept ? read_pair(ca, ca_key) : make_authority(std::string{authority_name}, now);
    if (!authority) return std::unexpected{authority.error()};
    if (!folder.empty() && !kept)
        if (auto done = write_pair(*authority, ca, ca_key); !done) return std::unexpected{done.error()};
    auto token_key = open_token_key(folder.empty() ? fs::path{} : dir / "token-key.pem");
    if (!token_key) return std::unexpected{token_key.error()};
    auto server =
        issue(*authority, LeafRequest{.common_name = "almd stand-in", .hosts = all_hosts(std::move(hosts))}, now);
    if (!server && kept)
        return fail(ErrorCode::invalid, fmt::format("{}: {}; remove ca.pem and ca-key.pem to have a new authority made",
                                                    folder, server.error().context));
    if (!server) return std::unexpected{server.error()};
    return TlsMaterial{*std::move(authority), *std::move(token_key), *std::move(server)};
}

} // namespace almd
