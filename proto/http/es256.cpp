// Digests, randomness and ES256 signatures.
#include "proto/http/certificates.hpp"
#include "proto/http/openssl_handles.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/sha.h>

#include <array>
#include <cerrno>
#include <sys/random.h>
#include <system_error>

namespace almd {

namespace {

using namespace openssl;

using Signature = Handle<ECDSA_SIG, ECDSA_SIG_free>;
constexpr int number_bytes = 32; ///< JOSE writes r and s with 32 bytes each

unsigned char const* bytes_of(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}

std::string jose_from_der(std::string_view der) {
    auto const* at = bytes_of(der);
    Signature const signature{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
    std::string out(2 * number_bytes, '\0');
    auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes, number_bytes) != number_bytes ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes + number_bytes, number_bytes) != number_bytes)
        return {};
    return out;
}

std::string der_from_jose(std::string_view jose) {
    if (jose.size() != 2 * number_bytes) return {};
    Signature const signature{ECDSA_SIG_new()};
    BigNumber r{BN_bin2bn(bytes_of(jose), number_bytes, nullptr)};
    BigNumber s{BN_bin2bn(bytes_of(jose) + number_bytes, number_bytes, nullptr)};
    if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
    r.release(); // set0 took them
    s.release();
    unsigned char* der = nullptr;
    int const size = i2d_ECDSA_SIG(signature.get(), &der);
    if (size <= 0) return {};
    std::string out(reinterpret_cast<char const*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

} // namespace

std::string sha256(std::string_view bytes) {
    std::string out(SHA256_DIGEST_LENGTH, '\0');
    SHA256(bytes_of(bytes), bytes.size(), reinterpret_cast<unsigned char*>(out.data()));
    return out;
}

std::string random_bytes(std::size_t n) {
    constexpr std::size_t chunk = 256; // getentropy gives no more at once
    std::string out(n, '\0');
    for (std::size_t at = 0; at < n; at += chunk)
        if (getentropy(out.data() + at, std::min(chunk, n - at)) != 0)
            throw std::system_error(errno, std::generic_category(), "the operating system gives no random bytes");
    return out;
}

struct Es256Key::Impl {
    explicit Impl(Key with)
        : key{std::move(with)}
        , signing{EVP_PKEY_CTX_new(key.get(), nullptr)} {
        if (!signing || EVP_PKEY_sign_init(signing.get()) != 1)
            throw std::system_error(ENOTSUP, std::generic_category(), "OpenSSL does not sign with a P-256 key");
    }

    Key key;
    KeyContext signing; ///< made once: 5 us of the 32 of a signature
};

Es256Key::Es256Key(std::unique_ptr<Impl> impl)
    : impl_{std::move(impl)} {
}
Es256Key::Es256Key(Es256Key&&) noexcept = default;
Es256Key& Es256Key::operator=(Es256Key&&) noexcept = default;
Es256Key::~Es256Key() = default;

Es256Key Es256Key::generate() {
    Key key{EVP_EC_gen("P-256")};
    if (!key) throw std::system_error(ENOTSUP, std::generic_category(), "OpenSSL makes no P-256 key");
    return Es256Key{std::make_unique<Impl>(std::move(key))};
}

Result<Es256Key> Es256Key::from_pem(std::string_view private_pem) {
    auto key = private_key_from(private_pem);
    std::array<char, 32> group{};
    if (!key || EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), nullptr) != 1 ||
        std::string_view{group.data()} != "prime256v1") {
        ERR_clear_error();
        return fail(ErrorCode::invalid, "not a private P-256 key in PEM form without a pass phrase");
    }
    return Es256Key{std::make_unique<Impl>(std::move(key))};
}

std::string Es256Key::sign(std::string_view data) const {
    auto const digest = sha256(data);
    std::array<unsigned char, 80> der; // a P-256 signature has at most 72
    std::size_t size = der.size();
    if (EVP_PKEY_sign(impl_->signing.get(), der.data(), &size, bytes_of(digest), digest.size()) != 1) {
        ERR_clear_error();
        throw std::system_error(EINVAL, std::generic_category(), "OpenSSL does not sign with this P-256 key");
    }
    return jose_from_der({reinterpret_cast<char const*>(der.data()), size});
}

bool Es256Key::verify(std::string_view data, std::string_view signature) const {
    auto const der = der_from_jose(signature);
    if (der.empty()) return false;
    auto const digest = sha256(data);
    KeyContext const context{EVP_PKEY_CTX_new(impl_->key.get(), nullptr)};
    bool const good = context && EVP_PKEY_verify_init(context.get()) == 1 &&
                      EVP_PKEY_verify(context.get(), bytes_of(der), der.size(), bytes_of(digest), digest.size()) == 1;
    ERR_clear_error();
    return good;
}

std::string Es256Key::public_pem() const {
    Bio const bio{BIO_new(BIO_s_mem())};
    PEM_write_bio_PUBKEY(bio.get(), impl_->key.get());
    return drained(bio.get());
}

std::string Es256Key::public_jwk() const {
    constexpr std::size_t point_bytes = 1 + 2 * number_bytes; // 0x04, x, y
    std::array<unsigned char, point_bytes> point{};
    std::size_t size = 0;
    if (EVP_PKEY_get_octet_string_param(impl_->key.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) !=
            1 ||
        size != point_bytes)
        throw std::system_error(EINVAL, std::generic_category(), "OpenSSL does not tell the point of this P-256 key");
    std::string_view const numbers{reinterpret_cast<char const*>(point.data()) + 1, 2 * number_bytes};
    return fmt::format(R"("kty":"EC","crv":"P-256","x":"{}","y":"{}")", base64url(numbers.substr(0, number_bytes)),
                       base64url(numbers.substr(number_bytes)));
}

std::string Es256Key::private_pem() const {
    return private_pem_of(impl_->key.get());
}

} // namespace almd
