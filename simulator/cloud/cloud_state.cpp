// Making the state, and what crosses its parts.
#include "simulator/cloud/cloud_state.hpp"

#include "simulator/kernel/log.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

/// Two stand-ins, or one that was started again, never give the same ID to different work; virtual time repeats itself.
std::uint64_t work_seed(Shard const& shard, std::uint64_t seed) {
    if (shard.is_virtual()) return seed;
    for (unsigned char const byte : random_bytes(sizeof seed)) seed = mix(seed, byte);
    return seed;
}

} // namespace

CloudState::CloudState(Shard& shard_, CloudSettings given)
    : shard{shard_}
    , settings{std::move(given)}
    , tokens{settings.seed,          shard.is_virtual(),      settings.token_life, settings.limits.tokens_cached_max,
             settings.token_key_pem, settings.token_algorithm}
    , registrations{settings.seed, settings.allow_duplicate_sids, settings.limits}
    , landscapes{settings.allow_duplicate_sids, settings.limits.landscapes_max}
    , transports{settings.seed, settings.limits.transports_max}
    , texts{settings.limits.text_bytes_max}
    , projects{settings.seed, texts}
    , plans{settings.seed, texts}
    , features{settings.seed, settings.limits.features_max, texts}
    , events{settings.seed, texts}
    , work{work_seed(shard, settings.seed), settings.lease, settings.limits.work_items_max}
    , idempotency{settings.limits.idempotency_memory, settings.limits.idempotency_keys_max}
    , faults{settings.seed, settings.limits.fault_rules_max}
    , ledger{settings.limits.anomalies_max}
    , journal{settings.limits.journal_entries_max, settings.limits.journal_bytes_max} {
    if (settings.tenants.empty()) settings.tenants.emplace_back("standin");
    CloudTenant number{0};
    std::string_view const root = settings.authority ? settings.authority->key_pem : std::string_view{};
    for (auto const& name : settings.tenants) {
        (void)projects.create(number, ProjectBoard::default_name, now());
        tokens.add_client(number++, name, settings.scopes, root);
    }
    for (auto const& rule : settings.faults)
        if (auto const added = faults.add(rule, wire()); !added)
            log(LogLevel::warning, "fault {} is left out: {}", rule.name, added.error().context);
}

Result<CloudTenant> CloudState::tenant(std::string_view name) const {
    if (name.empty()) return CloudTenant{0};
    auto const& all = settings.tenants;
    auto const found = std::ranges::find(all, name);
    if (found == all.end())
        return fail(ErrorCode::not_found,
                    fmt::format("there is no tenant {}; there are: {}", name, fmt::join(all, ", ")));
    return static_cast<CloudTenant>(found - all.begin());
}

CloudSlot CloudState::find(LmsId id) const {
    for (CloudTenant tenant = 0; tenant < settings.tenants.size(); ++tenant)
        if (auto const slot = registrations.find(tenant, id); slot != no_cloud_slot) return slot;
    return no_cloud_slot;
}

Result<Feature*> CloudState::create_feature(CloudTenant tenant, std::string title, std::string project) {
    auto const home = projects.named(tenant, project);
    if (!home) return std::unexpected{home.error()};
    auto feature = features.create(tenant, std::move(title), (*home)->name, now());
    if (feature) (*feature)->project_id = (*home)->id;
    return feature;
}

Result<void> CloudState::check_sees(Feature const& feature, SystemId system) const {
    auto const* project = projects.find(feature.tenant, feature.project_id);
    return project == nullptr ? Result<void>{} : plans.check_sees(*project, system);
}

void CloudState::cancel(WorkId id, std::string reason) {
    work.cancel(id, std::move(reason), now());
    if (auto const* ended = work.find(id)) apply(*ended);
}

CloudWork const* CloudState::open_work_of(Feature const& feature) const {
    auto const is_its_own = [&](CloudWork const& item) {
        return item.open() && std::ranges::find(item.features, feature.id) != item.features.end();
    };
    auto const found = std::ranges::find_if(work.all(), is_its_own);
    return found == work.all().end() ? nullptr : &*found;
}

Result<void> CloudState::check_idle(Feature const& feature, CloudTransportKey const& key) const {
    for (auto const id : feature.work)
        if (auto const* one = work.find(id);
            one != nullptr && one->open() && std::ranges::find(one->transports, key) != one->transports.end())
            return fail(ErrorCode::conflict,
                        fmt::format("feature {}: {} of {} is under way ({}); wait for its end, or cancel it",
                                    feature.display_id(), name(one->item.kind), key.trkorr.text(), id.text()));
    return {};
}

Result<void> CloudState::check_move(Feature const& feature, Project const& project) const {
    if (auto const* open = open_work_of(feature))
        return fail(ErrorCode::conflict,
                    fmt::format("projectId: work \"{}\" of feature {} is {}; wait for its end, or cancel it",
                                name(open->item.kind), feature.display_id(), open->state()));
    for (auto const& key : feature.transports)
        if (auto seen = plans.check_sees(project, key.trkorr.system()); !seen)
            return fail(ErrorCode::conflict,
                        fmt::format("projectId: {} is assigned: {}", key.trkorr.text(), seen.error().context));
    return {};
}

Result<void> CloudState::act(Feature& feature, FeatureAction action) {
    auto const next = after(feature.status, action);
    if (!next)
        return fail(ErrorCode::conflict, fmt::format("feature {} is {}; {} is not possible from there",
                                                     feature.display_id(), label(feature.status), name(action)));
    Result<void> allowed;
    if (action == FeatureAction::set_to_not_planned)
        for (auto const& key : feature.transports)
            if (allowed) allowed = check_idle(feature, key);
    if (action == FeatureAction::approve_for_production) allowed = may_approve_for_production(view(), feature);
    if (action == FeatureAction::confirm_deployment) allowed = may_confirm_deployment(view(), feature);
    if (!allowed) return allowed;
    feature.status = *next;
    feature.modified_at = now();
    return {};
}

} // namespace almd
