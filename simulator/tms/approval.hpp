// QA approval: which requests a QA system has let through to its delivery targets.
#pragma once

#include "simulator/tms/landscape_spec.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <utility>

namespace almd {

/// Most wanting last: of several QA systems in front of a target the last one counts.
enum class ApprovalState : std::uint8_t { not_needed, approved, pending, rejected };
std::string_view name(ApprovalState state);

/// Unapproved requests stand in the queue and are not importable; rejected ones never are (V).
constexpr bool importable(ApprovalState state) {
    return state == ApprovalState::not_needed || state == ApprovalState::approved;
}

/// Decisions by request and QA system. Empty and without memory until the first one.
class ApprovalBook {
public:
    /// `steps`: the active ones of that system. Error conflict: the step is not active or was decided, or the request
    /// was rejected, which is final (V).
    Result<ApprovalState> approve(std::span<ApprovalStep const> steps, TrRequest request, SystemId qa_system,
                                  ApprovalStep step);
    Result<ApprovalState> reject(std::span<ApprovalStep const> steps, TrRequest request, SystemId qa_system,
                                 ApprovalStep step);
    /// not_needed: no step is active.
    ApprovalState state(std::span<ApprovalStep const> steps, TrRequest request, SystemId qa_system) const;

private:
    struct Decision {
        std::uint8_t approved = 0; ///< a bit for each step
        bool rejected = false;
    };
    Result<Decision*> open(std::span<ApprovalStep const> steps, TrRequest request, SystemId qa_system,
                           ApprovalStep step);

    std::map<std::pair<TrRequest, SystemId>, Decision> decisions_;
};

} // namespace almd
