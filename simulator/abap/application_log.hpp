// The application log of all systems of a shard: what SLG1 shows for object /SDF/CALM, subobject BUILD_CDM.
#pragma once

#include "proto/ids.hpp"
#include "simulator/abap/background_processing.hpp"
#include "simulator/kernel/time.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace almd {

/// External IDs of BUILD_CDM (V, exact texts), and none for the set-up itself.
enum class ExternalId : std::uint8_t {
    none,
    read,
    read_landscape,
    import,
    import_feedback,
    client_dependent,
    create,
    release,
    export_feedback,
    toc,
    tr_check,
    retro,
    retro_cate,
    retro_auto,
    retro_reject,
};
std::string_view name(ExternalId id);
/// Those of which nothing is written yet: they belong to steps of a retrofit, which is not executed, only asked for.
inline constexpr ExternalId unused_external_ids[] = {ExternalId::retro_cate, ExternalId::retro_auto,
                                                     ExternalId::retro_reject};

using LogNumber = std::uint32_t; ///< LOGNUMBER; 0: none

/// One message and the log that it stands in.
struct LogEntry {
    LogNumber log = 0;         ///< 0 when it is written: a log of its own
    std::uint16_t message = 0; ///< MSGNUMBER, its place in the log; set when it is written
    TimePoint time{};
    SystemSlot system = 0;
    std::uint32_t setup = 0; ///< number of the set-up whose user wrote it
    Client client = client_000;
    ExternalId external_id = ExternalId::none;
    char type = 'S'; ///< A E W I S
    std::string text;
};

inline constexpr std::string_view log_object = "/SDF/CALM";
inline constexpr std::string_view log_subobject = "BUILD_CDM";

/// One bounded ring per shard; what falls out is counted.
class ApplicationLog {
public:
    explicit ApplicationLog(std::size_t entries_max)
        : entries_max_{entries_max} {}
    /// Answers the log that it stands in.
    LogNumber write(LogEntry entry);
    /// Oldest first.
    std::deque<LogEntry> const& entries() const { return entries_; }
    std::uint64_t dropped() const { return dropped_; }
    static constexpr std::size_t searched_max = 1'000; ///< a log goes on only if its last message is not further back

private:
    std::size_t entries_max_;
    std::deque<LogEntry> entries_;
    std::uint16_t next_message_in(LogNumber log) const;
    LogNumber last_log_ = 0;
    std::uint64_t dropped_ = 0;
};

} // namespace almd
