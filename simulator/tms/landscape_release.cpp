// The way of a request from creation to its release: targets, objects by package, users.
#include "simulator/abap/texts.hpp"
#include "simulator/tms/landscape.hpp"

#include <algorithm>
#include <cassert>

namespace almd {

namespace {

std::string_view words_of(std::optional<TransportTarget> const& target) {
    return target ? target->text() : std::string_view{"no other system (local)"};
}

ReleaseReport no_such_request(TrRequest trkorr) {
    return refused_release(ReleaseVerdict::api_failed, ErrorCode::not_found, Text::request_does_not_exist,
                           trkorr.text(), trkorr.system().text());
}

} // namespace

Result<Landscape::Member*> Landscape::member_of(TrRequest trkorr) {
    if (auto* member = find(trkorr.system())) return member;
    return fail(ErrorCode::not_found, text_of(Text::request_does_not_exist, trkorr.text(), trkorr.system().text()));
}

/// A customizing request goes through the standard layer of its client, others through the system's; a layer without a
/// route means local (V).
std::optional<TransportTarget> Landscape::target_of(Member const& member, TrFunction function, Client client) const {
    if (function == TrFunction::customizing) {
        auto const clients = member.abap.clients();
        auto const found = std::ranges::find(clients, client, &ClientSpec::number);
        if (found != clients.end() && !found->standard_layer.empty())
            return domain_.consolidation_target(member.abap.id(), found->standard_layer);
    }
    return standard_target(member.abap.id());
}

Result<void> Landscape::check_user(Member const& member, std::string_view user, TimePoint now) const {
    auto const state = member.abap.logon(user, now);
    if (state == LogonState::good) return {};
    auto const why = state == LogonState::unknown_user ? ErrorCode::not_found : ErrorCode::conflict;
    return fail(why, text_of(Text::user_unknown_or_locked, user));
}

Result<TrRequest> Landscape::create_request(CreateRequest wanted, TimePoint now) {
    auto* member = find(wanted.system);
    if (!member) return fail(ErrorCode::not_found, text_of(Text::target_not_known, wanted.system.text()));
    if (!member->abap.has_client(wanted.client))
        return fail(ErrorCode::not_found, text_of(Text::client_unknown, wanted.client.text(), wanted.system.text()));
    auto users = wanted.task_users;
    users.push_back(wanted.owner);
    for (auto const& user : users)
        if (auto const good = check_user(*member, user, now); !good) return std::unexpected{good.error()};
    bool const copies = wanted.function == TrFunction::transport_of_copies;
    if (copies && !wanted.target) return fail(ErrorCode::invalid, text_of(Text::target_not_known, ""));
    if (!wanted.target)
        wanted.target = target_of(*member, wanted.function, wanted.client);
    else if (auto const good = check_target(*wanted.target); !good)
        return std::unexpected{good.error()};
    else if (auto const way = check_way(wanted); !way)
        return std::unexpected{way.error()};
    if (auto const good = check_objects(*member, wanted); !good) return std::unexpected{good.error()};
    auto const created = member->cts.create({.function = wanted.function,
                                             .text = std::move(wanted.text),
                                             .owner = std::move(wanted.owner),
                                             .source_client = wanted.client,
                                             .target = wanted.target,
                                             .task_users = std::move(wanted.task_users)},
                                            now);
    if (!created) return created;
    for (auto& object : wanted.objects) {
        [[maybe_unused]] auto const recorded =
            record_object(wanted.system, {std::move(object), wanted.package, *created}, now);
        assert(recorded);
    }
    return created;
}

/// A target that was named: K and W go where a consolidation route of their system leads (V); copies go anywhere else,
/// in their own system only where a route leads, as in landscapes of one system (I).
Result<void> Landscape::check_way(CreateRequest const& wanted) const {
    auto const& target = *wanted.target;
    if (wanted.function == TrFunction::transport_of_copies) {
        TransportTarget const here{wanted.system, domain_.ctc() ? std::optional{wanted.client} : std::nullopt};
        for (auto const& one : domain_.resolve(target))
            if (one == here || (one.system() == wanted.system && !domain_.has_route_to(one)))
                return fail(ErrorCode::conflict, text_of(Text::copies_stay_here, here.text(), one.text()));
        return {};
    }
    std::string allowed;
    for (auto const& route : domain_.consolidation_routes()) {
        if (route.from != wanted.system) continue;
        if (route.to == target) return {};
        allowed.append(allowed.empty() ? "" : ", ").append(route.to.text());
    }
    if (allowed.empty()) allowed = words_of(std::nullopt);
    return fail(ErrorCode::conflict, text_of(Text::target_without_route, wanted.system.text(), target.text(), allowed));
}

/// Before the request gets its number: as record_object would say of one object after the other.
Result<void> Landscape::check_objects(Member const& member, CreateRequest const& wanted) const {
    auto const& cts = member.cts;
    TransportRequest draft{.trkorr = {wanted.system, cts.last_number()}, .function = wanted.function};
    draft.target = wanted.target;
    for (auto const& object : wanted.objects) {
        RecordObject const what{object, wanted.package};
        auto const package = package_of(member, what);
        if (!package) return std::unexpected{package.error()};
        auto const target = target_with(member, draft, what, *package);
        if (!target) return std::unexpected{target.error()};
        if (draft.function != TrFunction::transport_of_copies)
            if (auto const free = cts.check_free(nullptr, object); !free) return free;
        draft.target = *target;
        draft.objects.add(object);
    }
    return {};
}

Result<TrRequest> Landscape::add_task(TrRequest request, std::string user, TimePoint now) {
    auto const member = member_of(request);
    if (!member) return std::unexpected{member.error()};
    if (auto const good = check_user(**member, user, now); !good) return std::unexpected{good.error()};
    return (*member)->cts.add_task(request, std::move(user), now);
}

Result<void> Landscape::change_owner(TrRequest request_or_task, std::string owner, TimePoint now) {
    auto const member = member_of(request_or_task);
    if (!member) return std::unexpected{member.error()};
    if (auto const good = check_user(**member, owner, now); !good) return good;
    return (*member)->cts.change_owner(request_or_task, std::move(owner), now);
}

/// Without a name when nothing is known of it. Names that begin with `$` need no entry in the system.
Result<PackageSpec> Landscape::package_of(Member const& member, RecordObject const& what) const {
    auto const name = what.package.empty() ? member.cts.facts_of(what.object).package : what.package;
    if (name.empty() || name.starts_with('$')) return PackageSpec{name, ""};
    auto const& packages = member.abap.spec().packages;
    auto const found = std::ranges::find(packages, name, &PackageSpec::name);
    if (found == packages.end())
        return fail(ErrorCode::not_found, text_of(Text::package_unknown, name, member.abap.id().text()));
    return *found;
}

/// The target that the request has when the object is in it, or why it must not get in. Customizing goes where its
/// client says, copies go where they were told to: packages matter to workbench requests alone.
Result<std::optional<TransportTarget>> Landscape::target_with(Member const& member, TransportRequest const& request,
                                                              RecordObject const& what,
                                                              PackageSpec const& package) const {
    if (auto const fits = member.cts.check_category(request.function, what.object); !fits)
        return std::unexpected{fits.error()};
    if (request.function != TrFunction::workbench || package.name.empty()) return request.target;
    auto const system = member.abap.id();
    std::optional<TransportTarget> target;
    if (!is_local(package)) target = domain_.consolidation_target(system, package.layer);
    if (target == request.target) return target;
    if (request.object_count() == 0 && request.target == standard_target(system)) return target;
    return fail(ErrorCode::conflict, text_of(Text::other_target, what.object.text(), package.name, words_of(target),
                                             words_of(request.target)));
}

/// The system that the object, or the one it is a part of, came from.
std::optional<SystemId> Landscape::imported_from(Member const& member, ObjectView object) const {
    if (!member.versions) return std::nullopt;
    auto const* came = member.versions->find(object);
    auto const master = member.cts.directory_name(object);
    if (!came) came = member.versions->find(ObjectView{master});
    return came ? std::optional{came->from.system()} : std::nullopt;
}

Result<void> Landscape::record_object(SystemId system, RecordObject what, TimePoint now) {
    auto* member = find(system);
    if (!member) return fail(ErrorCode::not_found, text_of(Text::target_not_known, system.text()));
    auto const package = package_of(*member, what);
    if (!package) return std::unexpected{package.error()};
    auto& cts = member->cts;
    if (what.request) {
        auto const* request = cts.find_owner_of(*what.request);
        if (!request)
            return fail(ErrorCode::not_found,
                        text_of(Text::request_does_not_exist, what.request->text(), system.text()));
        if (auto const from = imported_from(*member, what.object); from && !cts.facts_of(what.object).original)
            cts.set_directory(what.object, {}, from); // an import brought it: changed here it is a repair (V)
        auto const target = request->open() ? target_with(*member, *request, what, *package) : request->target;
        if (!target) return std::unexpected{target.error()};
        if (auto const added = cts.add_object(*what.request, what.object, now); !added) return added;
        if (auto const set = cts.set_target(request->trkorr, *target, now); !set) return set;
    } else if (package->name.empty() || !is_local(*package)) {
        return fail(ErrorCode::conflict, text_of(Text::no_transport_given));
    }
    cts.set_directory(what.object, package->name, std::nullopt);
    return {};
}

ReleaseOptions Landscape::complete(Member const& member, ReleaseOptions options) const {
    auto const& spec = member.abap.spec();
    options.components = member.abap.components_generation();
    options.seed = mix(identity_.seed, identity_.number);
    options.failing_exports = spec.failing_exports;
    if (spec.atc != AtcSpec{}) options.atc = &spec.atc;
    return options;
}

/// A transport of copies goes to its own target like any other; that it is not forwarded is tp's business.
ReleaseReport Landscape::entered(Member& member, TrRequest trkorr, ReleaseReport report, std::string_view user,
                                 TimePoint now) {
    auto const failed = [](ReleaseMessage const& message) { return message.text == Text::export_failed; };
    if (report.exported)
        log_export(member, *member.cts.find(trkorr), TpReturnCode{0}, user, now);
    else if (std::ranges::any_of(report.messages, failed))
        log_export(member, *member.cts.find(trkorr), TpReturnCode{8}, user, now);
    if (report.exported) enter_buffers(*member.cts.find(trkorr), user, now);
    return report;
}

ReleaseReport Landscape::release_request(TrRequest trkorr, std::string_view user, TimePoint now,
                                         ReleaseOptions options) {
    auto* member = find(trkorr.system());
    if (!member) return no_such_request(trkorr);
    if (auto refused = may_not_release(trkorr.system(), user, now)) return *std::move(refused);
    auto report = member->cts.release_request(trkorr, user, now, complete(*member, options));
    return entered(*member, trkorr, std::move(report), user, now);
}

ReleaseReport Landscape::release_with_tasks(TrRequest trkorr, std::string_view user, TimePoint now,
                                            ReleaseOptions options) {
    auto* member = find(trkorr.system());
    if (!member) return no_such_request(trkorr);
    if (auto refused = may_not_release(trkorr.system(), user, now)) return *std::move(refused);
    auto report = member->cts.release_with_tasks(trkorr, user, now, complete(*member, options));
    return entered(*member, trkorr, std::move(report), user, now);
}

ReleaseReport Landscape::release_task(TrRequest task, std::string_view user, TimePoint now) {
    auto* member = find(task.system());
    if (!member) return no_such_request(task);
    if (auto refused = may_not_release(task.system(), user, now)) return *std::move(refused);
    return member->cts.release_task(task, user, now);
}

} // namespace almd
