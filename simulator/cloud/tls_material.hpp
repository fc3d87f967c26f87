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
    std::string token_key_pem;   ///< token-key.pem: signs the tokens, so that they outlive a restart
    KeyAndCertificate server;    ///< made anew at every start: clients trust the authority, so it cannot be too old
};

/// `folder` empty: in memory only. Otherwise the authority is made at the first start (its key readable by the owner only)
/// and used again later. localhost, 127.0.0.1 and ::1 are always covered beside `hosts`. Errors name the file.
Result<TlsMaterial> open_tls_material(std::string const& folder, std::vector<std::string> hosts, WirePoint now);

} // namespace almd
