// Routes of the cloud's part of the admin API.
#include "simulator/cloud/cloud_admin.hpp"

#include "simulator/cloud/cloud.hpp"
#include "simulator/cloud/cloud_pages.hpp"
#include "simulator/cloud/cloud_state.hpp"
#include "simulator/cloud/journal_page.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <initializer_list>

namespace almd {

namespace {

using Json = nlohmann::json;

HttpResponse refuse(Error const& error, std::string_view target = {}) {
    switch (error.code) {
    case ErrorCode::not_found: return error_response(404, "NOT_FOUND", error.context, target);
    case ErrorCode::conflict: return error_response(409, "CONFLICT", error.context, target);
    case ErrorCode::too_large: return error_response(409, "LIMIT", error.context, target);
    default: return error_response(400, "INVALID", error.context, target);
    }
}

HttpResponse good(int status, Json const& body) {
    return json_response(status, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// The body of a verb: one object with known keys. The first mistake is kept with its key.
class VerbBody {
public:
    VerbBody(RoutedRequest const& request, std::initializer_list<std::string_view> keys) {
        json_ = request.http.body.empty() ? Json::object() : Json::parse(request.http.body, nullptr, false);
        if (!json_.is_object()) {
            json_ = Json::object();
            wrong("$", "the body must be a JSON object");
        }
        for (auto const& [key, value] : json_.items())
            if (std::ranges::find(keys, key) == keys.end())
                wrong(key, fmt::format("unknown key; allowed: {}", fmt::join(keys.begin(), keys.end(), ", ")));
    }

    bool has(std::string_view key) const { return json_.contains(key) && !json_.at(key).is_null(); }

    std::string text(std::string_view key, bool required = true) {
        if (!has(key)) return required ? wrong(key, "is missing") : void(), std::string{};
        if (!json_.at(key).is_string()) return wrong(key, "must be text"), std::string{};
        return json_.at(key).get<std::string>();
    }

    std::vector<std::string> texts(std::string_view key, bool required = true) {
        std::vector<std::string> list;
        if (!has(key)) return required ? wrong(key, "is missing") : void(), list;
        if (!json_.at(key).is_array()) return wrong(key, "must be a list of texts"), list;
        for (auto const& element : json_.at(key)) {
            if (!element.is_string()) return wrong(key, "must be a list of texts"), list;
            list.push_back(element.get<std::string>());
        }
        return list;
    }

    bool flag(std::string_view key) {
        if (!has(key)) return wrong(key, "is missing"), false;
        if (!json_.at(key).is_boolean()) return wrong(key, "must be true or false"), false;
        return json_.at(key).get<bool>();
    }

    int number(std::string_view key, int max) {
        if (!has(key)) return 0;
        auto const& value = json_.at(key);
        if (!value.is_number_integer() || value.get<double>() < 0 || value.get<double>() > max)
            return wrong(key, fmt::format("must be a whole number from 0 to {}", max)), 0;
        return value.get<int>();
    }

    /// A value with a parse(text) of its own.
    template <class T>
    std::optional<T> value(std::string_view key, bool required = true) {
        if (!required && !has(key)) return std::nullopt;
        return parsed<T>(key, text(key));
    }

    template <class T>
    std::vector<T> values(std::string_view key, bool required = true) {
        std::vector<T> list;
        for (auto const& word : texts(key, required))
            if (auto const one = parsed<T>(key, word)) list.push_back(*one);
        return list;
    }

    std::map<std::string, std::string> text_map(std::string_view key) {
        std::map<std::string, std::string> map;
        if (!has(key)) return map;
        for (auto const& [name, value] : json_.at(key).items()) {
            if (!value.is_string()) return wrong(key, "must be an object of texts"), map;
            map[name] = value.get<std::string>();
        }
        return map;
    }

    void wrong(std::string_view key, std::string_view sentence) {
        if (!mistake_) mistake_ = error_response(400, "INVALID", fmt::format("{}: {}", key, sentence), key);
    }
    std::optional<HttpResponse> const& mistake() const { return mistake_; }

private:
    template <class T>
    std::optional<T> parsed(std::string_view key, std::string const& word) {
        if (mistake_) return std::nullopt;
        auto one = T::parse(word);
        if (!one) return wrong(key, one.error().context), std::nullopt;
        return *one;
    }

    Json json_;
    std::optional<HttpResponse> mistake_;
};

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

/// Faults, tokens, and what came.
struct TroubleVerbs {
    Cloud& cloud;
    CloudState& state;

    HttpResponse add_fault(RoutedRequest const& request) const {
        auto const json = Json::parse(request.http.body, nullptr, false);
        auto rule = fault_rule_from_json(json.is_discarded() ? Json{} : json, "");
        if (!rule) return refuse(rule.error());
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
    auto const verb = [&]<class Verbs>(std::string method, std::string_view rest, std::string operation, Verbs verbs,
                                       HttpResponse (Verbs::*member)(RoutedRequest const&) const) {
        router.add(std::move(method), path(rest), "cloud." + operation,
                   [verbs, member](RoutedRequest const& request) { return (verbs.*member)(request); });
    };
    list("features", features_page);
    list("work", work_page);
    list("ledger", ledger_page);
    list("registrations", registrations_page);
    list("transports", transports_page);
    list("landscapes", landscapes_page);
    list("faults", faults_page);
    list("keys", keys_page);
    list("journal", journal_page);
    list("journal.har", journal_har);

    FeatureVerbs const features{cloud, state};
    verb("POST", "features", "createFeature", features, &FeatureVerbs::create);
    verb("GET", "features/{id}", "showFeature", features, &FeatureVerbs::show);
    verb("POST", "features/{id}/transports", "assign", features, &FeatureVerbs::assign);
    verb("DELETE", "features/{id}/transports/{trkorr}", "unassign", features, &FeatureVerbs::unassign);
    verb("POST", "features/{id}/status", "act", features, &FeatureVerbs::act);
    verb("POST", "features/{id}/deploy", "deploy", features, &FeatureVerbs::deploy_one);
    verb("POST", "deploy", "deploySeveral", features, &FeatureVerbs::deploy_several);

    SystemVerbs const systems{cloud, state};
    verb("POST", "usecases", "chooseUseCase", systems, &SystemVerbs::choose_use_case);
    verb("POST", "work", "createWork", systems, &SystemVerbs::create_work);

    TroubleVerbs const trouble{cloud, state};
    verb("POST", "faults", "addFault", trouble, &TroubleVerbs::add_fault);
    verb("DELETE", "faults/{name}", "removeFault", trouble, &TroubleVerbs::remove_fault);
    verb("POST", "tokens/revoke", "revokeTokens", trouble, &TroubleVerbs::revoke);
    verb("GET", "journal/{number}", "showJournalEntry", trouble, &TroubleVerbs::show_entry);
    verb("POST", "verify", "verify", trouble, &TroubleVerbs::verify);
}

} // namespace almd
