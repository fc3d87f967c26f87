// Our own certificate authority and the leaves that it signs: X.509 version 3, P-256, SHA-256.
#include "proto/http/certificates.hpp"

#include "proto/http/openssl_handles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

using namespace openssl;

/// RFC 5280 upper bound of a common name; OpenSSL refuses longer ones.
constexpr std::size_t common_name_max = 64;
/// The other machine's clock may be behind ours.
constexpr std::chrono::minutes backdated{5};
constexpr std::chrono::days authority_life{3650};

std::string openssl_reason() {
    char text[160];
    auto const code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return "no reason given";
    ERR_error_string_n(code, text, sizeof text);
    return text;
}

bool set_serial(X509* certificate) {
    auto bytes = random_bytes(16);
    bytes[0] = static_cast<char>((bytes[0] & 0x7f) | 0x40); // positive, and always 16 octets long
    BigNumber const number{BN_bin2bn(reinterpret_cast<unsigned char const*>(bytes.data()), 16, nullptr)};
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_validity(X509* certificate, WirePoint now, std::chrono::seconds life) {
    auto const start = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    return ASN1_TIME_set(X509_getm_notBefore(certificate), (start - backdated).count()) != nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), (start + life).count()) != nullptr;
}

bool set_common_name(X509_NAME* name, std::string const& text) {
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<unsigned char const*>(text.data()),
                                      static_cast<int>(text.size()), -1, 0) == 1;
}

bool extend(X509* certificate, X509* issuer, int nid, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    Extension const extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// The names become OpenSSL's configuration syntax, so nothing that means something there may pass.
Result<std::string> alternative_names(std::vector<std::string> const& hosts) {
    std::string list;
    for (auto const& host : hosts) {
        bool const plain = !host.empty() && std::ranges::all_of(host, [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
                   c == ':' || c == '*' || c == '_';
        });
        if (!plain) return fail(ErrorCode::invalid, fmt::format("{:?} is neither a host name nor an IP address", host));
        Handle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> const address{a2i_IPADDRESS(host.c_str())};
        list += fmt::format("{}{}:{}", list.empty() ? "" : ",", address ? "IP" : "DNS", host);
    }
    ERR_clear_error();
    return list;
}

struct Draft {
    Certificate certificate{X509_new()};
    Key key{EVP_EC_gen("P-256")};
};

Result<Draft> draft(std::string const& common_name, WirePoint now, std::chrono::seconds life) {
    if (common_name.empty() || common_name.size() > common_name_max)
        return fail(ErrorCode::invalid,
                    fmt::format("the common name of a certificate must have 1 to {} bytes", common_name_max));
    Draft result;
    auto* const certificate = result.certificate.get();
    if (certificate == nullptr || !result.key || X509_set_version(certificate, X509_VERSION_3) != 1 ||
        !set_serial(certificate) || !set_validity(certificate, now, life) ||
        !set_common_name(X509_get_subject_name(certificate), common_name) ||
        X509_set_pubkey(certificate, result.key.get()) != 1)
        return fail(ErrorCode::invalid,
                    fmt::format("cannot make a certificate for {:?}: {}", common_name, openssl_reason()));
    return result;
}

} // namespace

Result<KeyAndCertificate> make_authority(std::string const& common_name, WirePoint now) {
    auto made = draft(common_name, now, authority_life);
    if (!made) return std::unexpected{made.error()};
    auto* const certificate = made->certificate.get();
    if (X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) != 1 ||
        !extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE") ||
        !extend(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") ||
        !extend(certificate, certificate, NID_subject_key_identifier, "hash") ||
        X509_sign(certificate, made->key.get(), EVP_sha256()) == 0)
        return fail(ErrorCode::invalid,
                    fmt::format("cannot make the authority {:?}: {}", common_name, openssl_reason()));
    return KeyAndCertificate{pem_of(certificate), private_pem_of(made->key.get())};
}

Result<KeyAndCertificate> issue(KeyAndCertificate const& authority, LeafRequest const& request, WirePoint now) {
    auto const issuer = certificate_from(authority.certificate_pem);
    auto const issuer_key = private_key_from(authority.key_pem);
    if (!issuer || !issuer_key || X509_check_private_key(issuer.get(), issuer_key.get()) != 1)
        return fail(ErrorCode::invalid, "the authority's certificate and key cannot be read or do not belong together");
    auto const names = alternative_names(request.hosts);
    if (!names) return std::unexpected{names.error()};
    auto made = draft(request.common_name, now, request.life);
    if (!made) return std::unexpected{made.error()};
    auto* const certificate = made->certificate.get();
    bool const good =
        X509_set_issuer_name(certificate, X509_get_subject_name(issuer.get())) == 1 &&
        extend(certificate, issuer.get(), NID_basic_constraints, "critical,CA:FALSE") &&
        extend(certificate, issuer.get(), NID_key_usage, "critical,digitalSignature") &&
        extend(certificate, issuer.get(), NID_ext_key_usage, request.client ? "clientAuth" : "serverAuth") &&
        extend(certificate, issuer.get(), NID_subject_key_identifier, "hash") &&
        extend(certificate, issuer.get(), NID_authority_key_identifier, "keyid:always") &&
        (names->empty() || extend(certificate, issuer.get(), NID_subject_alt_name, *names)) &&
        X509_sign(certificate, issuer_key.get(), EVP_sha256()) != 0;
    if (!good)
        return fail(ErrorCode::invalid,
                    fmt::format("cannot issue a certificate for {:?}: {}", request.common_name, openssl_reason()));
    return KeyAndCertificate{pem_of(certificate), private_pem_of(made->key.get())};
}

Result<std::string> common_name_of(std::string_view certificate_pem) {
    auto const certificate = certificate_from(certificate_pem);
    if (!certificate) return fail(ErrorCode::invalid, "not a certificate in PEM form");
    auto* const subject = X509_get_subject_name(certificate.get());
    int const at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) return fail(ErrorCode::not_found, "the certificate has no common name");
    unsigned char* text = nullptr;
    int const size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0) return fail(ErrorCode::invalid, "the certificate's common name is not text");
    std::string name(reinterpret_cast<char const*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return name;
}

} // namespace almd
