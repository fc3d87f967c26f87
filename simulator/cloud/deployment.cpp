// Deciding a deployment: the next stop of each transport, and whether this may be.
#include "simulator/cloud/deployment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace almd {

namespace {

std::unexpected<Error> conflict(std::string why) {
    return fail(ErrorCode::conflict, std::move(why));
}

/// A transport with the way it goes.
struct Traveller {
    CloudTransportKey key;
    CloudTransport const* transport;
    Feature const* feature;
    LandscapeBook::Entry const* domain;
    std::vector<TrackStop> track;
    int next = -1; ///< level of the next stops; -1: everything is reached

    std::string_view number() const { return key.trkorr.text(); }
};

int next_level(CloudTransport const& transport, std::vector<TrackStop> const& track) {
    for (auto const& stop : track) // nearest first
        if (!stop.virtual_system && !transport.deployed_in(stop.target)) return stop.level;
    return -1;
}

class DeploymentPlanner {
public:
    DeploymentPlanner(DeploymentView const& view, std::optional<TransportTarget> target)
        : view_{view}
        , target_{target} {}

    Result<DeploymentPlan> run(std::span<Feature const* const> features) {
        if (features.empty()) return conflict("no feature is named; name at least one");
        for (auto const* feature : features)
            if (auto taken = take(*feature); !taken) return std::unexpected{taken.error()};
        return target_ ? to_target() : to_next();
    }

private:
    Result<void> take(Feature const& feature) {
        if (!may_deploy(feature.status))
            return conflict(fmt::format(
                "feature {} is {}; it can be deployed In Implementation, In Testing, Successfully Tested or Ready "
                "for Production",
                feature.display_id(), label(feature.status)));
        if (feature.transports.empty())
            plan_.left_out.push_back(fmt::format("feature {}: it has no transports; assign released transports first",
                                                 feature.display_id()));
        for (auto const& key : feature.transports)
            if (auto taken = take(feature, key); !taken) return taken;
        for (auto const& key : feature.copies)
            if (auto taken = take(feature, key); !taken) return taken;
        return {};
    }

    Result<void> take(Feature const& feature, CloudTransportKey const& key) {
        auto const* transport = view_.transports.find(key);
        if (transport == nullptr) return {};
        auto const number = key.trkorr.text();
        if (!transport->scheduled.empty())
            return conflict(
                fmt::format("{} is {}; wait until this import has ended", number, transport->status_text()));
        bool const copy = transport->copy_for == feature.id;
        if (!transport->is_released()) {
            plan_.left_out.push_back(fmt::format("{}: not released", number));
        } else if (!transport->record.target) {
            plan_.left_out.push_back(fmt::format("{}: local, it has no target", number));
        } else if (copy && !has_open_original(feature, *transport)) {
            plan_.left_out.push_back(fmt::format("{}: what it copies is released and goes itself", number));
        } else {
            auto const tenant = view_.registrations.row(key.slot).tenant;
            auto const source = transport->record.source_system;
            if (auto good = has_extended_control(tenant, source); !good) return good;
            auto stops = track_of_transport(view_, tenant, *transport);
            if (!stops) return std::unexpected{stops.error()};
            // Copies are for the test system that they were made for; no delivery route takes them further.
            if (copy) std::erase_if(*stops, [](TrackStop const& stop) { return stop.level > 0; });
            auto const next = next_level(*transport, *stops);
            auto const* domain = view_.landscapes.of_system(tenant, source);
            travellers_.push_back({key, transport, &feature, domain, *std::move(stops), next});
        }
        return {};
    }

    /// A copy stands in for an original that is still being worked on.
    bool has_open_original(Feature const& feature, CloudTransport const& copy) const {
        return std::ranges::any_of(feature.transports, [&](CloudTransportKey const& key) {
            auto const* original = view_.transports.find(key);
            return original != nullptr && !original->is_released() &&
                   std::ranges::find(copy.copies_of, key.trkorr) != copy.copies_of.end();
        });
    }

    /// V: CTC=1 is mandatory from the start; what is released under CTC=0 has no target client.
    Result<void> has_extended_control(CloudTenant tenant, SystemId system) const {
        auto const* said = last_diagnostic(view_, tenant, system, client_000);
        if (said == nullptr || said->ctc) return {};
        return conflict(
            fmt::format("{} has CTC=0, as its last diagnostic says: its transports have no target client and "
                        "cannot be deployed. Set CTC=1 in STMS and wait for its next diagnostic",
                        system.text()));
    }

    /// A target that a person chose: reachable now by every transport that is not there yet.
    Result<DeploymentPlan> to_target() {
        for (auto const& traveller : travellers_) {
            auto const stop = std::ranges::find(traveller.track, *target_, &TrackStop::target);
            if (stop == traveller.track.end()) {
                std::string track;
                for (auto const& one : traveller.track)
                    track.append(track.empty() ? "" : ", ").append(one.target.text());
                plan_.left_out.push_back(
                    fmt::format("{}: {} is not on its track ({})", traveller.number(), target_->text(), track));
            } else if (traveller.transport->deployed_in(*target_)) {
                plan_.left_out.push_back(
                    fmt::format("{}: already deployed in {}", traveller.number(), target_->text()));
            } else if (stop->virtual_system) {
                return conflict(
                    fmt::format("{} is a virtual system; nothing is scheduled for it until a real one replaces it",
                                target_->text()));
            } else if (traveller.next < stop->level) {
                auto const first = std::ranges::find(traveller.track, traveller.next, &TrackStop::level);
                return conflict(fmt::format("{} has not reached {} yet; deploy it there before {}", traveller.number(),
                                            first->target.text(), target_->text()));
            } else if (auto added = add(traveller, *stop); !added) {
                return std::unexpected{added.error()};
            }
        }
        return finish();
    }

    /// The nearest stop that anything of the subset has not reached, in each domain; what is further already stays out.
    Result<DeploymentPlan> to_next() {
        std::map<LandscapeBook::Entry const*, int> nearest;
        for (auto const& traveller : travellers_)
            if (traveller.next >= 0) {
                auto const [place, added] = nearest.try_emplace(traveller.domain, traveller.next);
                place->second = std::min(place->second, traveller.next);
            }
        for (auto const& traveller : travellers_) {
            if (traveller.next < 0) {
                plan_.left_out.push_back(
                    traveller.transport->copy_for
                        ? fmt::format("{}: {} already", traveller.number(), traveller.transport->status_text())
                        : fmt::format("{}: already in production", traveller.number()));
                continue;
            }
            if (traveller.next > nearest[traveller.domain]) {
                plan_.left_out.push_back(
                    fmt::format("{}: {} already", traveller.number(), traveller.transport->status_text()));
                continue;
            }
            for (auto const& stop : traveller.track) {
                if (stop.level != traveller.next || stop.virtual_system ||
                    traveller.transport->deployed_in(stop.target))
                    continue;
                if (auto added = add(traveller, stop); !added) return std::unexpected{added.error()};
            }
        }
        return finish();
    }

    Result<void> add(Traveller const& traveller, TrackStop const& stop) {
        if (stop.last && traveller.feature->status != FeatureStatus::ready_for_production)
            return conflict(fmt::format(
                "{} is the last system of the track and counts as production; feature {} is {}. Approve it for "
                "production first",
                stop.target.text(), traveller.feature->display_id(), label(traveller.feature->status)));
        auto import = std::ranges::find(plan_.imports, stop.target, &DeploymentPlan::Import::target);
        if (import == plan_.imports.end()) {
            // The import of any client is done by the registration of client 000 (V: "valid for all clients").
            auto const tenant = view_.registrations.row(traveller.key.slot).tenant;
            auto const system = *stop.target.system();
            auto const slot = executor(view_, tenant, system, client_000, TaskKind::transports_import);
            if (!slot) return std::unexpected{slot.error()};
            if (auto good = offers(view_, tenant, system, client_000, "import"); !good) return good;
            if (auto good = has_extended_control(tenant, system); !good) return good;
            import = plan_.imports.insert(import, {stop.target, *slot, {}});
        }
        import->transports.push_back(traveller.key);
        return {};
    }

    /// In the order in which they were released, whatever feature they belong to and however they were assigned: what was
    /// exported later may overwrite what was exported before.
    void sort_by_release(std::vector<CloudTransportKey>& transports) const {
        std::ranges::sort(transports, {}, [this](CloudTransportKey const& key) {
            return std::pair{view_.transports.find(key)->record.released_at.value_or(TimePoint::max()), key.trkorr};
        });
    }

    Result<DeploymentPlan> finish() {
        for (auto& import : plan_.imports) sort_by_release(import.transports);
        if (plan_.imports.empty())
            return conflict(plan_.left_out.empty()
                                ? "nothing to deploy: assign released transports first"
                                : fmt::format("nothing to deploy: {}", fmt::join(plan_.left_out, "; ")));
        return std::move(plan_);
    }

    DeploymentView const& view_;
    std::optional<TransportTarget> target_;
    std::vector<Traveller> travellers_;
    DeploymentPlan plan_;
};

} // namespace

Result<std::vector<TrackStop>> track_of_transport(DeploymentView const& view, CloudTenant tenant,
                                                  CloudTransport const& transport) {
    auto const& record = transport.record;
    auto const* domain = view.landscapes.of_system(tenant, record.source_system);
    if (domain == nullptr)
        return conflict(fmt::format(
            "no landscape with system {} was reported; activate \"Transports: Read Landscape\" in client 000 of "
            "its domain controller and wait for its next run",
            record.source_system.text()));
    auto stops = track_of(domain->landscape, *record.target);
    if (stops.empty())
        return conflict(fmt::format("target {} of {} is on no route of domain {}; correct its routes in STMS",
                                    record.target->text(), record.trkorr.text(), domain->landscape.domain));
    return stops;
}

Result<CloudSlot> executor(DeploymentView const& view, CloudTenant tenant, SystemId system, Client client,
                           TaskKind task) {
    bool registered = false;
    for (auto const slot : view.registrations.of_system(tenant, system)) {
        auto const& row = view.registrations.row(slot);
        if (!row.registered || row.client != client) continue;
        registered = true;
        if (view.use_cases.is_active(slot, task)) return slot;
    }
    auto const where = fmt::format("{}:{}", system.text(), client.text());
    if (registered)
        return conflict(fmt::format("task \"{}\" is not active in {}; activate it there", facts(task).name, where));
    return conflict(fmt::format("{} is not registered; run /SDF/ALM_SETUP in it and activate task \"{}\"", where,
                                facts(task).name));
}

Diagnostics const* last_diagnostic(DeploymentView const& view, CloudTenant tenant, SystemId system, Client client) {
    Diagnostics const* of_client_000 = nullptr;
    for (auto const slot : view.registrations.of_system(tenant, system)) {
        auto const& row = view.registrations.row(slot);
        auto const found = view.diagnostics.find(slot);
        if (!row.registered || found == view.diagnostics.end()) continue;
        if (row.client == client) return &found->second;
        if (row.client == client_000) of_client_000 = &found->second;
    }
    return of_client_000;
}

Result<void> offers(DeploymentView const& view, CloudTenant tenant, SystemId system, Client client,
                    std::string_view capability) {
    auto const* said = last_diagnostic(view, tenant, system, client);
    if (said == nullptr || std::ranges::find(said->capabilities, capability) != said->capabilities.end()) return {};
    std::string why;
    for (auto const& finding : said->findings)
        if (finding.severity == "error") why.append(why.empty() ? ": " : "; ").append(finding.text);
    return conflict(
        fmt::format("{} cannot do this: its last diagnostic (ST-PI {} SP{}) does not offer \"{}\"{}. Mend it "
                    "and let /SDF/CALM_CDM_DIAGNOSTICS run again",
                    system.text(), said->st_pi.release, said->st_pi.support_package, capability, why));
}

bool tells_failures(Diagnostics const& diagnostics) {
    auto const& level = diagnostics.st_pi;
    bool const old = level.release == "740" && level.support_package < 31;
    return !old && std::ranges::find(diagnostics.notes, "3623614") != diagnostics.notes.end();
}

Result<DeploymentPlan> plan_deployment(DeploymentView const& view, std::span<Feature const* const> features,
                                       std::optional<TransportTarget> target) {
    return DeploymentPlanner{view, target}.run(features);
}

Result<void> may_confirm_deployment(DeploymentView const& view, Feature const& feature) {
    bool deployed = !feature.transport_references.empty(); // these are deployed by hand, elsewhere
    for (auto const& key : feature.transports) {
        auto const* transport = view.transports.find(key);
        if (transport == nullptr || (transport->is_released() && !transport->record.target)) continue;
        auto const number = key.trkorr.text();
        if (!transport->is_released() || !transport->scheduled.empty())
            return conflict(
                fmt::format("{} is {}; deploy it to the end of its track first", number, transport->status_text()));
        auto const stops = track_of_transport(view, view.registrations.row(key.slot).tenant, *transport);
        if (!stops) return std::unexpected{stops.error()};
        for (auto const& stop : *stops) {
            if (stop.virtual_system)
                return conflict(fmt::format("{} on the track of {} is a virtual system; replace it by a real one first",
                                            stop.target.text(), number));
            if (stop.last && !transport->deployed_in(stop.target))
                return conflict(fmt::format("{} is {}; deploy it to {} first", number, transport->status_text(),
                                            stop.target.text()));
        }
        deployed = true;
    }
    if (deployed) return {};
    return conflict(
        fmt::format("nothing of feature {} was deployed, so there is no deployment to confirm; assign released "
                    "transports and deploy them to the end of their track first, or add a transport reference "
                    "for what was deployed by hand",
                    feature.display_id()));
}

Result<void> may_approve_for_production(DeploymentView const& view, Feature const& feature) {
    for (auto const& key : feature.transports) {
        auto const* transport = view.transports.find(key);
        if (transport == nullptr || !transport->record.target) continue;
        auto const tenant = view.registrations.row(key.slot).tenant;
        auto const stops = track_of_transport(view, tenant, *transport);
        if (!stops) return std::unexpected{stops.error()};
        for (auto const& stop : *stops) {
            // A track inside one system (S4H:100 > S4H:300) has one role for all its stops.
            if (!stop.last || *stop.target.system() == transport->record.source_system) continue;
            bool known = false, production = false;
            for (auto const slot : view.registrations.of_system(tenant, *stop.target.system())) {
                auto const& row = view.registrations.row(slot);
                known = known || row.registered;
                production = production || (row.registered && row.role == RegistrationRow::Role::production);
            }
            if (known && !production)
                return conflict(fmt::format(
                    "{} is the end of the track of {}, but its role is not PROD; correct the role and register it "
                    "again",
                    stop.target.system()->text(), key.trkorr.text()));
        }
    }
    return {};
}

} // namespace almd
