// Codec of the transport domain.
#include "proto/messages/landscape.hpp"

#include "proto/messages/json_fields.hpp"
#include "proto/messages/json_writer.hpp"

namespace almd {

namespace {

LandscapePush::System read_system(Fields& fields) {
    LandscapePush::System system;
    system.system_id = fields.parsed<SystemId>("systemId", {});
    system.virtual_system = fields.boolean("virtual");
    system.transport_group = fields.text("transportGroup");
    system.ctc = fields.boolean("ctc");
    system.description = fields.text("description");
    return system;
}

} // namespace

std::string encode(LandscapePush const& message) {
    JsonWriter out{512 + message.systems.size() * 112};
    out.begin_object();
    out.name("domain");
    out.begin_object();
    out.field("name", message.domain);
    out.field("controller", message.controller);
    out.field("backupController", message.backup_controller);
    out.end_object();
    out.objects("systems", message.systems, [&](LandscapePush::System const& system) {
        out.field("systemId", system.system_id);
        out.field("virtual", system.virtual_system);
        out.field("transportGroup", system.transport_group);
        out.field("ctc", system.ctc);
        out.field("description", system.description);
    });
    out.objects("targetGroups", message.target_groups, [&](LandscapePush::TargetGroup const& group) {
        out.field("name", group.name);
        out.field("members", group.members);
    });
    out.field("transportLayers", message.transport_layers);
    out.objects("consolidationRoutes", message.consolidation_routes,
                [&](LandscapePush::ConsolidationRoute const& route) {
                    out.field("from", route.from);
                    out.field("layer", route.layer);
                    out.field("to", route.to);
                });
    out.objects("deliveryRoutes", message.delivery_routes, [&](LandscapePush::DeliveryRoute const& route) {
        out.field("from", route.from);
        out.field("to", route.to);
    });
    out.field("version", message.version);
    out.end_object();
    return out.take();
}

Result<LandscapePush> decode_landscape_push(std::string_view json) {
    return decode(json, Speaker::agent, LandscapePush{}, [](Fields& in, LandscapePush& message) {
        in.object("domain", [&](Fields& fields) {
            message.domain = fields.text("name");
            message.controller = fields.parsed<SystemId>("controller", {});
            message.backup_controller = fields.parsed_or_null<SystemId>("backupController", {});
            return true;
        });
        message.systems = in.objects("systems", read_system);
        message.target_groups = in.objects("targetGroups", [](Fields& fields) {
            LandscapePush::TargetGroup group;
            group.name = fields.text("name");
            group.members = fields.parsed_list<TransportTarget>("members", no_target);
            return group;
        });
        message.transport_layers = in.texts("transportLayers");
        message.consolidation_routes = in.objects("consolidationRoutes", [](Fields& fields) {
            auto from = fields.parsed<SystemId>("from", {});
            auto layer = fields.text("layer");
            return LandscapePush::ConsolidationRoute{from, std::move(layer), fields.parsed("to", no_target)};
        });
        message.delivery_routes = in.objects("deliveryRoutes", [](Fields& fields) {
            auto from = fields.parsed<SystemId>("from", {});
            return LandscapePush::DeliveryRoute{from, fields.parsed("to", no_target)};
        });
        message.version = in.integer<std::int64_t>("version");
    });
}

} // namespace almd
