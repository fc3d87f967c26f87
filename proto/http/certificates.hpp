// Certificates, keys and signatures: all OpenSSL that is not the TLS stream itself.
#pragma once

#include "simulator/kernel/result.hpp"
#include "simulator/kernel/time.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct KeyAndCertificate {
    std::string certificate_pem, key_pem;
};

/// A self-signed certificate authority, P-256, valid 10 years from `now`.
Result<KeyAndCertificate> make_authority(std::string const& common_name, WirePoint now);
/// A leaf signed by `authority`: server (DNS names and IP addresses) or client certificate, P-256.
struct LeafRequest {
    std::string common_name;
    std::vector<std::string> hosts; ///< "localhost", "127.0.0.1"
    bool client = false;            ///< extended key usage clientAuth instead of serverAuth
    std::chrono::days life{365};
};
Result<KeyAndCertificate> issue(KeyAndCertificate const& authority, LeafRequest const& request, WirePoint now);
Result<std::string> common_name_of(std::string_view certificate_pem);

std::string base64url(std::string_view bytes);
Result<std::string> base64url_decode(std::string_view text);
std::string base64(std::string_view bytes);
Result<std::string> base64_decode(std::string_view text);
std::string sha256(std::string_view bytes); ///< 32 raw bytes
std::string random_bytes(std::size_t n);    ///< from the operating system; not for simulated chance

/// ES256 (ECDSA P-256, the 64-byte JOSE form). Holds the parsed key: make one, use it often, from one thread.
class Es256Key {
public:
    static Es256Key generate();
    static Result<Es256Key> from_pem(std::string_view private_pem);
    std::string sign(std::string_view data) const;
    bool verify(std::string_view data, std::string_view signature) const;
    std::string public_pem() const;
    std::string private_pem() const;
    /// The members of RFC 7517 that tell the public key: "kty":"EC","crv":"P-256","x":"...","y":"..." (no braces).
    std::string public_jwk() const;
    Es256Key(Es256Key&&) noexcept;
    Es256Key& operator=(Es256Key&&) noexcept;
    ~Es256Key();

private:
    struct Impl;
    explicit Es256Key(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// RS256 (RSA 2048, PKCS #1 v1.5), what many libraries take for granted. Making one takes about 0.1 s, a signature 20
/// times as long as ES256.
class Rs256Key {
public:
    static Rs256Key generate();
    std::string sign(std::string_view data) const;
    bool verify(std::string_view data, std::string_view signature) const;
    std::string public_pem() const;
    std::string public_jwk() const; ///< "kty":"RSA","e":"AQAB","n":"..."
    Rs256Key(Rs256Key&&) noexcept;
    Rs256Key& operator=(Rs256Key&&) noexcept;
    ~Rs256Key();

private:
    struct Impl;
    explicit Rs256Key(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace almd
