// The way of a request from creation to its release: targets, objects by package, users.
#include "simulator/abap/texts.hpp"
#include "simulator/tms/landscape.hpp"

#include <algorithm>

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
    bool const anybody = member.abap.spec().users.empty() && !member.abap.was_deleted(user);
    bool const known = state == LogonState::good || (state == LogonState::unknown_user && anybody);
    if (known && !user.empty()) return {};
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
    return member->cts.create({.function = wanted.function,
                               .text = std::move(wanted.text),
                               .owner = std::move(wanted.owner),
                               .source_client = wanted.client,
                               .target = wanted.target,
                               .task_users = std::move(wanted.task_users)},
                              now);
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
    if (request.function != TrFunction::workbench || package.name.empty()) return request.target;
    auto const system = member.abap.id();
    std::optional<TransportTarget> target;
    if (!is_local(package)) target = domain_.consolidation_target(system, package.layer);
    if (target == request.target) return target;
    if (request.object_count() == 0 && request.target == standard_target(system)) return target;
    return fail(ErrorCode::conflict, text_of(Text::other_target, what.object.text(), package.name, words_of(target),
                                             words_of(request.target)));
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
        if (auto const* came = member->versions ? member->versions->find(what.object) : nullptr;
            came && !cts.facts_of(what.object).original) {
            auto facts = cts.facts_of(what.object);
            facts.original = came->from.system(); // an import brought it: changed here it is a repair (V)
            cts.set_facts(what.object, std::move(facts));
        }
        auto const target = request->open() ? target_with(*member, *request, what, *package) : request->target;
        if (!target) return std::unexpected{target.error()};
        if (auto const added = cts.add_object(*what.request, what.object, now); !added) return added;
        if (auto const set = cts.set_target(request->trkorr, *target, now); !set) return set;
    } else if (package->name.empty() || !is_local(*package)) {
        return fail(ErrorCode::conflict, text_of(Text::no_transport_given));
    }
    if (!package->name.empty()) {
        auto facts = cts.facts_of(what.object);
        facts.package = package->name;
        cts.set_facts(what.object, std::move(facts));
    }
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
    if (report.exported) enter_buffers(*member.cts.find(trkorr), now);
    return report;
}

ReleaseReport Landscape::release_request(TrRequest trkorr, std::string_view user, TimePoint now,
                                         ReleaseOptions options) {
    auto* member = find(trkorr.system());
    if (!member) return no_such_request(trkorr);
    auto report = member->cts.release_request(trkorr, user, now, complete(*member, options));
    return entered(*member, trkorr, std::move(report), user, now);
}

ReleaseReport Landscape::release_with_tasks(TrRequest trkorr, std::string_view user, TimePoint now,
                                            ReleaseOptions options) {
    auto* member = find(trkorr.system());
    if (!member) return no_such_request(trkorr);
    auto report = member->cts.release_with_tasks(trkorr, user, now, complete(*member, options));
    return entered(*member, trkorr, std::move(report), user, now);
}

ReleaseReport Landscape::release_task(TrRequest task, std::string_view user, TimePoint now) {
    auto* member = find(task.system());
    return member ? member->cts.release_task(task, user, now) : no_such_request(task);
}

} // namespace almd
