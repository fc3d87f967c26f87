// Values with a birth certificate: strings become these types at the border; inside, an invalid one cannot exist.
#pragma once

#include "simulator/kernel/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace almd {

/// Name of a user of an ABAP system: 1 to 12 upper-case letters, digits or _ . / # $ & @ -, or SAP* (length and case V).
bool is_user_name(std::string_view text);

/// SAP system ID: 3 characters, upper-case letter first, then upper-case letters or digits ("DEV", "S4H").
class SystemId {
public:
    static Result<SystemId> parse(std::string_view text);
    /// The n-th of the 33,696 possible ones, modulo that number; for fleets.
    static SystemId nth(std::uint64_t n);
    static constexpr std::uint32_t count = 26 * 36 * 36;

    std::string_view text() const { return {chars_.data(), chars_.size()}; }
    friend auto operator<=>(SystemId const&, SystemId const&) = default;

private:
    std::array<char, 3> chars_{};
};

/// A client (mandant): "000" to "999". Always written with three digits.
class Client {
public:
    static Result<Client> parse(std::string_view text);
    constexpr explicit Client(std::uint16_t number)
        : number_{number} {} ///< number < 1000
    std::uint16_t number() const { return number_; }
    std::string text() const;
    friend auto operator<=>(Client const&, Client const&) = default;

private:
    std::uint16_t number_;
};

inline constexpr Client client_000{0};

/// A transport request or task number: "<SID>K9nnnnn" (V). One sequence per SID, shared by requests and tasks.
class TrRequest {
public:
    static Result<TrRequest> parse(std::string_view text);
    /// number is the six digits, 900001 at first; at most 999999.
    TrRequest(SystemId system, std::uint32_t number);
    SystemId system() const;
    std::uint32_t number() const;
    std::string_view text() const { return {chars_.data(), chars_.size()}; }
    friend auto operator<=>(TrRequest const&, TrRequest const&) = default;

private:
    TrRequest() = default;
    std::array<char, 10> chars_{};
};

/// Where a request goes: "QUA.200" (CTC=1), "QUA" (CTC=0) or a target group "/GROUP/" (V).
class TransportTarget {
public:
    static Result<TransportTarget> parse(std::string_view text);
    explicit TransportTarget(SystemId system, std::optional<Client> client = std::nullopt);
    bool is_group() const { return chars_[0] == '/'; }
    std::optional<SystemId> system() const;
    std::optional<Client> client() const;
    std::string_view text() const { return {chars_.data(), length_}; }
    friend bool operator==(TransportTarget const& a, TransportTarget const& b) { return a.text() == b.text(); }
    friend auto operator<=>(TransportTarget const& a, TransportTarget const& b) { return a.text() <=> b.text(); }

private:
    TransportTarget() = default;
    std::array<char, 12> chars_{}; // a group name has at most 10 characters with its slashes (TARSYSTEM CHAR(10))
    std::uint8_t length_ = 0;
};

/// 128 bits, written as a lower-case UUID. The tag makes an LMS ID and a work ID two types.
template <class Tag>
class UuidOf {
public:
    constexpr UuidOf() = default; ///< nil
    constexpr UuidOf(std::uint64_t high, std::uint64_t low)
        : high_{high}
        , low_{low} {}
    /// A version-4-shaped UUID from two mixed numbers: the same input gives the same UUID.
    static UuidOf from_hash(std::uint64_t a, std::uint64_t b);
    /// Upper case is accepted and folded.
    static Result<UuidOf> parse(std::string_view text);
    std::string text() const;
    bool is_nil() const { return high_ == 0 && low_ == 0; }
    std::uint64_t high() const { return high_; }
    std::uint64_t low() const { return low_; }
    friend auto operator<=>(UuidOf const&, UuidOf const&) = default;

private:
    std::uint64_t high_ = 0, low_ = 0;
};

using Uuid = UuidOf<struct PlainTag>;
using LmsId = UuidOf<struct LmsTag>;
using WorkId = UuidOf<struct WorkTag>;
using FeatureId = UuidOf<struct FeatureTag>;

template <class Tag>
struct UuidHash {
    std::size_t operator()(UuidOf<Tag> const& id) const { return id.high() ^ (id.low() * 0x9e3779b97f4a7c15ULL); }
};

/// A tp return code; the request's code is the maximum over its steps (V).
class TpReturnCode {
public:
    enum class Severity : std::uint8_t { success, warning, error, terminated };
    constexpr TpReturnCode() = default;
    constexpr explicit TpReturnCode(int code)
        : code_{static_cast<std::int16_t>(code)} {}
    constexpr int value() const { return code_; }
    /// 0 success, 1-4 warning, 5-8 error, above 8 terminated.
    constexpr Severity severity() const {
        return code_ == 0   ? Severity::success
               : code_ <= 4 ? Severity::warning
               : code_ <= 8 ? Severity::error
                            : Severity::terminated;
    }
    friend auto operator<=>(TpReturnCode const&, TpReturnCode const&) = default;

private:
    std::int16_t code_ = 0;
};

/// TRFUNCTION (V), the values that Cloud ALM meets.
enum class TrFunction : char {
    workbench = 'K',
    customizing = 'W',
    transport_of_copies = 'T',
    development_task = 'S',
    repair_task = 'R',
    unclassified_task = 'X',
    customizing_task = 'Q'
};
/// TRSTATUS (V).
enum class TrStatus : char {
    modifiable = 'D',
    modifiable_protected = 'L',
    release_started = 'O',
    released = 'R',
    released_protected = 'N'
};

Result<TrFunction> parse_tr_function(std::string_view letter);
Result<TrStatus> parse_tr_status(std::string_view letter);

} // namespace almd
