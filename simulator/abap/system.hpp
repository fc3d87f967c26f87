// What is inside one ABAP system: identity, clients, users, components, notes, profile parameters, customizing, SM59 destinations.
#pragma once

#include "simulator/abap/system_spec.hpp"
#include "simulator/kernel/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// Where a system sits: everything computed about it is a pure function of these and its SystemSpec.
struct SystemSeat {
    SystemId id; ///< its own SID; in a fleet another one than the template's
    std::uint64_t seed = 1;
    std::uint64_t landscape = 0; ///< number of the landscape in its fleet
    std::uint16_t index = 0;     ///< place of the system in the landscape
    bool of_fleet = false;       ///< hosts and numbers given in the template are made different per landscape
};

/// What registration and discovery say about a system. Spans and views live as long as the SystemSpec (or the
/// AbapSystem).
struct SystemIdentity {
    SystemId id;
    std::string host, db_host; ///< db_host empty: SAPDBHOST is not set
    std::string system_number; ///< 18 digits, empty: SLICENSE has none
    std::string installation_number, root_url;
    std::string_view description, db_type, service_type, role, time_zone;
    int instance_number = 0;
    int batch_processes = 0;
    std::span<ClientSpec const> clients;
    std::span<ComponentVersion const> components;
    std::span<std::string const> notes;
};

SystemIdentity identify(SystemSpec const& spec, SystemSeat const& seat);

/// Keeps only what differs from its SystemSpec, which must outlive it.
class AbapSystem {
public:
    AbapSystem(SystemSpec const& spec, SystemSeat seat);
    AbapSystem(AbapSystem&&) noexcept;
    AbapSystem& operator=(AbapSystem&&) noexcept;
    ~AbapSystem();

    SystemId id() const { return seat_.id; }
    SystemSpec const& spec() const { return *spec_; }
    SystemIdentity identity() const;
    bool is_virtual() const { return spec_->virtual_system; }
    std::string_view time_zone() const { return spec_->time_zone; }

    std::span<ClientSpec const> clients() const { return spec_->clients; }
    bool has_client(Client client) const;

    std::span<UserSpec const> users() const;
    UserSpec const* user(std::string_view name) const; ///< null: it stands in no list, or was deleted
    /// Of a user in no list: DDIC and SAP* can log on, so can who is expected, and everybody if the specification lists
    /// nobody beyond implied users.
    LogonState logon(std::string_view user, TimePoint now) const;
    /// Somebody was named where it is needed, though in no list: it exists.
    void expect_user(std::string_view name);
    bool has_role(std::string_view user, std::string_view role) const;
    Result<void> set_locked(std::string_view user, bool locked);
    void add_user(UserSpec user); ///< replaces one of the same name
    Result<void> delete_user(std::string_view name);
    bool was_deleted(std::string_view user) const; ///< as opposed to: nobody said anything about it

    /// The component vector (CVERS). A request exported now remembers components_generation(), so that its vector can
    /// be asked for later, however often the system was patched since.
    std::span<ComponentVersion const> components() const { return components(components_generation()); }
    std::span<ComponentVersion const> components(std::uint16_t generation) const;
    std::uint16_t components_generation() const;
    ComponentVersion const* component(std::string_view name) const;
    void set_component(ComponentVersion component); ///< adds it if the system has none of that name
    bool delete_component(std::string_view name);   ///< false: it has none of that name

    std::span<std::string const> notes() const;
    bool has_note(std::string_view number) const;
    void add_note(std::string number);

    int batch_processes() const;
    void set_batch_processes(int count);

    /// SAPSYSTEMNAME, SAPDBHOST, rdisp/wp_no_btc ... computed, or what was set; none: not set.
    std::optional<std::string> profile_parameter(std::string_view name) const;
    /// Names that can be asked for: those computed and those set.
    std::vector<std::string> profile_parameters() const;
    /// none: the parameter is taken out of the profile.
    void set_profile_parameter(std::string name, std::optional<std::string> value);

    CustomizingTables const& tables() const;
    CustomizingTables& change_tables();

    /// SM59, type 3. Those of type G follow from /SDF/ALM_SETUP.
    std::span<RfcDestination const> rfc_destinations() const;
    void set_rfc_destination(RfcDestination destination); ///< adds it, or replaces the one of that name
    Result<void> delete_rfc_destination(std::string_view name);

    std::size_t bytes() const; ///< memory beyond the shared SystemSpec

private:
    struct Difference;
    Difference& difference();

    SystemSpec const* spec_;
    SystemSeat seat_;
    std::unique_ptr<Difference> difference_; ///< copy on write: null while the system is like its template
};

} // namespace almd
