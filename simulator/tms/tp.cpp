// tp's decisions: what runs, in which steps, how long, and what its codes mean for the buffer.
#include "simulator/tms/tp.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace almd {

TpMessage message_of(char type, Text text, std::string rendered) {
    auto const& entry = entry_of(text);
    return {type, std::string{entry.message_class}, std::string{entry.number}, std::move(rendered)};
}

namespace {

struct Mismatch {
    ComponentVersion const* component = nullptr; ///< the first one that keeps a request out; null: it fits
    bool only_in_target = false;
};

Mismatch first_mismatch(std::span<ComponentVersion const> of_request, std::span<ComponentVersion const> of_target,
                        bool extra_blocks) {
    for (auto const& component : of_request)
        if (std::ranges::find(of_target, component) == of_target.end()) return {&component};
    if (extra_blocks && !of_request.empty()) // no vector: nothing is known to compare
        for (auto const& component : of_target)
            if (std::ranges::find(of_request, component) == of_request.end()) return {&component, true};
    return {};
}

TpMessage mismatch_message(Mismatch const& wrong, std::string_view target) {
    auto const level = fmt::format("{:04}", wrong.component->support_package);
    auto const& [name, release, package] = *wrong.component;
    if (wrong.only_in_target)
        return message_of('E', Text::component_only_in_target,
                          text_of(Text::component_only_in_target, name, release, level, target));
    return message_of('E', Text::component_level_missing, text_of(Text::component_level_missing, name, release, level));
}

/// Predecessors of a candidate that the call does not bring either: those it names may have been refused.
std::size_t missing_before(std::span<ImportCandidate const> candidates, std::vector<std::size_t> const& run,
                           std::size_t index) {
    return static_cast<std::size_t>(std::ranges::count_if(candidates[index].predecessors, [&](TrRequest missing) {
        return std::ranges::none_of(run, [&](std::size_t other) { return candidates[other].trkorr == missing; });
    }));
}

void check_components(ImportPlan& plan, std::span<ImportCandidate const> candidates,
                      std::span<ComponentVersion const> target_components, std::string_view target, bool extra_blocks) {
    std::vector<TpMessage> details;
    std::size_t mismatches = 0;
    for (auto const index : plan.run) {
        auto const wrong = first_mismatch(candidates[index].components, target_components, extra_blocks);
        if (!wrong.component) continue;
        ++mismatches;
        auto line = mismatch_message(wrong, target);
        if (std::ranges::find(details, line) == details.end()) details.push_back(std::move(line));
    }
    if (mismatches == 0) return;
    plan.blocked = true;
    plan.messages.push_back(
        message_of('E', Text::component_mismatch,
                   text_of(Text::component_mismatch, std::to_string(mismatches), std::to_string(plan.run.size()))));
    std::ranges::move(details, std::back_inserter(plan.messages));
    plan.run.clear();
}

} // namespace

std::optional<Text> why_kept_out(EntryState state, ImportOptions const& options) {
    switch (state) {
    case EntryState::imported:
        if (options.import_again) return std::nullopt;
        return Text::already_imported;
    case EntryState::running: return Text::being_imported;
    case EntryState::unapproved:
        if (options.ignore_approval) return std::nullopt;
        return Text::must_be_approved;
    case EntryState::rejected: return Text::was_rejected;
    case EntryState::excluded: return Text::will_not_be_imported;
    case EntryState::file_missing: return Text::data_file_missing;
    default: return std::nullopt;
    }
}

ImportPlan plan_import(TpProfile const& profile, std::span<ImportCandidate const> candidates,
                       std::span<ComponentVersion const> target_components, std::string_view target,
                       ImportOptions options) {
    ImportPlan plan;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        auto const& candidate = candidates[i];
        auto const number = candidate.trkorr.text();
        if (!candidate.in_buffer) {
            plan.not_in_buffer.push_back(i);
            plan.messages.push_back(message_of('E', Text::not_in_buffer, text_of(Text::not_in_buffer, number, target)));
        } else if (candidate.type_locked && !options.ignore_transport_type) {
            plan.refused.push_back(i);
            auto const letter = std::string(1, static_cast<char>(candidate.function));
            plan.messages.push_back(
                message_of('E', Text::transport_type_locked, text_of(Text::transport_type_locked, letter, target)));
        } else if (auto const why = why_kept_out(candidate.state, options)) {
            plan.refused.push_back(i);
            plan.messages.push_back(message_of('W', *why, text_of(*why, number)));
        } else if (auto const missing = missing_before(candidates, plan.run, i);
                   missing && !options.ignore_predecessors) {
            plan.refused.push_back(i);
            auto const count = std::to_string(missing);
            plan.messages.push_back(
                message_of('W', Text::predecessors_missing, text_of(Text::predecessors_missing, number, count)));
        } else {
            plan.run.push_back(i);
        }
    }
    if (profile.component_check && !options.ignore_component_version)
        check_components(plan, candidates, target_components, target, profile.extra_target_components_block);
    return plan;
}

bool components_match(std::span<ComponentVersion const> of_request, std::span<ComponentVersion const> of_target,
                      bool extra_blocks) {
    return !first_mismatch(of_request, of_target, extra_blocks).component;
}

/// Faults by chance belong to one request, so they sit in steps of its own: I and R.
ImportFate draw_fate(TpProfile const& profile, Rng rng) {
    double const dice = rng.unit();
    char const step = rng.chance(0.5) ? 'I' : 'R';
    double limit = profile.terminating_share;
    if (dice < limit) return {'I', TpReturnCode{12}};
    if (dice < (limit += profile.failing_share)) return {step, TpReturnCode{8}};
    if (dice < (limit += profile.warning_share)) return {step, TpReturnCode{4}};
    return {};
}

bool stops_call(TpProfile const& profile, TpReturnCode code) {
    return code.value() >= profile.stop_on_error;
}

bool stays_in_buffer(TpProfile const& profile, TpReturnCode code) {
    return code.value() >= profile.repeat_on_error;
}

TpReturnCode ImportProgress::worst() const {
    auto worst = carried;
    for (auto const& step : done) worst = std::max(worst, step.return_code);
    return worst;
}

TpReturnCode ImportProgress::code_of(char step) const {
    auto const found = std::ranges::find(done, step, &ImportStep::step);
    return found == done.end() ? TpReturnCode{} : found->return_code;
}

bool ImportProgress::ran(char step) const {
    return std::ranges::find(done, step, &ImportStep::step) != done.end();
}

std::optional<Duration> step_duration(TpProfile const& profile, std::span<ImportProgress const> requests, char step) {
    std::optional<Duration> sum;
    for (auto const& request : requests) {
        if (!request.steps.contains(step)) continue;
        auto const usual = step_duration(profile, request.all_steps, request.contents, step);
        sum = sum.value_or(Duration{0}) + std::chrono::duration_cast<Duration>(usual * request.fate.pace) +
              (step == 'I' ? request.fate.delay : Duration{0});
    }
    return sum;
}

bool run_step(TpProfile const& profile, std::span<ImportProgress> requests, char step) {
    TpReturnCode worst;
    for (auto& request : requests) {
        if (!request.steps.contains(step)) continue;
        auto code = request.fate.step == step ? request.fate.return_code : TpReturnCode{};
        if (step == 'I' && request.keeps_objects) code = std::max(code, TpReturnCode{8});
        request.done.push_back({step, code});
        request.steps.erase(0, request.steps.find(step) + 1);
        worst = std::max(worst, code);
    }
    if (is_request_independent(step) && worst >= TpReturnCode{8}) {
        for (auto& request : requests) {
            if (request.done.empty() || request.done.back().step != step)
                request.done.push_back({step, worst});
            else
                request.done.back().return_code = worst;
        }
    }
    return !stops_call(profile, worst);
}

ImportEnd end_of(TpProfile const& profile, ImportProgress const& request) {
    auto const repeats = [&](ImportStep const& step) {
        return stays_in_buffer(profile, step.return_code) || stops_call(profile, step.return_code);
    };
    auto const failed = std::ranges::find_if(request.done, repeats);
    auto carried = request.carried;
    for (auto step = request.done.begin(); step != failed; ++step) carried = std::max(carried, step->return_code);
    if (failed != request.done.end()) return {request.worst(), failed->step, carried};
    if (!request.steps.empty()) return {std::nullopt, request.steps.front(), carried};
    return {request.worst(), 0, {}};
}

TpMessage end_message(TrRequest trkorr, std::string_view target, ImportEnd const& end) {
    auto const number = trkorr.text();
    if (!end.return_code)
        return message_of('W', Text::import_interrupted,
                          text_of(Text::import_interrupted, number, target, std::string(1, end.resume_at)));
    auto const code = fmt::format("{:04}", end.return_code->value());
    switch (end.return_code->severity()) {
    case TpReturnCode::Severity::success:
        return message_of('S', Text::import_successful, text_of(Text::import_successful, number, target));
    case TpReturnCode::Severity::warning:
        return message_of('W', Text::import_warnings, text_of(Text::import_warnings, number, target, code));
    case TpReturnCode::Severity::error:
        return message_of('E', Text::import_errors, text_of(Text::import_errors, number, target, code));
    case TpReturnCode::Severity::terminated: break;
    }
    return message_of('E', Text::import_terminated, text_of(Text::import_terminated, number, target, code));
}

} // namespace almd
