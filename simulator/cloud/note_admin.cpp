// Routes of what a person writes down: references of features, and status events.
#include "proto/http/listing.hpp"
#include "simulator/cloud/admin_verbs.hpp"
#include "simulator/cloud/cloud_pages.hpp"
#include "simulator/cloud/feature_writer.hpp"

#include <nlohmann/json.hpp>

namespace almd {

namespace {

nlohmann::json event_row(CloudState const& state, StatusEvent const& event) {
    return {{"eventId", event.id.text()},
            {"tenant", state.settings.tenants[event.tenant]},
            {"type", event.object},
            {"eventType", event.type},
            {"eventName", event.name},
            {"eventDescription", event.description},
            {"serviceName", event.service},
            {"serviceType", event.service_type},
            {"systemNumber", event.system_number},
            {"startTime", rfc3339(event.start)},
            {"endTime", event.end ? nlohmann::json(rfc3339(*event.end)) : nlohmann::json{}}};
}

struct NoteVerbs {
    CloudState& state;

    HttpResponse add_reference(RoutedRequest const& request) const {
        VerbBody body{request, {"kind", "id", "name", "url"}};
        auto const kind = body.text("kind");
        FeatureReference reference{body.text("id", false), {}, body.text("name", false), body.text("url", false)};
        auto const parsed = parse_reference_kind(kind);
        if (!parsed) body.wrong("kind", parsed.error().context);
        if (body.mistake()) return *body.mistake();
        auto const feature = state.features.find(request.path_values[0]);
        if (!feature) return refuse(feature.error());
        auto const added = keep_reference(state, **feature, *parsed, std::move(reference));
        return added ? good(201, to_json(state, **feature)) : refuse(added.error());
    }

    HttpResponse remove_reference(RoutedRequest const& request) const {
        auto const feature = state.features.find(request.path_values[0]);
        if (!feature) return refuse(feature.error());
        auto const& id = request.path_values[1];
        std::size_t gone = 0;
        for (auto list : {&Feature::url_references, &Feature::external_references, &Feature::transport_references})
            gone += drop_references(state, **feature, list, id);
        if (gone == 0)
            return refuse(
                {ErrorCode::not_found, fmt::format("feature {} has no reference {}", (*feature)->display_id(), id)});
        return HttpResponse{204};
    }

    HttpResponse add_event(RoutedRequest const& request) const {
        VerbBody body{request,
                      {"type", "eventType", "eventName", "eventDescription", "serviceName", "serviceDescription",
                       "serviceType", "systemNumber", "startTime", "endTime", "tenant"}};
        StatusEvent event;
        event.object = body.has("type") ? body.text("type") : "TechnicalSystem";
        event.type = body.text("eventType");
        event.name = body.text("eventName");
        event.description = body.text("eventDescription", false);
        event.service = body.text("serviceName");
        event.service_description = body.text("serviceDescription", false);
        event.service_type = body.text("serviceType", false);
        event.system_number = body.text("systemNumber", false);
        event.start = time(body, "startTime").value_or(state.now());
        event.end = time(body, "endTime");
        auto const tenant = state.tenant(body.text("tenant", false));
        if (body.mistake()) return *body.mistake();
        if (!tenant) return refuse(tenant.error(), "tenant");
        event.tenant = *tenant;
        auto const added = state.events.add(std::move(event));
        return added ? good(201, event_row(state, **added)) : refuse(added.error());
    }

    HttpResponse remove_event(RoutedRequest const& request) const {
        auto const id = Uuid::parse(request.path_values[0]);
        if (id && state.events.remove(*id)) return HttpResponse{204};
        return refuse({ErrorCode::not_found, fmt::format("there is no event {}", request.path_values[0])});
    }

    HttpResponse events(RoutedRequest const& request) const {
        auto const& rows = state.events.all();
        return list_response(request.query, {{"eventId", "tenant", "type", "eventType", "eventName", "serviceName",
                                              "serviceType", "systemNumber", "startTime", "endTime"},
                                             rows.size(),
                                             [&](std::size_t i) { return event_row(state, rows[i]); }});
    }

private:
    static std::optional<TimePoint> time(VerbBody& body, std::string_view key) {
        auto const text = body.text(key, false);
        if (text.empty()) return std::nullopt;
        auto const parsed = parse_rfc3339(text);
        if (!parsed) return body.wrong(key, "a time such as 2026-03-01T06:00:00Z was expected"), std::nullopt;
        return *parsed;
    }
};

} // namespace

void mount_note_verbs(Router& router, CloudState& state) {
    NoteVerbs const verbs{state};
    add_verb(router, "POST", "features/{id}/references", "addReference", verbs, &NoteVerbs::add_reference);
    add_verb(router, "DELETE", "features/{id}/references/{reference}", "removeReference", verbs,
             &NoteVerbs::remove_reference);
    add_verb(router, "GET", "events", "events", verbs, &NoteVerbs::events);
    add_verb(router, "POST", "events", "addEvent", verbs, &NoteVerbs::add_event);
    add_verb(router, "DELETE", "events/{id}", "removeEvent", verbs, &NoteVerbs::remove_event);
}

} // namespace almd
