// OpenSSL's objects with an owner. Included by .cpp files of this folder only.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

namespace almd::openssl {

template <auto Free>
struct Release {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

template <class T, auto Free>
using Handle = std::unique_ptr<T, Release<Free>>;

using Bio = Handle<BIO, BIO_free_all>;
using BigNumber = Handle<BIGNUM, BN_free>;
using Certificate = Handle<X509, X509_free>;
using Extension = Handle<X509_EXTENSION, X509_EXTENSION_free>;
using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

inline Bio reading(std::string_view text) {
    return Bio{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

inline std::string drained(BIO* memory) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string{};
}

/// A PEM that wants a pass phrase must fail, not ask on the terminal.
inline int no_pass_phrase(char*, int, int, void*) {
    return -1;
}

/// Null when the text holds no such thing; OpenSSL's error queue is left clean.
inline Certificate certificate_from(std::string_view pem) {
    auto const bio = reading(pem);
    Certificate certificate{PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr)};
    ERR_clear_error();
    return certificate;
}

inline Key private_key_from(std::string_view pem) {
    auto const bio = reading(pem);
    Key key{PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, nullptr)};
    ERR_clear_error();
    return key;
}

inline std::string pem_of(X509* certificate) {
    Bio const bio{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(bio.get(), certificate);
    return drained(bio.get());
}

inline std::string private_pem_of(EVP_PKEY* key) {
    Bio const bio{BIO_new(BIO_s_mem())};
    PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return drained(bio.get());
}

} // namespace almd::openssl
