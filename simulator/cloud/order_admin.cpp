// Routes of a feature's buttons that make work for the systems.
#include "simulator/cloud/admin_verbs.hpp"
#include "simulator/cloud/cloud.hpp"
#include "simulator/cloud/cloud_pages.hpp"
#include "simulator/cloud/cloud_state.hpp"

#include <nlohmann/json.hpp>

namespace almd {

namespace {

struct OrderVerbs {
    Cloud& cloud;
    CloudState& state;

    HttpResponse create(RoutedRequest const& request) const {
        VerbBody body{request, {"system", "client", "title", "type", "owner"}};
        FeatureOrder order{.kind = WorkKind::create};
        order.system = body.value<SystemId>("system");
        order.client = body.value<Client>("client");
        order.title = body.text("title");
        order.owner = body.text("owner");
        if (auto const type = body.text("type", false); !type.empty()) {
            auto const parsed = parse_tr_function(type);
            if (!parsed) body.wrong("type", "K (workbench) or W (customizing) was expected");
            order.type = parsed.value_or(order.type);
        }
        return answer(request, body, order);
    }

    HttpResponse copy(RoutedRequest const& request) const {
        VerbBody body{request, {"transports", "title"}};
        FeatureOrder order{.kind = WorkKind::toc};
        order.transports = body.values<TrRequest>("transports", false);
        order.title = body.text("title", false);
        return answer(request, body, order);
    }

    HttpResponse add_user(RoutedRequest const& request) const {
        VerbBody body{request, {"transports", "user"}};
        FeatureOrder order{.kind = WorkKind::add_user};
        order.transports = body.values<TrRequest>("transports");
        order.owner = body.text("user");
        return answer(request, body, order);
    }

    HttpResponse retrofit(RoutedRequest const& request) const {
        VerbBody body{request, {"transports", "target"}};
        FeatureOrder order{.kind = WorkKind::retrofit};
        order.transports = body.values<TrRequest>("transports", false);
        order.target = body.value<TransportTarget>("target");
        return answer(request, body, order);
    }

    /// Buttons that take transports and nothing else.
    template <WorkKind kind>
    HttpResponse simple(RoutedRequest const& request) const {
        VerbBody body{request, {"transports"}};
        FeatureOrder order{.kind = kind};
        // What deletes must be told what.
        order.transports = body.values<TrRequest>("transports", kind == WorkKind::delete_empty);
        return answer(request, body, order);
    }

private:
    HttpResponse answer(RoutedRequest const& request, VerbBody const& body, FeatureOrder const& order) const {
        if (body.mistake()) return *body.mistake();
        auto const ordered = cloud.order(request.path_values[0], order);
        if (!ordered) return refuse(ordered.error());
        auto work = nlohmann::json::array();
        for (auto const& id : ordered->work) work.push_back(to_json(state, *state.work.find(id)));
        return good(201, {{"work", std::move(work)}, {"leftOut", ordered->left_out}});
    }
};

} // namespace

void mount_order_verbs(Router& router, Cloud& cloud, CloudState& state) {
    OrderVerbs const verbs{cloud, state};
    auto const add = [&](std::string_view rest, std::string_view operation,
                         HttpResponse (OrderVerbs::*member)(RoutedRequest const&) const) {
        add_verb(router, "POST", fmt::format("features/{{id}}/{}", rest), operation, verbs, member);
    };
    add("create-transport", "createTransport", &OrderVerbs::create);
    add("add-user", "addUser", &OrderVerbs::add_user);
    add("delete-empty", "deleteEmpty", &OrderVerbs::simple<WorkKind::delete_empty>);
    add("copies", "createCopies", &OrderVerbs::copy);
    add("release", "releaseTransports", &OrderVerbs::simple<WorkKind::release>);
    add("import-checks", "importChecks", &OrderVerbs::simple<WorkKind::check>);
    add("export-checks", "exportChecks", &OrderVerbs::simple<WorkKind::export_check>);
    add("retrofit", "retrofit", &OrderVerbs::retrofit);
}

} // namespace almd
