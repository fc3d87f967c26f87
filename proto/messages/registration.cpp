// Codec of the registration.
#include "proto/messages/registration.hpp"

#include "proto/messages/inventory_fields.hpp"

namespace almd {

void write_components(JsonWriter& out, std::vector<ComponentLevel> const& components) {
    out.objects("components", components, [&](ComponentLevel const& component) {
        out.field("name", component.name);
        out.field("release", component.release);
        out.field("supportPackage", component.support_package);
    });
}

std::vector<ComponentLevel> read_components(Fields& in) {
    return in.objects("components", [](Fields& fields) {
        ComponentLevel component;
        component.name = fields.text("name");
        component.release = fields.text("release");
        component.support_package = fields.integer<int>("supportPackage", 0, support_package_max);
        return component;
    });
}

void write_instances(JsonWriter& out, std::vector<InstanceInfo> const& instances) {
    out.objects("instances", instances, [&](InstanceInfo const& instance) {
        out.field("host", instance.host);
        out.field("number", instance.number);
        out.field("services", instance.services);
    });
}

std::vector<InstanceInfo> read_instances(Fields& in) {
    return in.objects("instances", [](Fields& fields) {
        InstanceInfo instance;
        instance.host = fields.text("host");
        instance.number = fields.integer<int>("number", 0, 99);
        instance.services = fields.texts("services");
        return instance;
    });
}

std::string encode(Registration const& message) {
    JsonWriter out{768 + message.components.size() * 72 + message.instances.size() * 96};
    out.begin_object();
    out.field("systemId", message.system_id);
    out.field("client", message.client);
    out.field("description", message.description);
    out.field("systemNumber", message.system_number);
    out.field("installationNumber", message.installation_number);
    out.field("dbHost", message.db_host);
    out.field("dbType", message.db_type);
    out.field("systemType", "ABAP");
    out.field("serviceType", message.service_type);
    out.field("role", message.role);
    out.field("rootUrl", message.root_url);
    out.field("externalId", message.external_id);
    write_components(out, message.components);
    write_instances(out, message.instances);
    out.end_object();
    return out.take();
}

Result<Registration> decode_registration(std::string_view json) {
    Registration blank{SystemId{}, client_000, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
    return decode(json, Speaker::agent, std::move(blank), [](Fields& in, Registration& message) {
        message.system_id = in.parsed<SystemId>("systemId", {});
        message.client = in.parsed<Client>("client", client_000);
        message.description = in.text("description");
        message.system_number = in.text("systemNumber");
        message.installation_number = in.text("installationNumber");
        message.db_host = in.text("dbHost");
        message.db_type = in.text("dbType");
        in.one_of("systemType", {"ABAP"});
        message.service_type = in.text("serviceType");
        message.role = in.one_of("role", {"PROD", "TEST", "DEV"});
        message.root_url = in.text("rootUrl");
        message.external_id = in.text("externalId");
        message.components = read_components(in);
        message.instances = read_instances(in);
    });
}

std::string encode(RegistrationAnswer const& message) {
    JsonWriter out{96};
    out.begin_object();
    out.field("lmsId", message.lms_id);
    out.field("registrationStatus", "Registered");
    out.end_object();
    return out.take();
}

Result<RegistrationAnswer> decode_registration_answer(std::string_view json) {
    return decode(json, Speaker::cloud, RegistrationAnswer{}, [](Fields& in, RegistrationAnswer& message) {
        message.lms_id = in.parsed<LmsId>("lmsId", {});
        in.one_of("registrationStatus", {"Registered"});
    });
}

} // namespace almd
