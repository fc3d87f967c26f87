// Composing the stand-in, and the verbs of the person.
#include "simulator/cloud/cloud.hpp"

#include "simulator/cloud/cloud_admin.hpp"
#include "simulator/cloud/cloud_keys.hpp"
#include "simulator/cloud/cloud_state.hpp"
#include "simulator/cloud/dialogue.hpp"
#include "simulator/cloud/request_contract.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

constexpr std::size_t work_parameter_bytes_max = 2'000; ///< of an item that a person writes; the stand-in keeps many

/// What a person makes beside the features has what its kind needs, and says nothing twice.
Result<void> check_work(WorkDesk const& desk, CloudSlot slot, SystemId executing, WorkItem const& item) {
    std::size_t bytes = 0;
    for (auto const& [key, value] : item.parameters) bytes += key.size() + value.size();
    if (bytes > work_parameter_bytes_max)
        return fail(ErrorCode::invalid, fmt::format("parameters: {} bytes were found; at most {} are taken, names and "
                                                    "values together",
                                                    bytes, work_parameter_bytes_max));
    if (item.transports.size() > FeatureBoard::transports_per_feature_max)
        return fail(ErrorCode::invalid, fmt::format("transports: at most {}, as many as a feature has",
                                                    FeatureBoard::transports_per_feature_max));
    bool const moves =
        item.kind == WorkKind::import || item.kind == WorkKind::release || item.kind == WorkKind::delete_empty;
    if (item.transports.empty() && (moves || item.kind == WorkKind::add_user))
        return fail(ErrorCode::invalid, fmt::format("transports: \"{}\" needs at least one", name(item.kind)));
    if (item.kind == WorkKind::create && !item.parameters.contains("title"))
        return fail(ErrorCode::invalid, "parameters: \"create\" needs a title");
    if (item.kind != WorkKind::import) return {};
    if (!item.target || item.target->system() != executing)
        return fail(ErrorCode::invalid,
                    fmt::format("target: an import is done in its target; {}, or {} and a client, was expected here",
                                executing.text(), executing.text()));
    for (auto const id : desk.open_of(slot)) {
        auto const& open = desk.find(id)->item;
        if (open.kind != WorkKind::import || open.target != item.target) continue;
        for (auto const trkorr : item.transports)
            if (std::ranges::find(open.transports, trkorr) != open.transports.end())
                return fail(ErrorCode::conflict, fmt::format("work {} imports {} into {} already", id.text(),
                                                             trkorr.text(), item.target->text()));
    }
    return {};
}

/// Assigned to it, or a copy that was made for it.
bool has(Feature const& feature, CloudTransportKey const& key) {
    return std::ranges::find(feature.transports, key) != feature.transports.end() ||
           std::ranges::find(feature.copies, key) != feature.copies.end();
}

} // namespace

struct Cloud::Impl {
    Impl(Shard& shard, CloudSettings settings)
        : state{shard, std::move(settings)}
        , dialogue{state, CloudDialogue::Door::main}
        , mtls{state, CloudDialogue::Door::mtls} {
        if (state.settings.validate) RequestContract::standin(); // no request should wait for it to be compiled
    }

    CloudState state;
    CloudDialogue dialogue; // rows 1, 4 to 14, 27
    CloudDialogue mtls;     // row 2, behind a listener of its own
    std::uint64_t deployments = 0;
};

Cloud::Cloud(Shard& shard, CloudSettings settings)
    : impl_{std::make_unique<Impl>(shard, std::move(settings))} {
}

Cloud::~Cloud() = default;

HttpService& Cloud::dialogue() {
    return impl_->dialogue;
}

HttpService& Cloud::mtls_tokens() {
    return impl_->mtls;
}

void Cloud::mount_admin(Router& router) {
    mount_cloud_admin(router, *this, impl_->state);
}

void Cloud::set_origins(std::string public_origin, std::string mtls_origin) {
    impl_->state.public_origin = std::move(public_origin);
    impl_->state.mtls_origin = std::move(mtls_origin);
}

Result<ServiceKey> Cloud::service_key(std::string_view public_origin, std::string_view tenant) const {
    auto const& state = impl_->state;
    auto const number = state.tenant(tenant);
    if (!number) return std::unexpected{number.error()};
    return secret_key(state, state.tokens.clients()[*number], public_origin);
}

Result<ServiceKey> Cloud::limited_service_key(std::string_view public_origin, std::string instance,
                                              std::vector<std::string> scopes, std::string_view tenant) {
    auto& state = impl_->state;
    auto const number = state.tenant(tenant);
    if (!number) return std::unexpected{number.error()};
    auto const client = add_instance(state, *number, std::move(instance), std::move(scopes));
    if (!client) return std::unexpected{client.error()};
    return secret_key(state, **client, public_origin);
}

Result<ServiceKey> Cloud::x509_service_key(std::string_view public_origin, std::string_view mtls_origin,
                                           std::string_view tenant) {
    auto& state = impl_->state;
    auto const number = state.tenant(tenant);
    if (!number) return std::unexpected{number.error()};
    auto* client = state.tokens.find(state.tokens.clients()[*number].client_id);
    if (client == nullptr) return fail(ErrorCode::conflict, "the key of this tenant was deleted");
    return certificate_key(state, *client, public_origin, mtls_origin);
}

Result<Feature const*> Cloud::create_feature(std::string title, std::string project, std::string_view tenant) {
    auto const number = impl_->state.tenant(tenant);
    if (!number) return std::unexpected{number.error()};
    return impl_->state.create_feature(*number, std::move(title), std::move(project));
}

Result<Feature const*> Cloud::assign(std::string_view feature, std::span<TrRequest const> transports) {
    auto& state = impl_->state;
    auto const found = state.features.find(feature);
    if (!found) return std::unexpected{found.error()};
    // All or nothing: what is refused is found before anything is done.
    std::vector<CloudTransportKey> keys;
    for (auto const& trkorr : transports) {
        auto const key = state.transports.find_number((*found)->tenant, state.registrations, trkorr);
        if (!key)
            return fail(ErrorCode::not_found, fmt::format("transport {} was not reported yet; activate \"Transports: "
                                                          "Read\" in {}:000 and wait for its next run",
                                                          trkorr.text(), trkorr.system().text()));
        if (auto good = state.features.check_assign(**found, *key, *state.transports.find(*key)); !good)
            return std::unexpected{good.error()};
        if (auto good = state.check_sees(**found, trkorr.system()); !good) return std::unexpected{good.error()};
        keys.push_back(*key);
    }
    for (auto const& key : keys)
        if (auto done = state.features.assign(**found, key, *state.transports.find(key), state.now()); !done)
            return std::unexpected{done.error()};
    return *found;
}

Result<Feature const*> Cloud::unassign(std::string_view feature, TrRequest transport) {
    auto& state = impl_->state;
    auto const found = state.features.find(feature);
    if (!found) return std::unexpected{found.error()};
    auto const key = std::ranges::find((*found)->transports, transport, &CloudTransportKey::trkorr);
    if (key == (*found)->transports.end())
        return fail(ErrorCode::not_found,
                    fmt::format("{} is not assigned to feature {}", transport.text(), (*found)->display_id()));
    auto const copy = *key;
    if (auto free = state.check_idle(**found, copy); !free) return std::unexpected{free.error()};
    if (auto done = state.features.unassign(**found, copy, *state.transports.find(copy), state.now()); !done)
        return std::unexpected{done.error()};
    return *found;
}

Result<Feature const*> Cloud::act(std::string_view feature, FeatureAction action) {
    auto& state = impl_->state;
    auto const found = state.features.find(feature);
    if (!found) return std::unexpected{found.error()};
    if (auto done = state.act(**found, action); !done) return std::unexpected{done.error()};
    return *found;
}

Result<Cloud::Deployment> Cloud::deploy(std::string_view feature, std::optional<TransportTarget> target) {
    std::string const one[]{std::string{feature}};
    return deploy(one, target);
}

Result<Cloud::Deployment> Cloud::deploy(std::span<std::string const> names, std::optional<TransportTarget> target) {
    auto& state = impl_->state;
    std::vector<Feature const*> features;
    for (auto const& name : names) {
        auto const found = state.features.find(name);
        if (!found) return std::unexpected{found.error()};
        if (std::ranges::find(features, *found) == features.end()) features.push_back(*found);
        if ((*found)->tenant != features.front()->tenant)
            return fail(ErrorCode::conflict, "features of two tenants cannot be deployed together");
    }
    auto plan = plan_deployment(state.view(), features, target);
    if (!plan) return std::unexpected{plan.error()};
    auto const hash = mix(mix(state.settings.seed, hash_text("subset")), ++impl_->deployments);
    Deployment done{Uuid::from_hash(hash, mix(hash)), {}, {}, std::move(plan->left_out)};
    for (auto& import : plan->imports) {
        CloudWork work;
        work.slot = import.slot;
        work.tenant = features.front()->tenant;
        // Of those that have transports in it, whatever else is deployed together with them.
        for (auto const* feature : features)
            if (std::ranges::any_of(import.transports, [&](auto const& key) { return has(*feature, key); }))
                work.features.push_back(feature->id);
        work.item.kind = WorkKind::import;
        work.item.feature = work.features.front();
        work.item.subset = done.subset;
        work.item.target = import.target;
        for (auto const& key : import.transports) work.item.transports.push_back(key.trkorr);
        work.transports = import.transports;
        auto const id = state.work.add(std::move(work), state.now());
        if (!id) return std::unexpected{id.error()};
        for (auto const feature : state.work.find(*id)->features)
            FeatureBoard::remember(*state.features.find(feature), *id);
        for (auto const& key : import.transports) state.transports.find(key)->scheduled.push_back(import.target);
        done.work.push_back(*id);
        done.targets.push_back(import.target);
    }
    return done;
}

Result<Cloud::Ordered> Cloud::order(std::string_view name, FeatureOrder const& order) {
    auto& state = impl_->state;
    auto const feature = state.features.find(name);
    if (!feature) return std::unexpected{feature.error()};
    if (order.system)
        if (auto good = state.check_sees(**feature, *order.system); !good) return std::unexpected{good.error()};
    auto plan = plan_order(state.view(), state.work, **feature, order);
    if (!plan) return std::unexpected{plan.error()};
    Ordered done{{}, std::move(plan->left_out)};
    for (auto& part : plan->parts) {
        CloudWork work;
        work.slot = part.slot;
        work.tenant = (*feature)->tenant;
        work.features = {(*feature)->id};
        work.item.kind = order.kind;
        work.item.feature = (*feature)->id;
        work.item.client = state.registrations.row(part.slot).client;
        work.item.target = part.target;
        for (auto const& key : part.transports) work.item.transports.push_back(key.trkorr);
        work.item.parameters = std::move(part.parameters);
        work.transports = std::move(part.transports);
        auto const id = state.work.add(std::move(work), state.now());
        if (!id) return std::unexpected{id.error()};
        FeatureBoard::remember(**feature, *id);
        done.work.push_back(*id);
    }
    return done;
}

Result<WorkId> Cloud::create_work(LmsId system, WorkItem item) {
    auto& state = impl_->state;
    auto const slot = state.find(system);
    if (slot == no_cloud_slot)
        return fail(ErrorCode::not_found, fmt::format("no system has the LMS ID {}", system.text()));
    auto const& row = state.registrations.row(slot);
    if (!row.registered)
        return fail(ErrorCode::conflict, fmt::format("{}:{} is not registered any more; register it again",
                                                     row.system.text(), row.client.text()));
    if (auto good = check_work(state.work, slot, row.system, item); !good) return std::unexpected{good.error()};
    CloudWork work;
    work.slot = slot;
    work.tenant = row.tenant;
    work.item = std::move(item);
    work.item.client = row.client;
    // Its result changes the transports that it names.
    for (auto const trkorr : work.item.transports)
        if (auto const key = state.transports.find_number(row.tenant, state.registrations, trkorr))
            work.transports.push_back(*key);
    return state.work.add(std::move(work), state.now());
}

Result<void> Cloud::cancel_work(WorkId id, std::string_view reason) {
    auto& state = impl_->state;
    auto const* work = state.work.find(id);
    if (work == nullptr) return fail(ErrorCode::not_found, fmt::format("there is no work item {}", id.text()));
    auto const& row = state.registrations.row(work->slot);
    if (!work->open())
        return fail(ErrorCode::conflict, fmt::format("this work has ended already: it is {}", work->state()));
    auto const who = fmt::format("{}:{}", row.system.text(), row.client.text());
    if (work->started > 0)
        return fail(ErrorCode::conflict,
                    fmt::format("{} has begun it; it ends with the result, or when {} is unregistered", who, who));
    if (state.work.is_leased(*work, state.wire()))
        return fail(
            ErrorCode::conflict,
            fmt::format("{} has it for another {} s of real time; wait for its result, or for the end of the lease",
                        who, state.work.lease_left(*work, state.wire()).count()));
    state.cancel(id, reason.empty() ? "cancelled at the cloud" : fmt::format("cancelled at the cloud: {}", reason));
    return {};
}

Result<void> Cloud::choose_use_case(LmsId system, std::string_view task, bool active, int interval_minutes,
                                    std::optional<Client> client) {
    auto& state = impl_->state;
    auto const slot = state.find(system);
    if (slot == no_cloud_slot)
        return fail(ErrorCode::not_found, fmt::format("no system has the LMS ID {}", system.text()));
    auto const kind = find_task(task);
    if (!kind) {
        std::string allowed;
        for (auto const& known : task_catalogue) allowed.append(allowed.empty() ? "" : ", ").append(known.name);
        return fail(ErrorCode::invalid, fmt::format("there is no task \"{}\"; there are: {}", task, allowed));
    }
    if (interval_minutes != 0 && !facts(*kind).interval_editable)
        return fail(
            ErrorCode::conflict,
            fmt::format("the interval of \"{}\" cannot be changed: it has a scheduler of its own", facts(*kind).name));
    auto const where = client.value_or(state.registrations.row(slot).client);
    if (auto why = why_not_in_client(*kind, where, state.registrations.row(slot).client))
        return fail(ErrorCode::refused, *std::move(why));
    if (state.use_cases.choose(slot, *kind, where, active, interval_minutes) == UseCaseBoard::Outcome::full)
        return fail(ErrorCode::conflict,
                    fmt::format("a system has at most {} tasks", UseCaseBoard::tasks_per_system_max));
    return {};
}

Result<std::string> Cloud::add_fault(FaultRule rule) {
    return impl_->state.faults.add(std::move(rule), impl_->state.wire());
}

std::size_t Cloud::revoke_tokens(std::string_view client_id) {
    return impl_->state.tokens.revoke(client_id);
}

RegistrationBook const& Cloud::registrations() const {
    return impl_->state.registrations;
}

UseCaseBoard const& Cloud::use_cases() const {
    return impl_->state.use_cases;
}

LandscapeBook const& Cloud::landscapes() const {
    return impl_->state.landscapes;
}

TransportShelf const& Cloud::transports() const {
    return impl_->state.transports;
}

ProjectBoard const& Cloud::projects() const {
    return impl_->state.projects;
}

FeatureBoard const& Cloud::features() const {
    return impl_->state.features;
}

WorkDesk const& Cloud::work() const {
    return impl_->state.work;
}

CloudLedger const& Cloud::ledger() const {
    return impl_->state.ledger;
}

LedgerVerdict Cloud::verdict() const {
    return almd::verdict(impl_->state.ledger, impl_->state.work, impl_->state.registrations);
}

FaultEngine& Cloud::faults() {
    return impl_->state.faults;
}

TokenIssuer& Cloud::tokens() {
    return impl_->state.tokens;
}

Journal const& Cloud::journal() const {
    return impl_->state.journal;
}

IdempotencyMemory const& Cloud::idempotency() const {
    return impl_->state.idempotency;
}

CloudSettings const& Cloud::settings() const {
    return impl_->state.settings;
}

CloudSlot Cloud::find(LmsId id) const {
    return impl_->state.find(id);
}

} // namespace almd
