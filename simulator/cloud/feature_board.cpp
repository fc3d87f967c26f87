// Statuses, verbs and the rules of assigning.
#include "simulator/cloud/feature_board.hpp"

#include "simulator/kernel/characters.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace almd {

namespace {

struct StatusWords {
    std::string_view code, label;
};
constexpr std::array<StatusWords, 7> status_words{{
    {"CREATED", "In Specification"},
    {"IN_REALIZATION", "In Implementation"},
    {"IN_TESTING", "In Testing"},
    {"SUCCESSFULLY_TESTED", "Successfully Tested"},
    {"APPROVED_FOR_DEPLOYMENT", "Ready for Production"},
    {"CONFIRMED", "Deployed"},
    {"NOT_PLANNED", "Not Planned"},
}};

constexpr std::array<std::string_view, 6> action_names{"startImplementation",   "handoverToTest",
                                                       "confirmSuccessfulTest", "approveForProduction",
                                                       "confirmDeployment",     "setToNotPlanned"};

std::string refusal(Feature const& feature, std::string_view what) {
    return fmt::format("feature {} is {}: {}", feature.display_id(), label(feature.status), what);
}

} // namespace

std::string_view code(FeatureStatus status) {
    return status_words[static_cast<std::size_t>(status)].code;
}

std::string_view label(FeatureStatus status) {
    return status_words[static_cast<std::size_t>(status)].label;
}

std::string_view name(FeatureAction action) {
    return action_names[static_cast<std::size_t>(action)];
}

Result<FeatureAction> parse_feature_action(std::string_view text) {
    for (std::size_t i = 0; i < action_names.size(); ++i)
        if (action_names[i] == text) return static_cast<FeatureAction>(i);
    return fail(ErrorCode::invalid, fmt::format("unknown action {}; allowed: {}", text, fmt::join(action_names, ", ")));
}

std::optional<FeatureStatus> after(FeatureStatus status, FeatureAction action) {
    using enum FeatureStatus;
    switch (action) {
    case FeatureAction::start_implementation:
        if (status == in_specification || status == in_testing || status == not_planned) return in_implementation;
        break;
    case FeatureAction::handover_to_test:
        if (status == in_implementation) return in_testing;
        break;
    case FeatureAction::confirm_successful_test:
        if (status == in_testing) return successfully_tested;
        break;
    case FeatureAction::approve_for_production:
        if (status == successfully_tested) return ready_for_production;
        break;
    case FeatureAction::confirm_deployment:
        if (status == ready_for_production) return deployed;
        break;
    case FeatureAction::set_to_not_planned:
        if (status == in_specification || status == in_implementation || status == in_testing) return not_planned;
        break;
    }
    return std::nullopt;
}

bool may_create(FeatureStatus status) {
    using enum FeatureStatus;
    return status == in_specification || status == in_implementation || status == in_testing;
}

bool may_copy(FeatureStatus status) {
    return status == FeatureStatus::in_implementation || status == FeatureStatus::in_testing;
}

bool may_release(FeatureStatus status) {
    return may_deploy(status); // the same row of 4.6
}

bool may_assign(FeatureStatus status) {
    using enum FeatureStatus;
    return status == in_specification || status == in_implementation || status == in_testing ||
           status == ready_for_production;
}

bool may_unassign(FeatureStatus status) {
    using enum FeatureStatus;
    return status == not_planned || status == in_specification || status == in_implementation || status == in_testing;
}

bool may_deploy(FeatureStatus status) {
    using enum FeatureStatus;
    return status == in_implementation || status == in_testing || status == successfully_tested ||
           status == ready_for_production;
}

std::string Feature::display_id() const {
    return fmt::format("6-{}", number); // 6- is the prefix of features (V)
}

std::size_t kept_bytes(FeatureReference const& reference) {
    return 2 * sizeof reference + heap_bytes(reference.id) + heap_bytes(reference.name) + heap_bytes(reference.url);
}

std::size_t kept_bytes(Feature const& feature) {
    auto bytes = sizeof feature + TextBudget::row_bytes;
    for (auto const* text :
         {&feature.title, &feature.project, &feature.description, &feature.release_id, &feature.scope_id,
          &feature.responsible_id, &feature.workstream_id, &feature.type, &feature.tags})
        bytes += heap_bytes(*text);
    for (auto const* list : {&feature.url_references, &feature.external_references, &feature.transport_references})
        for (auto const& one : *list) bytes += kept_bytes(one);
    return bytes;
}

Result<void> FeatureBoard::check_new(std::string_view title) const {
    if (is_blank(title) || characters(title) > title_max)
        return fail(ErrorCode::invalid,
                    fmt::format("title: a feature needs one, at most {} characters long", title_max));
    if (features_.size() >= max_)
        return fail(ErrorCode::full, fmt::format("the stand-in keeps at most {} features; delete some", max_));
    return {};
}

Result<Feature*> FeatureBoard::create(CloudTenant tenant, std::string title, std::string project, TimePoint now) {
    if (auto good = check_new(title); !good) return std::unexpected{good.error()};
    auto const number = last_number_ + 1;
    auto const hash = mix(mix(seed_, hash_text("feature")), number);
    Feature feature;
    feature.id = FeatureId::from_hash(hash, mix(hash));
    feature.number = number;
    feature.tenant = tenant;
    feature.title = std::move(title);
    feature.project = std::move(project);
    feature.created_at = feature.modified_at = now;
    if (auto room = texts_.change(0, kept_bytes(feature)); !room) return std::unexpected{room.error()};
    last_number_ = number;
    by_id_.emplace(feature.id, number);
    return &features_.emplace(number, std::move(feature)).first->second;
}

Feature* FeatureBoard::find(FeatureId id) {
    auto const found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &features_.at(found->second);
}

Feature const* FeatureBoard::find(FeatureId id) const {
    auto const found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &features_.at(found->second);
}

Result<void> FeatureBoard::remove(FeatureId id) {
    auto const found = by_id_.find(id);
    if (found == by_id_.end()) return fail(ErrorCode::not_found, "there is no such feature");
    auto const& feature = features_.at(found->second);
    if (!feature.transports.empty())
        return fail(ErrorCode::conflict, refusal(feature, fmt::format("it has {} transports; unassign them first",
                                                                      feature.transports.size())));
    texts_.give_back(kept_bytes(feature));
    features_.erase(found->second);
    by_id_.erase(found);
    return {};
}

void FeatureBoard::remember(Feature& feature, WorkId work) {
    if (feature.work.size() >= work_max) feature.work.erase(feature.work.begin());
    feature.work.push_back(work);
}

void FeatureBoard::note(Feature& feature, std::string text) {
    if (feature.notes.size() >= notes_max) feature.notes.erase(feature.notes.begin());
    feature.notes.push_back(std::move(text));
}

Result<Feature*> FeatureBoard::find(std::string_view name) {
    if (name.starts_with("6-")) {
        std::uint32_t number = 0;
        auto const [end, error] = std::from_chars(name.data() + 2, name.data() + name.size(), number);
        auto const feature = features_.find(number);
        if (error == std::errc{} && end == name.data() + name.size() && feature != features_.end())
            return &feature->second;
    } else if (auto const id = FeatureId::parse(name)) {
        if (auto* feature = find(*id)) return feature;
    }
    return fail(ErrorCode::not_found, fmt::format("there is no feature {}; name it by display ID (6-1) or UUID", name));
}

Result<void> FeatureBoard::check_assign(Feature const& feature, CloudTransportKey const& key,
                                        CloudTransport const& transport) {
    auto const number = key.trkorr.text();
    if (transport.feature == feature.id) return {};
    if (!may_assign(feature.status))
        return fail(ErrorCode::conflict,
                    refusal(feature, "transports are assigned In Specification, In Implementation, In Testing or "
                                     "Ready for Production"));
    if (transport.deleted) return fail(ErrorCode::conflict, fmt::format("{} was deleted", number));
    auto const function = transport.record.function;
    if (function == TrFunction::transport_of_copies)
        return fail(ErrorCode::conflict,
                    fmt::format("{} is a transport of copies; these are never assigned to a feature", number));
    if (function != TrFunction::workbench && function != TrFunction::customizing)
        return fail(
            ErrorCode::conflict,
            fmt::format("{} is a task; assign its request{}", number,
                        transport.record.parent ? fmt::format(" {}", transport.record.parent->text()) : std::string{}));
    if (transport.feature) {
        auto const* other = find(*transport.feature);
        return fail(ErrorCode::conflict,
                    fmt::format("{} is assigned to feature {}; a transport has one feature. Unassign it there first",
                                number, other ? other->display_id() : transport.feature->text()));
    }
    if (feature.transports.size() >= transports_per_feature_max)
        return fail(ErrorCode::conflict,
                    refusal(feature, fmt::format("it has {} transports already", transports_per_feature_max)));
    return {};
}

Result<void> FeatureBoard::assign(Feature& feature, CloudTransportKey const& key, CloudTransport& transport,
                                  TimePoint now) {
    if (transport.feature == feature.id) return {};
    if (auto good = check_assign(feature, key, transport); !good) return good;
    transport.feature = feature.id;
    feature.transports.push_back(key);
    feature.modified_at = now;
    return {};
}

Result<void> FeatureBoard::unassign(Feature& feature, CloudTransportKey const& key, CloudTransport& transport,
                                    TimePoint now) {
    auto const number = key.trkorr.text();
    if (transport.feature != feature.id)
        return fail(ErrorCode::not_found,
                    fmt::format("{} is not assigned to feature {}", number, feature.display_id()));
    if (!may_unassign(feature.status))
        return fail(
            ErrorCode::conflict,
            refusal(feature,
                    "transports are unassigned Not Planned, In Specification, In Implementation or In Testing"));
    if (!transport.scheduled.empty())
        return fail(ErrorCode::conflict,
                    fmt::format("{} is {}; wait for the import to end", number, transport.status_text()));
    transport.feature.reset();
    std::erase(feature.transports, key);
    feature.modified_at = now;
    return {};
}

} // namespace almd
