// Writing and reading of times and durations; by hand, because every heartbeat carries one.
#include "simulator/kernel/time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace almd {

namespace {

using std::chrono::milliseconds;

/// Four-digit years are all that RFC 3339 knows; times outside are written as the nearest one inside.
constexpr std::int64_t first_ms = -62'167'219'200'000; // 0000-01-01T00:00:00.000Z
constexpr std::int64_t last_ms = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z

void put(char* at, unsigned value, int digits) {
    for (int i = digits; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
}

std::string write(milliseconds since_1970) {
    using namespace std::chrono;
    milliseconds const span{std::clamp<std::int64_t>(since_1970.count(), first_ms, last_ms)};
    auto const day = floor<days>(sys_time<milliseconds>{span});
    year_month_day const date{day};
    auto const ms = static_cast<unsigned>((span - day.time_since_epoch()).count());
    std::string out = "0000-00-00T00:00:00.000Z";
    char* const at = out.data();
    put(at, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    put(at + 5, static_cast<unsigned>(date.month()), 2);
    put(at + 8, static_cast<unsigned>(date.day()), 2);
    put(at + 11, ms / 3'600'000, 2);
    put(at + 14, ms / 60'000 % 60, 2);
    put(at + 17, ms / 1'000 % 60, 2);
    put(at + 20, ms % 1'000, 3);
    return out;
}

/// Reads from the left; every step says whether it fitted, nothing reads past the end.
class Reader {
public:
    explicit Reader(std::string_view text)
        : rest_{text} {}

    bool done() const { return rest_.empty(); }
    bool literal(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    /// Exactly `digits` digits, at most `max`.
    std::optional<int> number(int digits, int max) {
        int value = 0;
        for (int i = 0; i < digits; ++i) {
            auto const d = digit();
            if (!d) return std::nullopt;
            value = value * 10 + *d;
        }
        return value <= max ? std::optional{value} : std::nullopt;
    }
    /// 1 to 9 digits behind the point, cut to milliseconds.
    std::optional<int> fraction_ms() {
        int ms = 0, count = 0;
        while (auto const d = digit()) {
            if (++count > 9) return std::nullopt;
            if (count <= 3) ms = ms * 10 + *d;
        }
        if (count == 0) return std::nullopt;
        for (; count < 3; ++count) ms *= 10;
        return ms;
    }

private:
    std::optional<int> digit() {
        if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return std::nullopt;
        int const value = rest_.front() - '0';
        rest_.remove_prefix(1);
        return value;
    }
    std::string_view rest_;
};

/// Minutes east of Greenwich.
std::optional<int> read_offset(Reader& in) {
    if (in.literal('Z')) return 0;
    bool const west = in.literal('-');
    if (!west && !in.literal('+')) return std::nullopt;
    auto const hours = in.number(2, 23);
    if (!hours || !in.literal(':')) return std::nullopt;
    auto const minutes = in.number(2, 59);
    if (!minutes) return std::nullopt;
    int const offset = *hours * 60 + *minutes;
    return west ? -offset : offset;
}

std::optional<milliseconds> read(std::string_view text) {
    using namespace std::chrono;
    Reader in{text};
    auto const y = in.number(4, 9999);
    if (!y || !in.literal('-')) return std::nullopt;
    auto const m = in.number(2, 12);
    if (!m || !in.literal('-')) return std::nullopt;
    auto const d = in.number(2, 31);
    if (!d || !in.literal('T')) return std::nullopt;
    year_month_day const date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
    if (!date.ok()) return std::nullopt;

    auto const h = in.number(2, 23);
    if (!h || !in.literal(':')) return std::nullopt;
    auto const min = in.number(2, 59);
    if (!min || !in.literal(':')) return std::nullopt;
    auto const s = in.number(2, 59); // a leap second (60) has no place on a line of UTC milliseconds
    if (!s) return std::nullopt;
    std::optional<int> ms = 0;
    if (in.literal('.')) ms = in.fraction_ms();
    if (!ms) return std::nullopt;
    auto const offset = read_offset(in);
    if (!offset || !in.done()) return std::nullopt;
    return milliseconds{sys_days{date}.time_since_epoch()} + hours{*h} + minutes{*min} + seconds{*s} +
           milliseconds{*ms} - minutes{*offset};
}

struct Unit {
    std::string_view name;
    std::int64_t ms;
};

/// Largest first: a sum names each at most once and in this order.
constexpr std::array<Unit, 5> units{{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
/// 100 years of 365 days: so that now + span never overflows.
constexpr std::int64_t longest_ms = 36'500LL * 86'400'000;

std::optional<std::int64_t> read_duration(std::string_view text) {
    if (text == "0") return 0;
    std::int64_t sum = 0;
    std::size_t next_unit = 0;
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        std::int64_t value = 0;
        auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (problem != std::errc{} || text.front() == '-') return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        auto const letters = text.substr(0, text.find_first_of("0123456789"));
        text.remove_prefix(letters.size());
        while (next_unit < units.size() && units[next_unit].name != letters) ++next_unit;
        if (next_unit == units.size()) return std::nullopt;
        std::int64_t const factor = units[next_unit++].ms;
        if (value > longest_ms / factor) return std::nullopt;
        sum += value * factor;
        if (sum > longest_ms) return std::nullopt;
    }
    return sum;
}

} // namespace

std::string rfc3339(TimePoint at) {
    return write(at.time_since_epoch());
}

std::string rfc3339(WirePoint at) {
    return write(std::chrono::floor<milliseconds>(at.time_since_epoch()));
}

Result<TimePoint> parse_rfc3339(std::string_view text) {
    if (auto const since_1970 = read(text)) return TimePoint{*since_1970};
    return fail(ErrorCode::invalid, in_quotes(text) + " is not a time of the form 2026-11-22T08:56:24.000Z "
                                                      "(or with an offset such as +01:00 instead of Z)");
}

Result<Duration> parse_duration(std::string_view text) {
    if (auto const ms = read_duration(text)) return Duration{*ms};
    return fail(ErrorCode::invalid, in_quotes(text) +
                                        " is not a duration: write whole numbers with the units d, h, m, s, ms, "
                                        "largest first, such as 90s or 1h30m, at most 36500d");
}

std::string to_text(Duration span) {
    if (span == Duration::zero()) return "0s";
    std::string out = span < Duration::zero() ? "-" : "";
    auto rest = static_cast<std::uint64_t>(span.count());
    if (span < Duration::zero()) rest = ~rest + 1;
    for (Unit const& unit : units) {
        auto const size = static_cast<std::uint64_t>(unit.ms);
        if (rest >= size) out.append(std::to_string(rest / size)).append(unit.name);
        rest %= size;
    }
    return out;
}

} // namespace almd
