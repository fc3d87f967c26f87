// From what tp did to what the cloud is told.
#include "agent/jobs/work_result.hpp"

#include "simulator/abap/texts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

bool is_blocked(TpOutcome const& outcome) {
    auto const& mismatch = entry_of(Text::component_mismatch);
    return !outcome.return_code && std::ranges::any_of(outcome.messages, [&](auto const& message) {
        return message.message_class == mismatch.message_class && message.number == mismatch.number;
    });
}

WorkResult result_of(TpOutcome const& outcome, std::string const& user) {
    WorkResult result;
    bool const failed = !outcome.return_code || outcome.return_code->severity() == TpReturnCode::Severity::terminated;
    result.status = failed ? WorkStatus::failed : WorkStatus::finished;
    result.return_code = outcome.return_code;
    result.started_at = outcome.started_at;
    result.ended_at = outcome.ended_at;
    result.user = user;
    for (auto const& request : outcome.requests) {
        WorkResult::Transport transport{request.trkorr, outcome.target, request.return_code, {}};
        for (auto const& step : request.steps)
            transport.steps.push_back(WorkResult::Step{std::string(1, step.step), step.return_code});
        result.transports.push_back(std::move(transport));
    }
    for (auto const& message : outcome.messages)
        result.messages.push_back(
            WorkResult::Message{message.type, message.message_class, message.number, message.text});
    return result;
}

WorkResult failed(std::string const& reason, std::string const& user, TimePoint started, TimePoint ended) {
    WorkResult result;
    result.status = WorkStatus::failed;
    result.started_at = started;
    result.ended_at = ended;
    result.user = user;
    result.messages.push_back(WorkResult::Message{'E', "", "", reason});
    return result;
}

WorkResult rejected(std::string const& reason, std::string const& user, TimePoint at) {
    WorkResult result = failed(reason, user, at, at);
    result.status = WorkStatus::rejected;
    return result;
}

std::optional<std::string> why_not_importable(WorkItem const& item, SystemId own) {
    if (!item.target) return text_of(Text::import_without_target);
    if (item.transports.empty()) return text_of(Text::import_without_requests);
    if (item.target->system() != own) return text_of(Text::import_elsewhere, item.target->text(), own.text());
    return std::nullopt;
}

} // namespace almd
