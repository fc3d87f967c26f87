// Names of the verdicts, and chance in the ATC check.
#include "simulator/cts/release.hpp"

#include "simulator/kernel/rng.hpp"

#include <algorithm>

namespace almd {

std::string_view name(ReleaseVerdict verdict) {
    switch (verdict) {
    case ReleaseVerdict::released: return "released";
    case ReleaseVerdict::api_failed: return "abortrelapifail";
    case ReleaseVerdict::inactive_objects: return "abortrelinacobj";
    case ReleaseVerdict::ignore_locks: return "relwithignlock";
    case ReleaseVerdict::checks_obsolete: return "relobjchkobs";
    }
    return {};
}

Result<void> ReleaseReport::result() const {
    if (good()) return {};
    auto const reason = std::ranges::find(messages, 'E', &ReleaseMessage::type);
    return fail(code, reason == messages.end() ? std::string{name(verdict)} : reason->words);
}

std::uint8_t atc_priority(AtcSpec const& atc, std::uint8_t by_hand, std::uint64_t seed, std::string_view object) {
    if (by_hand > 0 || atc.findings_share <= 0) return by_hand;
    auto rng = Rng::stream(seed, hash_text(object), hash_text("atc"));
    return rng.chance(atc.findings_share) ? static_cast<std::uint8_t>(1 + rng.below(3)) : std::uint8_t{0};
}

} // namespace almd
