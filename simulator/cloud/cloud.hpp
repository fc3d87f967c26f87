// The stand-in Cloud ALM: composes its books and desks, speaks the cloud dialogue, and offers the person's verbs.
#pragma once

#include "proto/http/router.hpp"
#include "proto/messages/service_key.hpp"
#include "simulator/cloud/cloud_ledger.hpp"
#include "simulator/cloud/deployment.hpp"
#include "simulator/cloud/faults.hpp"
#include "simulator/cloud/feature_work.hpp"
#include "simulator/cloud/idempotency_memory.hpp"
#include "simulator/cloud/journal.hpp"
#include "simulator/cloud/project_board.hpp"
#include "simulator/cloud/settings.hpp"
#include "simulator/cloud/token_issuer.hpp"
#include "simulator/kernel/shard.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// One per process; everything happens on its shard's thread. Used over sockets (listen()), in process
/// (InProcessClient) and by its own C++ verbs in tests.
class Cloud {
public:
    /// Keys and clients are made here: secrets from the operating system, or from the seed on a virtual shard.
    Cloud(Shard& shard, CloudSettings settings);
    ~Cloud();
    Cloud(Cloud const&) = delete;
    Cloud& operator=(Cloud const&) = delete;

    /// Rows 1, 3 to 15 and 17 to 27 of the contract.
    HttpService& dialogue();
    /// Row 2; its listener asks for a client certificate of settings.authority.
    HttpService& mtls_tokens();
    /// The cloud's part of the admin API, below /api/v1/cloud/.
    void mount_admin(Router& router);

    /// For keys that the person makes, once the listeners are open.
    void set_origins(std::string public_origin, std::string mtls_origin);
    /// public_origin: "https://localhost:8443", as clients reach dialogue(). tenant empty: the first one.
    Result<ServiceKey> service_key(std::string_view public_origin, std::string_view tenant = {}) const;
    /// Of one more service instance, with these scopes (short names) only.
    Result<ServiceKey> limited_service_key(std::string_view public_origin, std::string instance,
                                           std::vector<std::string> scopes, std::string_view tenant = {});
    /// The X.509 form; mtls_origin: "https://localhost:8444". Error: no authority in the settings.
    Result<ServiceKey> x509_service_key(std::string_view public_origin, std::string_view mtls_origin,
                                        std::string_view tenant = {});

    // What the person at the cloud does. Features are named by display ID ("6-1") or UUID. Refusals (conflict,
    // not_found, invalid) say why and what to do.
    Result<Feature const*> create_feature(std::string title, std::string project = {}, std::string_view tenant = {});
    Result<Feature const*> assign(std::string_view feature, std::span<TrRequest const> transports);
    Result<Feature const*> unassign(std::string_view feature, TrRequest transport);
    Result<Feature const*> act(std::string_view feature, FeatureAction action);

    struct Deployment {
        Uuid subset;
        std::vector<WorkId> work;
        std::vector<TransportTarget> targets;
        std::vector<std::string> left_out;
    };
    /// target none: the next one of each track.
    Result<Deployment> deploy(std::span<std::string const> features,
                              std::optional<TransportTarget> target = std::nullopt);
    Result<Deployment> deploy(std::string_view feature, std::optional<TransportTarget> target = std::nullopt);
    struct Ordered {
        std::vector<WorkId> work;
        std::vector<std::string> left_out;
    };
    /// Create, ToC, release, delete, add user, checks, retrofit: what the buttons of a feature ask for.
    Result<Ordered> order(std::string_view feature, FeatureOrder const& order);
    /// Any other work, for the system with this LMS ID.
    Result<WorkId> create_work(LmsId system, WorkItem item);
    /// Of work that nobody has leased now. Error conflict: it has ended, or somebody works on it.
    Result<void> cancel_work(WorkId id, std::string_view reason = {});
    /// Error refused: this task cannot be active in this client.
    Result<void> choose_use_case(LmsId system, std::string_view task, bool active, int interval_minutes = 0,
                                 std::optional<Client> client = std::nullopt);
    Result<std::string> add_fault(FaultRule rule);
    std::size_t revoke_tokens(std::string_view client_id = {});

    // State, for assertions and pages.
    RegistrationBook const& registrations() const;
    UseCaseBoard const& use_cases() const;
    LandscapeBook const& landscapes() const;
    TransportShelf const& transports() const;
    ProjectBoard const& projects() const;
    FeatureBoard const& features() const;
    WorkDesk const& work() const;
    CloudLedger const& ledger() const;
    LedgerVerdict verdict() const; ///< of the ledger, now
    FaultEngine& faults();
    TokenIssuer& tokens();
    IdempotencyMemory const& idempotency() const;
    Journal const& journal() const;
    CloudSettings const& settings() const;
    CloudSlot find(LmsId id) const; ///< over all tenants; no_cloud_slot: unknown

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace almd
