// RS256 signatures.
#include "proto/http/certificates.hpp"
#include "proto/http/openssl_handles.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <cerrno>
#include <system_error>

namespace almd {

namespace {

constexpr unsigned rsa_bits = 2048;

using DigestContext = openssl::Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

std::string jose_number(EVP_PKEY const* key, char const* parameter) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, parameter, &raw) != 1)
        throw std::system_error(EINVAL, std::generic_category(), "OpenSSL does not tell the numbers of this RSA key");
    openssl::BigNumber const number{raw};
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
    return base64url(bytes);
}

} // namespace

struct Rs256Key::Impl {
    openssl::Key key;
};

Rs256Key::Rs256Key(std::unique_ptr<Impl> impl)
    : impl_{std::move(impl)} {
}
Rs256Key::Rs256Key(Rs256Key&&) noexcept = default;
Rs256Key& Rs256Key::operator=(Rs256Key&&) noexcept = default;
Rs256Key::~Rs256Key() = default;

Rs256Key Rs256Key::generate() {
    openssl::Key key{EVP_RSA_gen(rsa_bits)};
    if (!key) throw std::system_error(ENOTSUP, std::generic_category(), "OpenSSL makes no RSA key");
    return Rs256Key{std::make_unique<Impl>(std::move(key))};
}

std::string Rs256Key::sign(std::string_view data) const {
    DigestContext const context{EVP_MD_CTX_new()};
    std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(impl_->key.get())), '\0');
    std::size_t size = out.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, impl_->key.get()) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                       reinterpret_cast<unsigned char const*>(data.data()), data.size()) != 1) {
        ERR_clear_error();
        throw std::system_error(EINVAL, std::generic_category(), "OpenSSL does not sign with this RSA key");
    }
    out.resize(size);
    return out;
}

bool Rs256Key::verify(std::string_view data, std::string_view signature) const {
    DigestContext const context{EVP_MD_CTX_new()};
    bool const good =
        context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, impl_->key.get()) == 1 &&
        EVP_DigestVerify(context.get(), reinterpret_cast<unsigned char const*>(signature.data()), signature.size(),
                         reinterpret_cast<unsigned char const*>(data.data()), data.size()) == 1;
    ERR_clear_error();
    return good;
}

std::string Rs256Key::public_pem() const {
    openssl::Bio const bio{BIO_new(BIO_s_mem())};
    PEM_write_bio_PUBKEY(bio.get(), impl_->key.get());
    return openssl::drained(bio.get());
}

std::string Rs256Key::public_jwk() const {
    return fmt::format(R"("kty":"RSA","e":"{}","n":"{}")", jose_number(impl_->key.get(), OSSL_PKEY_PARAM_RSA_E),
                       jose_number(impl_->key.get(), OSSL_PKEY_PARAM_RSA_N));
}

} // namespace almd
