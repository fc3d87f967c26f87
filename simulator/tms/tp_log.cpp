// tp's logs: rings that forget their oldest rows.
#include "simulator/tms/tp_log.hpp"

#include "simulator/tms/tp.hpp"

#include <fmt/core.h>

namespace almd {

std::string_view name(TpLogKind kind) {
    constexpr std::array<std::string_view, 3> names{"ALOG", "SLOG", "ULOG"};
    return names[static_cast<std::size_t>(kind)];
}

void TpLog::write(TpLogRow row) {
    if (!keeps()) return;
    if (!rows_) rows_ = std::make_unique<std::array<std::deque<TpLogRow>, 3>>();
    auto& rows = (*rows_)[static_cast<std::size_t>(row.kind)];
    rows.push_back(std::move(row));
    if (rows.size() > rows_max_) rows.pop_front();
}

std::deque<TpLogRow> const& TpLog::rows(TpLogKind kind) const {
    static std::deque<TpLogRow> const none;
    return rows_ ? (*rows_)[static_cast<std::size_t>(kind)] : none;
}

std::size_t TpLog::bytes() const {
    if (!rows_) return 0;
    std::size_t sum = sizeof *rows_;
    for (auto const& rows : *rows_)
        for (auto const& row : rows) sum += sizeof row + row.text.capacity() + row.user.capacity();
    return sum;
}

std::string step_log_name(TrRequest trkorr, char step, SystemId target, TimePoint at) {
    if (!is_request_independent(step))
        return fmt::format("{}{}{:06}.{}", trkorr.system().text(), step, trkorr.number(), target.text());
    auto const text = rfc3339(at); // 2026-11-26T...
    return fmt::format("{}{}{}{}.{}", step, text.substr(2, 2), text.substr(5, 2), text.substr(8, 2), target.text());
}

std::string step_log_text(ImportRow const& row, ImportStep const& step, StepTimes times,
                          std::span<StepRemark const> remarks) {
    auto const request = is_request_independent(step.step) ? std::string{"ALL"} : std::string{row.request.text()};
    auto text = fmt::format("{}\nTransport request   : {}\nSystem              : {}\nStart               : {}\n"
                            "End                 : {}\n\n",
                            step_name(step.step), request, row.system.text(), rfc3339(times.start), rfc3339(times.end));
    bool told = false;
    for (auto const& remark : remarks) {
        if (remark.step != step.step) continue;
        told = true;
        text += remark.text + '\n';
    }
    if (!told && step.return_code.value() > 0)
        text += text_of(Text::simulated_code, std::to_string(step.return_code.value())) + '\n';
    return text + fmt::format("Ended with return code:  ===> {} <===", step.return_code.value());
}

std::vector<CofileStep> cofile_of(ImportHistory const& history, TrRequest trkorr) {
    std::vector<CofileStep> all;
    for (auto const* row : history.of_request(trkorr))
        for (auto const& step : row->steps)
            all.push_back({row->system, row->client, step.step, step.return_code, history.times_of(*row, step.step)});
    return all;
}

} // namespace almd
