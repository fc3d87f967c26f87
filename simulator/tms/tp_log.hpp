// What tp writes down: ALOG, SLOG and ULOG as bounded rings of values, step logs as a view on the history.
#pragma once

#include "simulator/tms/import_history.hpp"

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace almd {

enum class TpLogKind : std::uint8_t {
    action, ///< ALOG: a row for each finished step (V)
    system, ///< SLOG: START, STOP, ERROR, HALT (V)
    user,   ///< ULOG: a row for each tp command (V)
};
std::string_view name(TpLogKind kind); ///< "ALOG" ...

struct TpLogRow {
    TpLogKind kind = TpLogKind::system;
    TimePoint at{};
    SystemId system;
    std::optional<Client> client{};
    std::optional<TrRequest> request{}; ///< none: ALL, or the line of a call
    char step = 0;                      ///< 0: none
    std::optional<TpReturnCode> return_code{};
    std::string text{}, user{};
};

class TpLog {
public:
    /// 0: nothing is kept.
    explicit TpLog(std::size_t rows_max)
        : rows_max_{rows_max} {}

    bool keeps() const { return rows_max_ > 0; }
    void write(TpLogRow row);
    std::deque<TpLogRow> const& rows(TpLogKind kind) const;
    std::size_t bytes() const;

private:
    std::size_t rows_max_;                                      ///< of each kind; the oldest go
    std::unique_ptr<std::array<std::deque<TpLogRow>, 3>> rows_; ///< null until the first row: an empty deque allocates
};

/// "DEVI900042.QUA"; of a step that is run once for all requests "A261126.QUA", the day in UTC (V).
std::string step_log_name(TrRequest trkorr, char step, SystemId target, TimePoint at);
/// What the log of one step says: when it ran, what was wrong, "Ended with return code:  ===> 4 <===" at its end (I).
std::string step_log_text(ImportRow const& row, ImportStep const& step, StepTimes times,
                          std::span<StepRemark const> remarks);

/// One line of the cofile: what happened to a request where (TR_READ_GLOBAL_INFO_OF_REQUEST, V).
struct CofileStep {
    SystemId system;
    std::optional<Client> client{};
    char step = ' ';
    TpReturnCode return_code{};
    StepTimes times{};
};
/// The steps of all its imports, oldest first.
std::vector<CofileStep> cofile_of(ImportHistory const& history, TrRequest trkorr);

} // namespace almd
