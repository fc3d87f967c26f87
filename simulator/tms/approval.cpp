// Steps that were approved, and rejections.
#include "simulator/tms/approval.hpp"

#include "simulator/abap/texts.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

constexpr std::uint8_t bit_of(ApprovalStep step) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(step));
}

} // namespace

std::string_view name(ApprovalState state) {
    switch (state) {
    case ApprovalState::not_needed: return "not needed";
    case ApprovalState::approved: return "approved";
    case ApprovalState::pending: return "pending";
    case ApprovalState::rejected: return "rejected";
    }
    return "";
}

Result<ApprovalBook::Decision*> ApprovalBook::open(std::span<ApprovalStep const> steps, TrRequest request,
                                                   SystemId qa_system, ApprovalStep step) {
    if (std::ranges::find(steps, step) == steps.end())
        return fail(ErrorCode::conflict,
                    fmt::format("step {} is not active in the approval procedure of {}", name(step), qa_system.text()));
    auto const found = decisions_.find({request, qa_system});
    if (found != decisions_.end() && found->second.rejected)
        return fail(ErrorCode::conflict, text_of(Text::was_rejected, request.text()));
    if (found != decisions_.end() && (found->second.approved & bit_of(step)))
        return fail(ErrorCode::conflict, fmt::format("step {} of {} in {} is approved already", name(step),
                                                     request.text(), qa_system.text()));
    return &decisions_[{request, qa_system}];
}

Result<ApprovalState> ApprovalBook::approve(std::span<ApprovalStep const> steps, TrRequest request, SystemId qa_system,
                                            ApprovalStep step) {
    auto const decision = open(steps, request, qa_system, step);
    if (!decision) return std::unexpected{decision.error()};
    (*decision)->approved |= bit_of(step);
    return state(steps, request, qa_system);
}

Result<ApprovalState> ApprovalBook::reject(std::span<ApprovalStep const> steps, TrRequest request, SystemId qa_system,
                                           ApprovalStep step) {
    auto const decision = open(steps, request, qa_system, step);
    if (!decision) return std::unexpected{decision.error()};
    (*decision)->rejected = true;
    return ApprovalState::rejected;
}

ApprovalState ApprovalBook::state(std::span<ApprovalStep const> steps, TrRequest request, SystemId qa_system) const {
    if (steps.empty()) return ApprovalState::not_needed;
    auto const found = decisions_.find({request, qa_system});
    if (found == decisions_.end()) return ApprovalState::pending;
    if (found->second.rejected) return ApprovalState::rejected;
    auto const given = [&](ApprovalStep step) { return (found->second.approved & bit_of(step)) != 0; };
    return std::ranges::all_of(steps, given) ? ApprovalState::approved : ApprovalState::pending;
}

} // namespace almd
