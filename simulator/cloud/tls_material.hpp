// The stand-in's own certificate authority and server certificate, in a folder or in memory.
#pragma once

#include "proto/http/certificates.hpp"
#include "simulator/kernel/result.hpp"
#include "simulator/kernel/time.hpp"

#include <string>
#include <vector>

namespace almd {

struct TlsMaterial {
    KeyAndCertificate authority; ///< ca.pem (what clients trust) and ca-key.pem
    KeyAndCertificate server;    ///< server.pem, server-key.pem
};

/// `folder` empty: in memory only. Otherwise made at the first start (key files readable by the owner only) and used
/// again later; the server certificate is made anew when it ended or does not cover `hosts`. localhost, 127.0.0.1 and
/// ::1 are always covered. Errors name the file.
Result<TlsMaterial> open_tls_material(std::string const& folder, std::vector<std::string> hosts, WirePoint now);

} // namespace almd
