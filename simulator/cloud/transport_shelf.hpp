// The transports that the systems reported, and what the cloud knows about their imports.
#pragma once

#include "proto/messages/transports.hpp"
#include "simulator/cloud/registration_book.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace almd {

/// Where a transport is found: the registration that reported it, and its number.
struct CloudTransportKey {
    CloudSlot slot = no_cloud_slot;
    TrRequest trkorr;
    friend auto operator<=>(CloudTransportKey const&, CloudTransportKey const&) = default;
};

struct CloudTransport {
    TransportRecord record;
    std::optional<FeatureId> feature;
    std::vector<TransportTarget> scheduled; ///< imports that were handed out or wait to be
    TimePoint seen{};
    std::optional<FeatureId> copy_for;          ///< a transport of copies: whose transports it copies
    bool deleted = false;                       ///< by work of the cloud; it stays visible
    std::vector<TrRequest> copies_of{};         ///< a transport of copies: its originals
    std::vector<TransportTarget> believed_in{}; ///< where a failed import is shown as successful (V, 4.5)
    /// "Modifiable", "Released", "Scheduled In QUA-200", "Deployed in QUA - 200" (V, reference/cloud-alm.md 4.5), "Import failed in
    /// QUA - 200 (8)" (ours).
    std::string status_text() const;
    /// A sentence for each target whose last import failed; it says as well when the failure is hidden.
    std::vector<std::string> import_failures() const;
    bool is_released() const;
    bool deployed_in(TransportTarget const& target) const; ///< an import with at most warnings, or one that is shown so
};

class TransportShelf {
public:
    static constexpr std::size_t imports_per_transport_max = 100; ///< the oldest goes

    TransportShelf(std::uint64_t seed, std::size_t transports_max)
        : seed_{seed}
        , max_{transports_max} {}

    enum class CursorFault { none, missing, unknown };
    CursorFault check_cursor(CloudSlot slot, TransportsPush const& push) const;
    /// Upserts: what a system no longer has stays visible here ("no self-healing", V). Imports are joined, not
    /// replaced.
    TransportsAnswer take(CloudSlot slot, TransportsPush push, TimePoint now);

    /// A transport that the result of a work named and no report yet. The one that is known already stays as it is. nullptr:
    /// the shelf is full.
    CloudTransport* announce(CloudTransportKey const& key, TransportRecord record, TimePoint now);
    CloudTransport* find(CloudTransportKey const& key);
    CloudTransport const* find(CloudTransportKey const& key) const;
    /// By number alone within one tenant; the first registration that reported it.
    std::optional<CloudTransportKey> find_number(CloudTenant tenant, RegistrationBook const& book,
                                                 TrRequest trkorr) const;

    /// Same import reported twice (by the result and by Read) is one import.
    static void join_import(CloudTransport& transport, TransportRecord::Import import);

    std::map<CloudTransportKey, CloudTransport> const& all() const { return transports_; }
    std::uint64_t not_kept() const { return not_kept_; }

private:
    std::string cursor_text(CloudSlot slot, std::uint32_t number) const;

    std::uint64_t seed_;
    std::size_t max_;
    std::map<CloudTransportKey, CloudTransport> transports_;
    std::map<TrRequest, std::vector<CloudSlot>> by_number_;
    std::unordered_map<CloudSlot, std::uint32_t> cursors_;
    std::uint64_t not_kept_ = 0;
};

} // namespace almd
