// How a system's identity is computed, and what it keeps when it stops being like its template.
#include "simulator/abap/system.hpp"

#include "simulator/abap/texts.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace almd {

namespace {

constexpr std::string_view none_at_all = "-";
constexpr std::uint64_t systems_per_landscape_max = 256; ///< room in a system number for the place in the landscape

__extension__ using Wide = unsigned __int128;

/// An affine bijection of [0, 10^digits): other inputs, other outputs; the seed shifts it. `factor` has no divisor 2
/// or 5.
std::uint64_t scatter(std::uint64_t value, std::uint64_t factor, std::uint64_t shift, std::uint64_t modulus) {
    auto const product = static_cast<Wide>(value % modulus) * factor + shift % modulus;
    return static_cast<std::uint64_t>(product % modulus);
}

/// The plain landscape is 0, number n of a fleet n + 1: both may meet in one tenant.
std::uint64_t landscape_key(SystemSeat const& seat) {
    return seat.of_fleet ? seat.landscape + 1 : 0;
}

std::string system_number(SystemSpec const& spec, SystemSeat const& seat) {
    if (spec.system_number == none_at_all) return {};
    if (!spec.system_number.empty() && !seat.of_fleet) return spec.system_number;
    auto const place = landscape_key(seat) * systems_per_landscape_max + seat.index;
    auto const digits = scatter(place, 738'905'609'893'067, mix(seat.seed, 1), 1'000'000'000'000'000);
    return fmt::format("310{:015}", digits);
}

/// One installation holds the systems of one landscape (I).
std::string installation_number(SystemSpec const& spec, SystemSeat const& seat) {
    if (!spec.installation_number.empty() && !seat.of_fleet) return spec.installation_number;
    return fmt::format("00{:08}", scatter(landscape_key(seat), 38'196'601, mix(seat.seed, 2), 100'000'000));
}

/// "dev.landscape.example"; in a fleet "dev-l42.landscape.example". Reserved names (RFC 2606): nobody's hosts.
std::string host_of(std::string_view given, SystemSeat const& seat) {
    std::string name{given};
    if (name.empty()) {
        name = seat.id.text();
        std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
        name += ".landscape.example";
    }
    if (seat.of_fleet) name.insert(std::min(name.find('.'), name.size()), fmt::format("-l{}", seat.landscape));
    return name;
}

std::string db_host_of(SystemSpec const& spec, SystemSeat const& seat) {
    if (spec.db_host == none_at_all) return {};
    return host_of(spec.db_host.empty() ? spec.host : spec.db_host, seat);
}

} // namespace

SystemIdentity identify(SystemSpec const& spec, SystemSeat const& seat) {
    SystemIdentity identity;
    identity.id = seat.id;
    identity.host = host_of(spec.host, seat);
    identity.db_host = db_host_of(spec, seat);
    identity.system_number = system_number(spec, seat);
    identity.installation_number = installation_number(spec, seat);
    identity.root_url = fmt::format("https://{}:443{:02}", identity.host, spec.instance_number % 100);
    identity.description = spec.description;
    identity.db_type = spec.db_type;
    identity.service_type = spec.service_type;
    identity.role = spec.role;
    identity.time_zone = spec.time_zone;
    identity.instance_number = spec.instance_number;
    identity.batch_processes = spec.batch_processes;
    identity.clients = spec.clients;
    identity.components = spec.components;
    identity.notes = spec.notes;
    return identity;
}

struct AbapSystem::Difference {
    std::optional<std::vector<UserSpec>> users;
    std::vector<std::string> expected_users;               ///< few, and in no list
    std::vector<std::string> deleted_users;                ///< few: those of whom nobody said anything exist
    std::vector<std::vector<ComponentVersion>> components; ///< generations 1, 2, ...; 0 is the specification's
    std::optional<std::vector<std::string>> notes;
    std::optional<int> batch_processes;
    std::vector<std::pair<std::string, std::optional<std::string>>> parameters;
    std::optional<CustomizingTables> tables;
    std::optional<std::vector<RfcDestination>> rfc_destinations;
};

AbapSystem::AbapSystem(SystemSpec const& spec, SystemSeat seat)
    : spec_{&spec}
    , seat_{seat} {
}
AbapSystem::AbapSystem(AbapSystem&&) noexcept = default;
AbapSystem& AbapSystem::operator=(AbapSystem&&) noexcept = default;
AbapSystem::~AbapSystem() = default;

AbapSystem::Difference& AbapSystem::difference() {
    if (!difference_) difference_ = std::make_unique<Difference>();
    return *difference_;
}

SystemIdentity AbapSystem::identity() const {
    auto identity = identify(*spec_, seat_);
    if (auto const db_host = profile_parameter("SAPDBHOST"))
        identity.db_host = *db_host;
    else
        identity.db_host.clear();
    identity.components = components();
    identity.notes = notes();
    identity.batch_processes = batch_processes();
    return identity;
}

bool AbapSystem::has_client(Client client) const {
    return std::ranges::find(spec_->clients, client, &ClientSpec::number) != spec_->clients.end();
}

std::span<UserSpec const> AbapSystem::users() const {
    if (difference_ && difference_->users) return *difference_->users;
    return spec_->users;
}

UserSpec const* AbapSystem::user(std::string_view name) const {
    auto const all = users();
    auto const found = std::ranges::find(all, name, &UserSpec::name);
    return found == all.end() ? nullptr : &*found;
}

LogonState AbapSystem::logon(std::string_view name, TimePoint now) const {
    auto const* found = user(name);
    if (found) return logon_state(*found, Day{now});
    bool const exists =
        !spec_->lists_users() || is_standard_user(name) ||
        (difference_ && std::ranges::find(difference_->expected_users, name) != difference_->expected_users.end());
    return exists && !name.empty() && !was_deleted(name) ? LogonState::good : LogonState::unknown_user;
}

void AbapSystem::expect_user(std::string_view name) {
    if (!spec_->lists_users() || user(name)) return;
    auto& expected = difference().expected_users;
    if (std::ranges::find(expected, name) == expected.end()) expected.emplace_back(name);
}

bool AbapSystem::has_role(std::string_view name, std::string_view role) const {
    auto const* found = user(name);
    return found && almd::has_role(*found, role);
}

Result<void> AbapSystem::set_locked(std::string_view user, bool locked) {
    if (!this->user(user)) return fail(ErrorCode::not_found, text_of(Text::user_unknown_or_locked, user));
    auto& own = difference().users;
    if (!own) own = spec_->users;
    std::ranges::find(*own, user, &UserSpec::name)->locked = locked;
    return {};
}

void AbapSystem::add_user(UserSpec user) {
    auto& own = difference().users;
    if (!own) own = spec_->users;
    std::erase_if(*own, [&](UserSpec const& other) { return other.name == user.name; });
    std::erase(difference().deleted_users, user.name);
    own->push_back(std::move(user));
}

Result<void> AbapSystem::delete_user(std::string_view name) {
    if (was_deleted(name)) return fail(ErrorCode::not_found, text_of(Text::user_unknown_or_locked, name));
    auto& own = difference().users;
    if (!own) own = spec_->users;
    std::erase_if(*own, [&](UserSpec const& other) { return other.name == name; });
    difference().deleted_users.emplace_back(name);
    return {};
}

bool AbapSystem::was_deleted(std::string_view user) const {
    return difference_ && std::ranges::find(difference_->deleted_users, user) != difference_->deleted_users.end();
}

std::uint16_t AbapSystem::components_generation() const {
    return difference_ ? static_cast<std::uint16_t>(difference_->components.size()) : 0;
}

std::span<ComponentVersion const> AbapSystem::components(std::uint16_t generation) const {
    if (generation == 0 || generation > components_generation()) return spec_->components;
    return difference_->components[generation - 1];
}

ComponentVersion const* AbapSystem::component(std::string_view name) const {
    auto const all = components();
    auto const found = std::ranges::find(all, name, &ComponentVersion::name);
    return found == all.end() ? nullptr : &*found;
}

void AbapSystem::set_component(ComponentVersion component) {
    auto const now = components();
    std::vector<ComponentVersion> next{now.begin(), now.end()};
    auto const found = std::ranges::find(next, component.name, &ComponentVersion::name);
    if (found == next.end())
        next.push_back(std::move(component));
    else if (*found == component)
        return;
    else
        *found = std::move(component);
    difference().components.push_back(std::move(next));
}

bool AbapSystem::delete_component(std::string_view name) {
    if (!component(name)) return false;
    auto const now = components();
    std::vector<ComponentVersion> next{now.begin(), now.end()};
    std::erase_if(next, [&](ComponentVersion const& one) { return one.name == name; });
    difference().components.push_back(std::move(next));
    return true;
}

bool AbapSystem::has_note(std::string_view number) const {
    return std::ranges::find(notes(), number) != notes().end();
}

std::span<std::string const> AbapSystem::notes() const {
    return difference_ && difference_->notes ? *difference_->notes : spec_->notes;
}

void AbapSystem::add_note(std::string number) {
    if (has_note(number)) return;
    auto& own = difference().notes;
    if (!own) own = spec_->notes;
    own->push_back(std::move(number));
}

int AbapSystem::batch_processes() const {
    return difference_ && difference_->batch_processes ? *difference_->batch_processes : spec_->batch_processes;
}

void AbapSystem::set_batch_processes(int count) {
    difference().batch_processes = count;
}

std::optional<std::string> AbapSystem::profile_parameter(std::string_view name) const {
    if (difference_)
        for (auto const& [parameter, value] : difference_->parameters)
            if (parameter == name) return value;
    if (name == "SAPSYSTEMNAME") return std::string{seat_.id.text()};
    if (name == "SAPSYSTEM") return fmt::format("{:02}", spec_->instance_number);
    if (name == "SAPLOCALHOST") return host_of(spec_->host, seat_);
    if (name == "SAPDBHOST") {
        auto host = db_host_of(*spec_, seat_);
        return host.empty() ? std::nullopt : std::optional{std::move(host)};
    }
    if (name == "rdisp/wp_no_btc") return fmt::format("{}", batch_processes());
    return std::nullopt;
}

std::vector<std::string> AbapSystem::profile_parameters() const {
    std::vector<std::string> names{"SAPSYSTEMNAME", "SAPSYSTEM", "SAPLOCALHOST", "SAPDBHOST", "rdisp/wp_no_btc"};
    if (difference_)
        for (auto const& entry : difference_->parameters)
            if (std::ranges::find(names, entry.first) == names.end()) names.push_back(entry.first);
    return names;
}

void AbapSystem::set_profile_parameter(std::string name, std::optional<std::string> value) {
    auto& parameters = difference().parameters;
    std::erase_if(parameters, [&](auto const& entry) { return entry.first == name; });
    parameters.emplace_back(std::move(name), std::move(value));
}

CustomizingTables const& AbapSystem::tables() const {
    return difference_ && difference_->tables ? *difference_->tables : spec_->tables;
}

CustomizingTables& AbapSystem::change_tables() {
    auto& own = difference().tables;
    if (!own) own = spec_->tables;
    return *own;
}

std::span<RfcDestination const> AbapSystem::rfc_destinations() const {
    if (difference_ && difference_->rfc_destinations) return *difference_->rfc_destinations;
    return spec_->rfc_destinations;
}

void AbapSystem::set_rfc_destination(RfcDestination destination) {
    auto& own = difference().rfc_destinations;
    if (!own) own = spec_->rfc_destinations;
    std::erase_if(*own, [&](RfcDestination const& other) { return other.name == destination.name; });
    own->push_back(std::move(destination));
}

Result<void> AbapSystem::delete_rfc_destination(std::string_view name) {
    auto const all = rfc_destinations();
    if (std::ranges::find(all, name, &RfcDestination::name) == all.end())
        return fail(ErrorCode::not_found,
                    fmt::format("{} has no RFC destination {}; `almd ctl rfcdestinations` lists them", id().text(),
                                in_quotes(name)));
    auto& own = difference().rfc_destinations;
    if (!own) own = spec_->rfc_destinations;
    std::erase_if(*own, [&](RfcDestination const& other) { return other.name == name; });
    return {};
}

std::size_t AbapSystem::bytes() const {
    if (!difference_) return 0;
    std::size_t sum = sizeof(Difference);
    if (difference_->notes) sum += difference_->notes->capacity() * sizeof(std::string);
    if (difference_->users) sum += difference_->users->capacity() * sizeof(UserSpec);
    for (auto const& generation : difference_->components) sum += generation.capacity() * sizeof(ComponentVersion);
    sum += (difference_->expected_users.capacity() + difference_->deleted_users.capacity()) * sizeof(std::string);
    sum += difference_->parameters.capacity() * sizeof(difference_->parameters[0]);
    if (difference_->tables)
        sum += difference_->tables->targets.capacity() * sizeof(CmoTarget) +
               difference_->tables->parameters.capacity() * sizeof(CdmParameter);
    if (difference_->rfc_destinations) sum += difference_->rfc_destinations->capacity() * sizeof(RfcDestination);
    return sum;
}

} // namespace almd
