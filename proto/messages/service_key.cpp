// Reads the service key of the SAP BTP cockpit (reference/cloud-alm.md 1.1 to 1.3).
#include "proto/messages/service_key.hpp"

#include "proto/messages/json_writer.hpp"
#include "proto/schema/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace almd {

namespace {

constexpr std::size_t key_bytes_max = 256 * 1024;
constexpr std::string_view token_path = "/oauth/token";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

using Kind = JsonText::Kind;

struct Place {
    std::string_view parent, name;
};
constexpr Place api{"endpoints", "Api"}, url{"uaa", "url"}, certurl{"uaa", "certurl"}, client_id{"uaa", "clientid"},
    client_secret{"uaa", "clientsecret"}, certificate{"uaa", "certificate"}, private_key{"uaa", "key"},
    zone{"uaa", "identityzone"};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_loopback(std::string_view host) {
    if (host == "[::1]" || std::ranges::equal(host, std::string_view{"localhost"}, {}, lower)) return true;
    // 127.0.0.1.example.com is a name, not an address: exactly four numbers, the first of them 127.
    for (int part = 0; part < 4; ++part) {
        unsigned number = 256;
        auto [end, problem] = std::from_chars(host.data(), host.data() + host.size(), number);
        if (problem != std::errc{} || number > 255 || (part == 0 && number != 127)) return false;
        host.remove_prefix(static_cast<std::size_t>(end - host.data()));
        if (part == 3) break;
        if (!host.starts_with('.')) return false;
        host.remove_prefix(1);
    }
    return host.empty();
}

bool is_port(std::string_view text) {
    unsigned number = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc{} && end == text.data() + text.size() && number > 0 && number < 65536;
}

/// The host as written ("[::1]" with its brackets), empty when the authority is not host[:port]. A user in front of an
/// @ is refused with it: http://127.0.0.1@example.com/ goes to example.com.
std::string_view host_of(std::string_view authority) {
    bool address = authority.starts_with('[');
    std::size_t bracket = authority.find(']');
    if (address && bracket == std::string_view::npos) return {};
    std::string_view host = address ? authority.substr(0, bracket + 1) : authority.substr(0, authority.find(':'));
    std::string_view rest = authority.substr(host.size());
    if (!rest.empty() && !(rest.starts_with(':') && is_port(rest.substr(1)))) return {};
    auto allowed = [&](char c) {
        bool word = (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        return word || (address && (c == ':' || c == '[' || c == ']'));
    };
    return std::ranges::all_of(host, allowed) ? host : std::string_view{};
}

/// The fields of a key wherever they stand: in their parent object or, in a flat key, at the top. Remembers the first
/// mistake. No value is ever part of it: somebody may have pasted the secret into the wrong field.
class KeyFields {
public:
    explicit KeyFields(JsonText const& json)
        : json_{json} {}

    std::optional<Error> const& error() const { return error_; }
    bool has(Place place) const { return find(place) != nullptr; }

    void wrong(Place place, std::string_view sentence) {
        if (!error_)
            error_ =
                Error{ErrorCode::invalid, fmt::format("service key: {}.{} {}", place.parent, place.name, sentence)};
    }

    std::string optional(Place place) {
        JsonText::Value const* value = find(place);
        if (value == nullptr) return {};
        if (value->kind == Kind::string) return std::string{value->text};
        wrong(place, "must be a text in double quotes");
        return {};
    }

    std::string required(Place place, std::string_view meaning) {
        if (!has(place))
            wrong(place,
                  fmt::format("is missing: {} (under \"{}\" or, in a flat key, at the top)", meaning, place.parent));
        std::string text = optional(place);
        if (text.empty()) wrong(place, fmt::format("is empty: {}", meaning));
        return text;
    }

    /// Without its trailing slashes.
    std::string required_url(Place place, std::string_view meaning) {
        std::string text = required(place, meaning);
        std::size_t colon = text.find("://");
        std::string_view scheme = std::string_view{text}.substr(0, colon == std::string::npos ? 0 : colon);
        if (scheme != "https" && scheme != "http") return wrong(place, "must be a URL that begins with https://"), "";
        std::string_view rest = std::string_view{text}.substr(colon + 3);
        std::string_view host = host_of(rest.substr(0, rest.find('/')));
        if (host.empty()) wrong(place, "must be https://host or https://host:port");
        if (scheme == "http" && !is_loopback(host))
            wrong(place,
                  "begins with http://, which only a loopback host may (127.0.0.0/8, [::1], localhost); use https://");
        if (!std::ranges::all_of(rest, [](char c) { return c > ' ' && c < 0x7f && c != '?' && c != '#' && c != '"'; }))
            wrong(place, "must be a URL without spaces, query or fragment");
        while (text.ends_with('/')) text.pop_back();
        return text;
    }

    std::string required_pem(Place place, std::string_view content) {
        std::string text = required(place, fmt::format("the {} in PEM form", content));
        std::size_t begin = text.find("-----BEGIN ");
        std::size_t end = begin == std::string::npos ? begin : text.find("-----", begin + 11);
        // "CERTIFICATE"; "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY".
        std::string_view label = content == "certificate" ? "CERTIFICATE" : "PRIVATE KEY";
        bool good = end != std::string::npos && std::string_view{text}.substr(0, end).ends_with(label);
        if (!good) wrong(place, fmt::format("is not PEM text; expected a line that ends in {}-----", label));
        return text;
    }

private:
    JsonText::Value const* member(JsonText::Value const& object, std::string_view name) const {
        if (object.kind != Kind::object) return nullptr;
        auto at = static_cast<std::uint32_t>(&object - json_.values().data()) + 1;
        for (; at < object.next; at = json_[at].next)
            if (json_[at].key == name && json_[at].kind != Kind::null) return &json_[at];
        return nullptr;
    }
    JsonText::Value const* find(Place place) const {
        JsonText::Value const* parent = member(json_[0], place.parent);
        JsonText::Value const* nested = parent != nullptr ? member(*parent, place.name) : nullptr;
        return nested != nullptr ? nested : member(json_[0], place.name);
    }

    JsonText const& json_;
    std::optional<Error> error_;
};

std::string read_api(KeyFields& fields) {
    std::string text = fields.required_url(api, "the URL of the API, such as https://eu10.alm.cloud.sap/api");
    if (fields.error()) return {};
    if (text.find('/', text.find("://") + 3) == std::string::npos) return text + "/api";
    if (!text.ends_with("/api")) fields.wrong(api, "must end in /api");
    return text;
}

std::string read_token_endpoint(KeyFields& fields, Place place) {
    std::string text = fields.required_url(place, "the URL of the token service, without /oauth/token");
    return text.ends_with(token_path) ? text : text + std::string{token_path};
}

} // namespace

std::string ServiceKey::root_url() const {
    return api.ends_with("/api") ? api.substr(0, api.size() - 4) : api;
}

std::string ServiceKey::tenant() const {
    return fmt::format("{} {}", root_url(), identity_zone.empty() ? client_id : identity_zone);
}

Result<ServiceKey> parse_service_key(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    JsonLimits limits;
    limits.bytes_max = key_bytes_max;
    Result<JsonText> json = JsonText::parse(text, limits);
    if (!json) return fail(json.error().code, "service key: " + json.error().context);
    if ((*json)[0].kind != Kind::object)
        return fail(ErrorCode::invalid, "service key: must be a JSON object {...}, unchanged as the cockpit shows it");

    KeyFields fields{*json};
    ServiceKey key;
    key.api = read_api(fields);
    // X.509 wins in a key with both: its token endpoint knows no secret.
    if (fields.has(certificate)) {
        key.token_endpoint = read_token_endpoint(fields, certurl);
        key.certificate_pem = fields.required_pem(certificate, "certificate");
        key.key_pem = fields.required_pem(private_key, "private key");
    } else {
        key.token_endpoint = read_token_endpoint(fields, url);
    }
    key.client_id = fields.required(client_id, "the client ID");
    key.identity_zone = fields.optional(zone);
    if (!key.is_x509()) {
        key.client_secret = fields.optional(client_secret);
        if (key.client_secret.empty())
            fields.wrong(
                client_secret,
                "and uaa.certificate are both missing: a key needs the secret, or certificate, key and certurl");
    }
    if (fields.error()) return std::unexpected{*fields.error()};
    return key;
}

Result<ServiceKey> to_service_key(KeyByFields const& fields) {
    ServiceKey key;
    key.token_endpoint = fields.token_endpoint;
    key.client_id = fields.client_id;
    key.client_secret = fields.client_secret;
    key.api = fields.root_url;
    while (key.api.ends_with('/')) key.api.pop_back();
    if (!key.api.ends_with("/api")) key.api += "/api";
    return parse_service_key(encode(key));
}

std::string encode(ServiceKey const& key) {
    std::string base = key.token_endpoint;
    if (base.ends_with(token_path)) base.resize(base.size() - token_path.size());
    JsonWriter out{1024};
    out.begin_object();
    out.name("endpoints");
    out.begin_object();
    out.field(api.name, key.api);
    out.end_object();
    out.name("uaa");
    out.begin_object();
    out.field(client_id.name, key.client_id);
    if (key.is_x509()) {
        out.field(certificate.name, key.certificate_pem);
        out.field(private_key.name, key.key_pem);
        out.field(certurl.name, base);
        out.field("credential-type", "x509");
    } else {
        out.field(client_secret.name, key.client_secret);
        out.field(url.name, base);
        out.field("credential-type", "binding-secret");
    }
    out.field(zone.name, key.identity_zone);
    auto const optional = [&out](std::string_view name, std::string const& value) {
        if (!value.empty()) out.field(name, value);
    };
    optional("identityzoneid", key.zone_id);
    optional("tenantid", key.zone_id);
    optional("xsappname", key.xsappname);
    optional("uaadomain", key.uaa_domain);
    optional("verificationkey", key.verification_key_pem);
    out.end_object();
    out.end_object();
    return out.take();
}

} // namespace almd
