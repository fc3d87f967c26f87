// The answer to a release as a value: the verdict that a client of a real system reads, and the messages behind it.
#pragma once

#include "simulator/abap/system_spec.hpp"
#include "simulator/abap/texts.hpp"
#include "simulator/kernel/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// chkrun:status of a release (V). Each but the first says what to do next.
enum class ReleaseVerdict : std::uint8_t {
    released,
    api_failed,       ///< abortrelapifail: read the messages
    inactive_objects, ///< abortrelinacobj: activate them
    ignore_locks,     ///< relwithignlock: ask again with ignore-locks
    checks_obsolete,  ///< relobjchkobs: the request was changed since it was looked at; look again
};
std::string_view name(ReleaseVerdict verdict);

struct ReleaseMessage {
    char type = 'E'; ///< E error, W warning, I information, S success
    Text text{};
    std::string words{};
};

struct ReleaseReport {
    ReleaseVerdict verdict = ReleaseVerdict::released;
    std::vector<ReleaseMessage> messages{}; ///< the first error is the reason
    ErrorCode code = ErrorCode::conflict;   ///< what kind of refusal, if it is one

    bool exported = false; ///< by this call; also with PU238, whose verdict is a refusal (V)

    bool good() const { return verdict == ReleaseVerdict::released; }
    explicit operator bool() const { return good(); }
    operator Result<void>() const { return result(); }
    Error error() const { return result().error(); } ///< of one that is not good
    template <class... Arguments>
    void say(char type, Text text, Arguments const&... arguments) {
        messages.push_back({type, text, text_of(text, arguments...)});
    }
    /// The first error, for those who only want to know whether and why not.
    Result<void> result() const;
};

template <class... Arguments>
ReleaseReport refused_release(ReleaseVerdict verdict, ErrorCode code, Text text, Arguments const&... arguments) {
    ReleaseReport report{.verdict = verdict, .code = code};
    report.say('E', text, arguments...);
    return report;
}

struct ReleaseOptions {
    bool ignore_locks = false;    ///< "Do you want to release them anyway?"; a transport of copies always needs it (V)
    bool ignore_atc = false;      ///< relObjigchkatc: release in spite of blocking findings (V)
    std::uint16_t components = 0; ///< the component generation that the export writes down
    std::optional<std::uint64_t> seen_change{}; ///< TransportRequest::change that the caller looked at
    AtcSpec const* atc = nullptr;               ///< null: no check
    std::uint64_t seed = 0;                     ///< of ATC findings that nobody set by hand, and of exports that fail
    double failing_exports = 0;                 ///< share
};

/// What is made to fail at a request's next release, by hand.
enum class ReleaseFault : std::uint8_t {
    none,
    pre_export, ///< PU238: the answer says aborted, the request is released all the same (V)
    export_step ///< return code 8: it stays in O until a second release repeats the export (I)
};

/// Finding of the ATC check that runs at release: priority 1 is the worst, 0 is none. By hand, or by the seeded share.
std::uint8_t atc_priority(AtcSpec const& atc, std::uint8_t by_hand, std::uint64_t seed, std::string_view object);

} // namespace almd
