// Comparing a result with its work item, transport by transport.
#include "simulator/cloud/result_fit.hpp"

#include "simulator/kernel/characters.hpp"
#include "simulator/kernel/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace almd {

namespace {

using Said = WorkResult::Transport;

/// Numbers that did not exist when the item was made.
bool makes_transports(WorkKind kind) {
    return kind == WorkKind::create || kind == WorkKind::toc;
}

/// Checks and retrofit answer with findings or in another track.
bool must_name_all(WorkKind kind) {
    return kind == WorkKind::import || kind == WorkKind::release || kind == WorkKind::delete_empty ||
           kind == WorkKind::add_user;
}

bool asks_for(WorkItem const& item, TrRequest trkorr) {
    return std::ranges::find(item.transports, trkorr) != item.transports.end();
}

std::string list_of(std::vector<TrRequest> const& numbers) {
    std::string list;
    for (auto const& number : numbers) list.append(list.empty() ? "" : ", ").append(number.text());
    return list;
}

std::optional<ResultMisfit> misfit_of_one(WorkItem const& item, SystemId executing, WorkResult const& result,
                                          std::size_t index) {
    auto const& said = result.transports[index];
    auto const field = [index](std::string_view member) { return fmt::format("transports[{}].{}", index, member); };
    auto const earlier = result.transports | std::views::take(index);
    if (std::ranges::find(earlier, said.trkorr, &Said::trkorr) != earlier.end())
        return ResultMisfit{field("trkorr"), fmt::format("{} is named twice", said.trkorr.text())};
    bool const asked = asks_for(item, said.trkorr);
    if (!asked && !makes_transports(item.kind))
        return ResultMisfit{field("trkorr"),
                            fmt::format("{} is not in this work item, which has {}", said.trkorr.text(),
                                        item.transports.empty() ? "none" : list_of(item.transports))};
    if (!asked && said.trkorr.system() != executing)
        return ResultMisfit{field("trkorr"), fmt::format("{} is no number of {}, where this was to be done",
                                                         said.trkorr.text(), executing.text())};
    if (item.kind == WorkKind::import && item.target && said.target && *said.target != *item.target)
        return ResultMisfit{field("target"), fmt::format("{} is not the target of this work item, which is {}",
                                                         said.target->text(), item.target->text())};
    return std::nullopt;
}

/// The code of a request is the highest of its steps (V), and that of the whole work the highest of its requests.
std::optional<ResultMisfit> misfit_of_codes(WorkResult const& result) {
    TpReturnCode worst{};
    for (std::size_t i = 0; i < result.transports.size(); ++i) {
        auto const& said = result.transports[i];
        if (!said.return_code) continue;
        for (auto const& step : said.steps)
            if (step.return_code > *said.return_code)
                return ResultMisfit{fmt::format("transports[{}].returnCode", i),
                                    fmt::format("{} is below the {} of step {}; it is the highest code of all steps",
                                                said.return_code->value(), step.return_code.value(), step.step)};
        worst = std::max(worst, *said.return_code);
    }
    if (result.return_code && *result.return_code < worst)
        return ResultMisfit{"returnCode",
                            fmt::format("{} is below the {} of a transport; it is the highest code of all",
                                        result.return_code->value(), worst.value())};
    return std::nullopt;
}

std::optional<ResultMisfit> misfit_of_times(WorkResult const& result) {
    if (!result.started_at || !result.ended_at || *result.started_at <= *result.ended_at) return std::nullopt;
    return ResultMisfit{"endedAt", fmt::format("{} is before startedAt, which is {}", rfc3339(*result.ended_at),
                                               rfc3339(*result.started_at))};
}

/// A person at the cloud sees nothing but this text.
std::optional<ResultMisfit> misfit_of_rejection(WorkResult const& result) {
    auto const says_nothing = [](WorkResult::Message const& message) { return is_blank(message.text); };
    if (result.status != WorkStatus::rejected || !std::ranges::all_of(result.messages, says_nothing))
        return std::nullopt;
    return ResultMisfit{"messages", "a rejection needs a reason: say it in the text of at least one message"};
}

} // namespace

std::optional<ResultMisfit> misfit_of(WorkItem const& item, SystemId executing, WorkResult const& result) {
    for (std::size_t i = 0; i < result.transports.size(); ++i)
        if (auto misfit = misfit_of_one(item, executing, result, i)) return misfit;
    if (auto misfit = misfit_of_codes(result)) return misfit;
    if (auto misfit = misfit_of_times(result)) return misfit;
    if (auto misfit = misfit_of_rejection(result)) return misfit;
    if (result.status != WorkStatus::finished) return std::nullopt;
    if (makes_transports(item.kind)) {
        auto const is_new = [&](Said const& said) { return !asks_for(item, said.trkorr); };
        if (std::ranges::none_of(result.transports, is_new))
            return ResultMisfit{"transports", fmt::format("\"{}\" is finished, but no transport that it made is named",
                                                          name(item.kind))};
    }
    if (must_name_all(item.kind))
        for (auto const& asked : item.transports)
            if (std::ranges::find(result.transports, asked, &Said::trkorr) == result.transports.end())
                return ResultMisfit{"transports", fmt::format("{} is finished, but what became of {} is not said",
                                                              name(item.kind), asked.text())};
    return std::nullopt;
}

} // namespace almd
