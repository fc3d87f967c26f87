// The landscape API (row 17): registrations as landscape objects. Filters are V, of the fields lmsId, objectType and name are V.
#include "proto/messages/json_writer.hpp"
#include "simulator/cloud/published_api.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace almd {

namespace {

constexpr std::size_t objects_page_default = 1'000, objects_page_max = 10'000, objects_offset_max = 100'000'000;
constexpr std::string_view technical_system = "TechnicalSystem", logical_system = "LogicalSystem",
                           object_source = "REGISTERED", deployment_model = "On-Premise"; // I, but the first
/// Registering makes the system and its default logical system, the client (V). The client has the LMS ID of the registration
/// (V: S4H:000 is shown with the same one); the system's own is that of the client which stands for it, with a few bits turned.
constexpr std::uint64_t system_bits = 0x1c11e;

std::string_view role_of(RegistrationRow const& row) {
    switch (row.role) {
    case RegistrationRow::Role::production: return "PROD";
    case RegistrationRow::Role::test: return "TEST";
    case RegistrationRow::Role::development: break;
    }
    return "DEV";
}

/// There and back.
LmsId system_twin(LmsId id) {
    return {id.high(), id.low() ^ system_bits};
}

/// The registration that stands for the whole system: of client 000, or the oldest one.
CloudSlot head_of_system(RegistrationBook const& book, CloudSlot slot) {
    auto const& row = book.row(slot);
    CloudSlot head = no_cloud_slot;
    for (auto const other : book.of_system(row.tenant, row.system)) {
        auto const& candidate = book.row(other);
        if (!candidate.registered || candidate.system_number() != row.system_number()) continue;
        if (candidate.client == client_000) return other;
        head = std::min(head, other);
    }
    return head;
}

/// What a registration is called as an object; empty texts were over the limit of details.
struct LandscapeObject {
    std::string_view type = technical_system;
    std::string lms_id, name, system_number, service_type, role, external_id, description, root_url;
};

LandscapeObject registered_object(CloudState const& cloud, CloudSlot slot) {
    auto const& row = cloud.registrations.row(slot);
    LandscapeObject object;
    object.lms_id = row.id.text();
    object.name = row.system.text();
    object.system_number = row.system_number();
    object.role = role_of(row);
    object.external_id = row.client.text();
    if (auto const* details = cloud.registrations.details(slot)) {
        object.service_type = details->service_type;
        object.description = details->description;
        object.root_url = details->root_url;
        if (!details->external_id.empty()) object.external_id = details->external_id;
    }
    return object;
}

/// Of one registration: the system, if it stands for it, and its client, whose name is that of the system with its number (V
/// for services).
std::vector<LandscapeObject> objects_of(CloudState const& cloud, CloudSlot slot) {
    auto const& row = cloud.registrations.row(slot);
    std::vector<LandscapeObject> objects;
    auto client = registered_object(cloud, slot);
    if (head_of_system(cloud.registrations, slot) == slot) {
        auto& system = objects.emplace_back(client);
        system.lms_id = system_twin(row.id).text();
    }
    client.type = logical_system;
    client.name = fmt::format("{}{}", row.system.text(), row.client.text());
    objects.push_back(std::move(client));
    return objects;
}

void write_object(JsonWriter& out, LandscapeObject const& object) {
    out.begin_object();
    out.field("lmsId", object.lms_id);
    out.field("objectType", object.type);
    out.field("name", object.name);
    out.field("description", object.description);
    out.field("systemNumber", object.system_number);
    out.field("serviceType", object.service_type);
    out.field("role", object.role);
    out.field("externalId", object.external_id);
    out.field("deploymentModel", deployment_model);
    out.field("source", object_source);
    out.field("lifecycleStatus", "Active");
    out.field("rootUrl", object.root_url);
    out.end_object();
}

bool object_taken(PublishedCall const& call, LandscapeObject const& object) {
    auto const is = [&](std::string_view name, std::string_view value) {
        auto const wanted = call.query.get(name);
        return !wanted || wanted->empty() || *wanted == value;
    };
    return is("name", object.name) && is("systemNumber", object.system_number) && is("objectType", object.type) &&
           is("source", object_source) && is("lmsId", object.lms_id) && is("serviceType", object.service_type) &&
           is("role", object.role) && is("externalId", object.external_id) && is("deploymentModel", deployment_model);
}

/// The rows that can be meant: by LMS ID or name without looking at a million others.
std::vector<CloudSlot> candidates(PublishedCall const& call) {
    auto const& book = call.cloud.registrations;
    if (auto const wanted = call.query.get("lmsId"); wanted && !wanted->empty()) {
        auto const slot = slot_of_object(call.cloud.registrations, call.tenant, *wanted);
        return slot == no_cloud_slot ? std::vector<CloudSlot>{} : std::vector{slot};
    }
    if (auto const wanted = call.query.get("name"); wanted && !wanted->empty()) {
        // "DEV" is the system, "DEV100" one of its clients.
        auto const system = SystemId::parse(std::string_view{*wanted}.substr(0, 3));
        return system ? book.of_system(call.tenant, *system) : std::vector<CloudSlot>{};
    }
    std::vector<CloudSlot> slots;
    for (CloudSlot slot = 0; slot < book.size(); ++slot)
        if (book.row(slot).tenant == call.tenant) slots.push_back(slot);
    return slots;
}

HttpResponse landscape_objects(PublishedCall const& call) {
    static constexpr std::string_view known[]{"name",  "systemNumber",    "objectType", "source",
                                              "lmsId", "serviceType",     "role",       "externalId",
                                              "limit", "deploymentModel", "offset"};
    if (auto refusal = unknown_parameter(call, known)) return *std::move(refusal);
    auto const offset = number_parameter(call.query, "offset", objects_offset_max);
    auto const limit = number_parameter(call.query, "limit", objects_page_max);
    if (!offset || !limit) return refused(offset ? limit.error() : offset.error());
    JsonWriter out{1'024};
    out.begin_array();
    std::size_t seen = 0, written = 0;
    for (auto const slot : candidates(call)) {
        if (!call.cloud.registrations.row(slot).registered) continue;
        for (auto const& object : objects_of(call.cloud, slot)) {
            if (!object_taken(call, object) || seen++ < offset->value_or(0)) continue;
            if (written == limit->value_or(objects_page_default)) break;
            ++written;
            write_object(out, object);
        }
    }
    out.end_array();
    return json_response(200, out.take());
}

HttpResponse object_properties(PublishedCall const& call) {
    static constexpr std::string_view known[]{"lmsId"};
    if (auto refusal = unknown_parameter(call, known)) return *std::move(refusal);
    auto const wanted = call.query.get("lmsId");
    if (!wanted) return refused({ErrorCode::invalid, "lmsId: this parameter is required"});
    auto const slot = slot_of_object(call.cloud.registrations, call.tenant, *wanted);
    if (slot == no_cloud_slot)
        return error_response(403, "FORBIDDEN", "no object with this LMS ID may be read", "lmsId"); // V
    JsonWriter out{1'024};
    out.begin_array();
    auto const property = [&out](std::string_view name, std::string_view value) {
        out.begin_object();
        out.field("name", name);
        out.field("value", value);
        out.end_object();
    };
    auto const& row = call.cloud.registrations.row(slot);
    property("registrationStatus", row.registered ? "Registered" : "Unregistered");
    property("client", row.client.text());
    if (auto const* details = call.cloud.registrations.details(slot)) {
        property("installationNumber", details->installation_number);
        property("dbHost", details->db_host);
        property("dbType", details->db_type);
        for (auto const& component : details->components)
            property(fmt::format("component.{}", component.name),
                     fmt::format("{} SP{}", component.release, component.support_package));
    }
    out.end_array();
    return json_response(200, out.take());
}

template <std::size_t N>
std::optional<Error> one_of(Query const& query, std::string_view name, std::array<std::string_view, N> const& allowed) {
    auto const value = query.get(name);
    if (!value || std::ranges::find(allowed, *value) != allowed.end()) return std::nullopt;
    return Error{ErrorCode::invalid, fmt::format("{}: one of {} was expected", name, fmt::join(allowed, ", "))};
}

} // namespace

CloudSlot slot_of_object(RegistrationBook const& book, CloudTenant tenant, std::string_view lms_id) {
    auto const id = LmsId::parse(lms_id);
    if (!id) return no_cloud_slot;
    auto const slot = book.find(tenant, *id);
    if (slot != no_cloud_slot) return slot;
    auto const client = book.find(tenant, system_twin(*id));
    return client == no_cloud_slot ? no_cloud_slot : head_of_system(book, client);
}

HttpResponse answer_landscape(PublishedCall& call) {
    if (call.at({"scim", "v2", "Groups"}))
        return not_here("access-control groups; their content is not public, and there are no users here");
    if (!call.at({"landscapeObjects"}) && !call.at({"properties"})) return no_such_path(call);
    if (!call.reads()) return no_such_method(call, "GET"); // V: no public call writes
    return call.segments[0] == "properties" ? object_properties(call) : landscape_objects(call);
}

/// Row 25: what the person announced. Fields as seen in answers (V); how a period is written is not public.
HttpResponse answer_events(PublishedCall& call) {
    if (!call.at({"events"})) return no_such_path(call);
    if (!call.reads()) return no_such_method(call, "GET");
    static constexpr std::string_view known[]{"type",      "eventType", "serviceName", "serviceType", "period",
                                              "startTime", "endTime",   "limit",       "offset"};
    if (auto refusal = unknown_parameter(call, known)) return *std::move(refusal);
    for (auto const& error : {one_of(call.query, "eventType", event_types), one_of(call.query, "type", event_objects)})
        if (error) return refused(*error);
    if (call.query.get("period"))
        return not_here("the parameter period; its form is not public: use startTime and endTime");
    auto const limit = number_parameter(call.query, "limit", objects_offset_max);
    auto const offset = number_parameter(call.query, "offset", objects_offset_max);
    for (auto const* number : {&limit, &offset})
        if (!*number) return refused(number->error());
    std::optional<TimePoint> from, to;
    for (auto const& [name, bound] : {std::pair{"startTime", &from}, std::pair{"endTime", &to}})
        if (auto const text = call.query.get(name)) {
            auto const parsed = parse_rfc3339(*text);
            if (!parsed)
                return refused(
                    {ErrorCode::invalid, fmt::format("{}: a time such as 2026-03-01T06:00:00Z was expected", name)});
            *bound = *parsed;
        }
    auto const is = [&call](char const* name, std::string const& value) {
        return call.query.get(name).value_or(value) == value;
    };
    JsonWriter out{1024};
    out.begin_array();
    std::size_t seen = 0, given = 0;
    for (auto const& event : call.cloud.events.all()) {
        bool const wanted = event.tenant == call.tenant && is("type", event.object) && is("eventType", event.type) &&
                            is("serviceName", event.service) && is("serviceType", event.service_type) &&
                            (!to || event.start <= *to) && (!from || !event.end || *event.end >= *from);
        if (!wanted || seen++ < (*offset).value_or(0) || given >= (*limit).value_or(objects_offset_max)) continue;
        ++given;
        out.begin_object();
        out.field("eventId", event.id.text());
        out.field("eventType", event.type);
        out.field("eventName", event.name);
        out.field("eventDescription", event.description);
        out.field("eventStartTime", event.start);
        out.field("serviceName", event.service);
        out.field("serviceDescription", event.service_description);
        out.field("systemNumber", event.system_number);
        out.end_object();
    }
    out.end_array();
    return json_response(200, out.take());
}

} // namespace almd
