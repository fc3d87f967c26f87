// Reading, writing and computing of identifiers.
#include "proto/ids.hpp"

#include "simulator/kernel/rng.hpp"

#include <algorithm>
#include <cassert>

namespace almd {

namespace {

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name(char c) {
    return is_upper(c) || is_digit(c);
}

/// `digits` decimal digits of `value`, right-aligned with zeros.
void put(char* at, std::uint32_t value, int digits) {
    for (int i = digits; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
}

std::uint32_t number_of(std::string_view digits) {
    std::uint32_t value = 0;
    for (char c : digits) value = value * 10 + static_cast<std::uint32_t>(c - '0');
    return value;
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_dash_place(std::size_t i) {
    return i == 8 || i == 13 || i == 18 || i == 23;
}

} // namespace

bool is_user_name(std::string_view text) {
    constexpr std::size_t user_name_max = 12;
    return text == "SAP*" || (!text.empty() && text.size() <= user_name_max && std::ranges::all_of(text, [](char c) {
               return is_name(c) || std::string_view{"_./#$&@-"}.contains(c);
           }));
}

Result<SystemId> SystemId::parse(std::string_view text) {
    if (text.size() != 3 || !is_upper(text[0]) || !is_name(text[1]) || !is_name(text[2]))
        return fail(ErrorCode::invalid, in_quotes(text) +
                                            " is not a system ID: three characters, an upper-case letter "
                                            "first, then upper-case letters or digits, such as DEV or S4H");
    SystemId id;
    std::copy(text.begin(), text.end(), id.chars_.begin());
    return id;
}

SystemId SystemId::nth(std::uint64_t n) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    n %= count;
    SystemId id;
    id.chars_ = {alphabet[n / (36 * 36)], alphabet[n / 36 % 36], alphabet[n % 36]};
    return id;
}

Result<Client> Client::parse(std::string_view text) {
    if (text.size() != 3 || !std::ranges::all_of(text, is_digit))
        return fail(ErrorCode::invalid,
                    in_quotes(text) + " is not a client: three digits in quotes, \"000\" to \"999\"");
    return Client{static_cast<std::uint16_t>(number_of(text))};
}

std::string Client::text() const {
    std::string out(3, '0');
    put(out.data(), number_, 3);
    return out;
}

Result<TrRequest> TrRequest::parse(std::string_view text) {
    auto const wrong = [text] {
        return fail(ErrorCode::invalid,
                    in_quotes(text) + " is not a transport request: <SID>K9nnnnn with five digits, such as DEVK900042");
    };
    if (text.size() != 10 || text[3] != 'K' || text[4] != '9') return wrong();
    auto const system = SystemId::parse(text.substr(0, 3));
    auto const digits = text.substr(4);
    if (!system || !std::ranges::all_of(digits, is_digit)) return wrong();
    return TrRequest{*system, number_of(digits)};
}

TrRequest::TrRequest(SystemId system, std::uint32_t number) {
    assert(number >= 900'000 && number <= 999'999);
    std::ranges::copy(system.text(), chars_.begin());
    chars_[3] = 'K';
    put(chars_.data() + 4, number, 6);
}

SystemId TrRequest::system() const {
    return SystemId::parse(text().substr(0, 3)).value();
}

std::uint32_t TrRequest::number() const {
    return number_of(text().substr(4));
}

Result<TransportTarget> TransportTarget::parse(std::string_view text) {
    auto const wrong = [text] {
        return fail(ErrorCode::invalid,
                    in_quotes(text) +
                        " is not a transport target: QUA.200 (system and client), QUA (system) or a target "
                        "group /GROUP/ of 1 to 8 upper-case letters, digits or underscores");
    };
    if (text.starts_with('/')) {
        if (text.size() < 3 || text.size() > 10 || !text.ends_with('/')) return wrong();
        auto const group = text.substr(1, text.size() - 2);
        if (!std::ranges::all_of(group, [](char c) { return is_name(c) || c == '_'; })) return wrong();
        TransportTarget target;
        std::ranges::copy(text, target.chars_.begin());
        target.length_ = static_cast<std::uint8_t>(text.size());
        return target;
    }
    auto const system = SystemId::parse(text.substr(0, 3));
    if (!system) return wrong();
    if (text.size() == 3) return TransportTarget{*system};
    auto const client = Client::parse(text.substr(std::min<std::size_t>(4, text.size())));
    if (text[3] != '.' || !client) return wrong();
    return TransportTarget{*system, *client};
}

TransportTarget::TransportTarget(SystemId system, std::optional<Client> client)
    : length_{3} {
    std::ranges::copy(system.text(), chars_.begin());
    if (!client) return;
    chars_[3] = '.';
    put(chars_.data() + 4, client->number(), 3);
    length_ = 7;
}

std::optional<SystemId> TransportTarget::system() const {
    if (is_group()) return std::nullopt;
    return SystemId::parse(text().substr(0, 3)).value();
}

std::optional<Client> TransportTarget::client() const {
    if (is_group() || length_ != 7) return std::nullopt;
    return Client{static_cast<std::uint16_t>(number_of(text().substr(4)))};
}

template <class Tag>
UuidOf<Tag> UuidOf<Tag>::from_hash(std::uint64_t a, std::uint64_t b) {
    std::uint64_t const high = mix(a, b), low = mix(mix(b, high), a);
    return UuidOf{(high & ~0xf000ULL) | 0x4000ULL, (low & 0x3fffffffffffffffULL) | 0x8000000000000000ULL};
}

template <class Tag>
Result<UuidOf<Tag>> UuidOf<Tag>::parse(std::string_view text) {
    std::uint64_t halves[2] = {0, 0};
    bool good = text.size() == 36;
    for (std::size_t i = 0, nibble = 0; good && i < text.size(); ++i) {
        if (is_dash_place(i)) {
            good = text[i] == '-';
            continue;
        }
        int const value = hex_value(text[i]);
        good = value >= 0;
        std::uint64_t& half = halves[nibble++ / 16];
        half = half << 4 | static_cast<std::uint64_t>(value & 15);
    }
    if (!good)
        return fail(ErrorCode::invalid,
                    in_quotes(text) + " is not a UUID such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301");
    return UuidOf{halves[0], halves[1]};
}

template <class Tag>
std::string UuidOf<Tag>::text() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out(36, '-');
    for (std::size_t i = 0, nibble = 0; i < out.size(); ++i) {
        if (is_dash_place(i)) continue;
        std::uint64_t const half = nibble < 16 ? high_ : low_;
        out[i] = digits[half >> (60 - 4 * (nibble % 16)) & 15];
        ++nibble;
    }
    return out;
}

template class UuidOf<PlainTag>;
template class UuidOf<LmsTag>;
template class UuidOf<WorkTag>;
template class UuidOf<FeatureTag>;

Result<TrFunction> parse_tr_function(std::string_view letter) {
    if (letter.size() == 1 && std::string_view{"KWTSRXQ"}.contains(letter[0]))
        return static_cast<TrFunction>(letter[0]);
    return fail(ErrorCode::invalid, in_quotes(letter) + " is not a request function; allowed are K W T S R X Q");
}

Result<TrStatus> parse_tr_status(std::string_view letter) {
    if (letter.size() == 1 && std::string_view{"DLORN"}.contains(letter[0])) return static_cast<TrStatus>(letter[0]);
    return fail(ErrorCode::invalid, in_quotes(letter) + " is not a request status; allowed are D L O R N");
}

} // namespace almd
