// The landscape changes while it runs: configuration versions, systems that come and become real, QA approval.
#include "simulator/abap/texts.hpp"
#include "simulator/tms/landscape.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

std::size_t Landscape::system_count() const {
    return members_.size() + (rare_ ? rare_->added.size() : 0);
}

Landscape::Member const& Landscape::member(std::size_t index) const {
    return index < members_.size() ? members_[index] : rare_->added[index - members_.size()];
}

Landscape::Rarities& Landscape::rarities() {
    if (!rare_) rare_ = std::make_unique<Rarities>();
    return *rare_;
}

SystemSeat Landscape::seat(std::size_t index, SystemId own) const {
    return {.id = own,
            .seed = identity_.seed,
            .landscape = identity_.number,
            .index = static_cast<std::uint16_t>(index),
            .of_fleet = identity_.of_fleet};
}

/// A new system, or the body of one that was virtual or outside the domain: its buffer and its requests stay.
void Landscape::settle(SystemSpec const& system) {
    auto& rare = rarities();
    auto const& spec = rare.systems.emplace_back(system);
    for (std::size_t i = 0; i < system_count(); ++i)
        if (sid(i) == system.id) {
            find(system.id)->abap = AbapSystem{spec, seat(i, system.id)};
            return;
        }
    rare.added.push_back({AbapSystem{spec, seat(system_count(), system.id)},
                          TransportOrganizer{system.id, spec.last_request_number}, ImportBuffer{}});
}

Result<ConfigurationActivated> Landscape::change_configuration(ConfigurationChange const& change, std::string author,
                                                               TimePoint now) {
    if (domain_.version() >= ConfigurationVersion::last)
        return fail(ErrorCode::conflict, fmt::format("the configuration has its last version, {}", domain_.version()));
    auto draft = draft_change(domain_.spelled_out(), change);
    if (!draft) return std::unexpected{draft.error()};
    if (auto const* remove = std::get_if<DeleteSystem>(&change); remove && importing(remove->system))
        return fail(ErrorCode::conflict, fmt::format("imports run or wait in {}: it is deleted when they have ended",
                                                     remove->system.text()));
    auto versions = configuration_versions();
    if (auto const* system = new_system(change)) settle(*system);
    domain_.activate(std::move(draft->after));
    auto& kept = rarities().versions;
    if (kept.empty()) kept.push_back(versions.front());
    kept.push_back({domain_.version(), std::move(author), describe(change), now});
    if (kept.size() > ConfigurationVersion::kept_max) kept.pop_front();
    return ConfigurationActivated{domain_.version(), std::move(draft->warnings)};
}

std::vector<ConfigurationVersion> Landscape::configuration_versions() const {
    if (rare_ && !rare_->versions.empty()) return {rare_->versions.begin(), rare_->versions.end()};
    return {{1, "DDIC", "as configured", born_}};
}

ApprovalState Landscape::approval_of(TrRequest trkorr, TransportTarget const& target) const {
    auto state = ApprovalState::not_needed;
    if (!domain_.has_approvals()) return state;
    static ApprovalBook const nothing_decided;
    auto const& book = rare_ ? rare_->approvals : nothing_decided;
    for (auto const qa_system : domain_.approval_systems()) {
        auto const targets = domain_.delivery_targets(qa_system, std::nullopt);
        if (std::ranges::find(targets, target) != targets.end())
            state = std::max(state, book.state(domain_.approval_steps(qa_system), trkorr, qa_system));
    }
    return state;
}

Result<std::span<ApprovalStep const>> Landscape::open_procedure(TrRequest trkorr, SystemId qa_system, ApprovalStep step,
                                                                std::string_view user, TimePoint now) const {
    auto const* source = request(trkorr);
    if (!source)
        return fail(ErrorCode::not_found, text_of(Text::request_does_not_exist, trkorr.text(), trkorr.system().text()));
    if (!domain_.index_of(qa_system))
        return fail(ErrorCode::not_found,
                    fmt::format("there is no system {} in the transport domain", qa_system.text()));
    auto const steps = domain_.approval_steps(qa_system);
    if (steps.empty())
        return fail(ErrorCode::conflict, fmt::format("system {} has no approval procedure", qa_system.text()));
    auto const waits = [&](TransportTarget const& target) {
        auto const* member = find(*target.system());
        return member && member->buffer.find(trkorr, target.client());
    };
    if (std::ranges::none_of(domain_.delivery_targets(qa_system, std::nullopt), waits))
        return fail(ErrorCode::conflict,
                    fmt::format("{} waits in no delivery target of {}: it is approved after its import there",
                                trkorr.text(), qa_system.text()));
    if (step == ApprovalStep::request_owner && user != source->owner)
        return fail(ErrorCode::conflict, fmt::format("{} belongs to {}: step {} is not for {}", trkorr.text(),
                                                     source->owner, name(step), user));
    // The owner decides as such, wherever it works; the other steps are the administrator's (I).
    auto const allowed = step == ApprovalStep::request_owner
                             ? check_user(*find(trkorr.system()), user, now)
                             : authorize(qa_system, user, TransportActivity::approve, now);
    if (!allowed) return std::unexpected{allowed.error()};
    return steps;
}

Result<ApprovalState> Landscape::approve(TrRequest trkorr, SystemId qa_system, ApprovalStep step, std::string_view user,
                                         TimePoint now) {
    auto const steps = open_procedure(trkorr, qa_system, step, user, now);
    if (!steps) return std::unexpected{steps.error()};
    return rarities().approvals.approve(*steps, trkorr, qa_system, step);
}

Result<ApprovalState> Landscape::reject(TrRequest trkorr, SystemId qa_system, ApprovalStep step, std::string_view user,
                                        TimePoint now) {
    auto const steps = open_procedure(trkorr, qa_system, step, user, now);
    if (!steps) return std::unexpected{steps.error()};
    return rarities().approvals.reject(*steps, trkorr, qa_system, step);
}

} // namespace almd
