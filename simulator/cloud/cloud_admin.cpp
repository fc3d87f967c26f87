// Routes of the cloud's part of the admin API.
#include "simulator/cloud/cloud_admin.hpp"

#include "proto/schema/json_text.hpp"
#include "simulator/cloud/admin_verbs.hpp"
#include "simulator/cloud/cloud.hpp"
#include "simulator/cloud/cloud_pages.hpp"
#include "simulator/cloud/cloud_state.hpp"
#include "simulator/cloud/journal_page.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

using Json = nlohmann::json;

/// The verbs over features.
struct FeatureVerbs {
    Cloud& cloud;
    CloudState& state;

    HttpResponse answer(Result<Feature const*> const& feature, int status = 200) const {
        return feature ? good(status, to_json(state, **feature)) : refuse(feature.error());
    }

    HttpResponse create(RoutedRequest const& request) const {
        VerbBody body{request, {"title", "project", "tenant"}};
        auto title = body.text("title"), project = body.text("project", false), tenant = body.text("tenant", false);
        if (body.mistake()) return *body.mistake();
        return answer(cloud.create_feature(std::move(title), std::move(project), tenant), 201);
    }

    HttpResponse show(RoutedRequest const& request) const {
        auto const feature = state.features.find(request.path_values[0]);
        return feature ? good(200, to_json(state, **feature)) : refuse(feature.error());
    }

    HttpResponse assign(RoutedRequest const& request) const {
        VerbBody body{request, {"transports"}};
        auto const transports = body.values<TrRequest>("transports");
        if (body.mistake()) return *body.mistake();
        return answer(cloud.assign(request.path_values[0], transports));
    }

    HttpResponse unassign(RoutedRequest const& request) const {
        auto const trkorr = TrRequest::parse(request.path_values[1]);
        if (!trkorr) return refuse(trkorr.error());
        return answer(cloud.unassign(request.path_values[0], *trkorr));
    }

    HttpResponse act(RoutedRequest const& request) const {
        VerbBody body{request, {"action"}};
        auto const text = body.text("action");
        if (body.mistake()) return *body.mistake();
        auto const action = parse_feature_action(text);
        if (!action) return refuse(action.error(), "action");
        return answer(cloud.act(request.path_values[0], *action));
    }

    HttpResponse deployed(Result<Cloud::Deployment> const& deployment) const {
        if (!deployment) return refuse(deployment.error());
        auto work = Json::array(), targets = Json::array();
        for (auto const& id : deployment->work) work.push_back(to_json(state, *state.work.find(id)));
        for (auto const& target : deployment->targets) targets.push_back(target.text());
        return good(200, {{"subsetId", deployment->subset.text()},
                          {"targets", std::move(targets)},
                          {"work", std::move(work)},
                          {"leftOut", deployment->left_out}});
    }

    HttpResponse deploy_one(RoutedRequest const& request) const {
        VerbBody body{request, {"target"}};
        auto const target = body.value<TransportTarget>("target", false);
        if (body.mistake()) return *body.mistake();
        return deployed(cloud.deploy(request.path_values[0], target));
    }

    HttpResponse deploy_several(RoutedRequest const& request) const {
        VerbBody body{request, {"features", "target"}};
        auto const features = body.texts("features");
        auto const target = body.value<TransportTarget>("target", false);
        if (body.mistake()) return *body.mistake();
        return deployed(cloud.deploy(features, target));
    }
};

constexpr int interval_max = 7 * 24 * 60;

/// The verbs over systems: use cases and work of any kind.
struct SystemVerbs {
    Cloud& cloud;
    CloudState& state;

    HttpResponse choose_use_case(RoutedRequest const& request) const {
        VerbBody body{request, {"lmsId", "task", "client", "active", "intervalMinutes"}};
        auto const id = body.value<LmsId>("lmsId");
        auto const task = body.text("task");
        auto const client = body.value<Client>("client", false);
        bool const active = body.flag("active");
        auto const interval = body.number("intervalMinutes", interval_max);
        if (body.mistake()) return *body.mistake();
        if (auto const done = cloud.choose_use_case(*id, task, active, interval, client); !done)
            return refuse(done.error());
        return good(200, {{"lmsId", id->text()}, {"useCaseVersion", state.use_cases.version(state.find(*id))}});
    }

    HttpResponse create_work(RoutedRequest const& request) const {
        VerbBody body{request, {"lmsId", "kind", "target", "transports", "parameters"}};
        WorkItem item;
        auto const id = body.value<LmsId>("lmsId");
        auto const kind = parse_work_kind(body.text("kind"));
        if (!kind) body.wrong("kind", kind.error().context);
        item.target = body.value<TransportTarget>("target", false);
        item.transports = body.values<TrRequest>("transports", false);
        item.parameters = body.text_map("parameters");
        if (body.mistake()) return *body.mistake();
        item.kind = *kind;
        auto const made = cloud.create_work(*id, std::move(item));
        return made ? good(201, to_json(state, *state.work.find(*made))) : refuse(made.error());
    }
};

/// Work that waits can be taken back.
struct WorkVerbs {
    Cloud& cloud;
    CloudState& state;

    HttpResponse cancel(RoutedRequest const& request) const {
        VerbBody body{request, {"reason"}};
        auto const reason = body.text("reason", false);
        if (body.mistake()) return *body.mistake();
        auto const id = WorkId::parse(request.path_values[0]);
        if (!id) return refuse({ErrorCode::not_found, fmt::format("there is no work item {}", request.path_values[0])});
        if (auto const done = cloud.cancel_work(*id, reason); !done) return refuse(done.error());
        return good(200, to_json(state, *state.work.find(*id)));
    }
};

/// Faults, tokens, and what came.
struct TroubleVerbs {
    Cloud& cloud;
    CloudState& state;

    HttpResponse add_fault(RoutedRequest const& request) const {
        if (auto const strict = parse_request_body(request.http.body); !strict) return refuse(strict.error());
        auto const json = Json::parse(request.http.body, nullptr, false);
        auto rule = fault_rule_from_json(json.is_discarded() ? Json{} : json, "");
        if (!rule) return refuse(rule.error(), rule.error().context.substr(0, rule.error().context.find(": ")));
        auto const added = cloud.add_fault(*std::move(rule));
        return added ? good(201, {{"name", *added}}) : refuse(added.error());
    }

    HttpResponse remove_fault(RoutedRequest const& request) const {
        if (state.faults.remove(request.path_values[0])) return HttpResponse{204};
        return refuse({ErrorCode::not_found, fmt::format("there is no fault {}", request.path_values[0])});
    }

    HttpResponse show_entry(RoutedRequest const& request) const {
        return journal_entry_page(state, request.path_values[0]);
    }

    HttpResponse verify(RoutedRequest const& request) const { return journal_verify(state, request.http.body); }

    HttpResponse revoke(RoutedRequest const& request) const {
        VerbBody body{request, {"clientId"}};
        auto const client = body.text("clientId", false);
        if (body.mistake()) return *body.mistake();
        auto const revoked = cloud.revoke_tokens(client);
        if (revoked == 0)
            return refuse({ErrorCode::not_found, fmt::format("there is no client {}; see /api/v1/cloud/keys", client)});
        return good(200, {{"clients", revoked}});
    }
};

} // namespace

void mount_cloud_admin(Router& router, Cloud& cloud, CloudState& state) {
    auto const path = [](std::string_view rest) { return fmt::format("/api/v1/cloud/{}", rest); };
    using Page = HttpResponse (*)(CloudState const&, Query const&);
    auto const list = [&](std::string_view rest, Page page) {
        router.add("GET", path(rest), fmt::format("cloud.{}", rest),
                   [&state, page](RoutedRequest const& request) { return page(state, request.query); });
    };
    list("features", features_page);
    list("work", work_page);
    list("ledger", ledger_page);
    list("checks", checks_page);
    list("registrations", registrations_page);
    list("transports", transports_page);
    list("landscapes", landscapes_page);
    list("faults", faults_page);
    list("keys", keys_page);
    list("journal", journal_page);
    list("journal.har", journal_har);

    FeatureVerbs const features{cloud, state};
    add_verb(router, "POST", "features", "createFeature", features, &FeatureVerbs::create);
    add_verb(router, "GET", "features/{id}", "showFeature", features, &FeatureVerbs::show);
    add_verb(router, "POST", "features/{id}/transports", "assign", features, &FeatureVerbs::assign);
    add_verb(router, "DELETE", "features/{id}/transports/{trkorr}", "unassign", features, &FeatureVerbs::unassign);
    add_verb(router, "POST", "features/{id}/status", "act", features, &FeatureVerbs::act);
    add_verb(router, "POST", "features/{id}/deploy", "deploy", features, &FeatureVerbs::deploy_one);
    add_verb(router, "POST", "deploy", "deploySeveral", features, &FeatureVerbs::deploy_several);

    mount_order_verbs(router, cloud, state);
    mount_project_verbs(router, state);
    mount_key_verbs(router, state);
    mount_note_verbs(router, state);

    SystemVerbs const systems{cloud, state};
    add_verb(router, "POST", "usecases", "chooseUseCase", systems, &SystemVerbs::choose_use_case);
    add_verb(router, "POST", "work", "createWork", systems, &SystemVerbs::create_work);

    WorkVerbs const work{cloud, state};
    add_verb(router, "POST", "work/{workId}/cancel", "cancelWork", work, &WorkVerbs::cancel);

    TroubleVerbs const trouble{cloud, state};
    add_verb(router, "POST", "faults", "addFault", trouble, &TroubleVerbs::add_fault);
    add_verb(router, "DELETE", "faults/{name}", "removeFault", trouble, &TroubleVerbs::remove_fault);
    add_verb(router, "POST", "tokens/revoke", "revokeTokens", trouble, &TroubleVerbs::revoke);
    add_verb(router, "GET", "journal/{number}", "showJournalEntry", trouble, &TroubleVerbs::show_entry);
    add_verb(router, "POST", "verify", "verify", trouble, &TroubleVerbs::verify);
}

} // namespace almd
