// The two landscapes of the setup guide, as config/demo.yaml and config/one-system.yaml have them too.
#include "simulator/tms/landscape_spec.hpp"

namespace almd {

std::string_view name(ApprovalStep step) {
    switch (step) {
    case ApprovalStep::request_owner: return "request_owner";
    case ApprovalStep::user_department: return "user_department";
    case ApprovalStep::system_administration: return "system_administration";
    }
    return "";
}

Result<ApprovalStep> parse_approval_step(std::string_view text) {
    for (auto const step : all_approval_steps)
        if (name(step) == text) return step;
    return fail(ErrorCode::invalid,
                std::string{text}.append(": no approval step; allowed: request_owner, user_department, "
                                         "system_administration"));
}

std::string DeliveryRouteSpec::text() const {
    return std::string{TransportTarget{from, from_client}.text()}.append(" > ").append(to.text());
}

namespace {

SystemId sid(std::string_view text) {
    return SystemId::parse(text).value();
}

TransportTarget target(std::string_view text) {
    return TransportTarget::parse(text).value();
}

SystemSpec system(std::string_view id, std::string_view role, std::string_view description,
                  std::vector<ClientSpec> working_clients) {
    SystemSpec spec;
    spec.id = sid(id);
    spec.role = role;
    spec.description = description;
    spec.clients.push_back({client_000, "SAP SE", "S"});
    for (auto& client : working_clients) spec.clients.push_back(std::move(client));
    spec.components = {{"SAP_BASIS", "758", 2}, {"S4CORE", "108", 2}, {"ST-PI", "740", 32}};
    spec.notes = {"3425282", "3639977", "3497168", "3497169", "3532762", "3623614"};
    return spec;
}

RequestSpec request(std::string_view system, std::string_view alias, TrFunction function, std::string_view text,
                    std::vector<std::string> objects) {
    RequestSpec spec;
    spec.system = sid(system);
    spec.function = function;
    spec.text = text;
    spec.objects = std::move(objects);
    spec.alias = alias;
    return spec;
}

} // namespace

LandscapeSpec three_tier_landscape() {
    LandscapeSpec spec;
    spec.systems = {
        system("DEV", "DEV", "Development", {{Client{100}, "Development", "C"}}),
        system("QUA", "TEST", "Quality assurance", {{Client{200}, "Quality assurance", "T"}}),
        system("PRD", "PROD", "Production", {{Client{300}, "Production", "P"}}),
    };
    spec.tms.controller = sid("PRD");
    spec.tms.layers = {"ZDEV"};
    spec.tms.consolidation_routes = {{sid("DEV"), "ZDEV", target("QUA.200")}};
    spec.tms.delivery_routes = {{sid("QUA"), Client{200}, target("PRD.300")}};
    spec.requests = {
        request("DEV", "price-report", TrFunction::workbench, "Price report for the new tariff",
                {"R3TR PROG ZPRICE_REPORT", "R3TR TRAN ZPRICE"}),
        request("DEV", "price-conditions", TrFunction::customizing, "Condition types of the new tariff",
                {"R3TR TABU T685", "R3TR TABU T685A"}),
        request("DEV", "delivery-note", TrFunction::workbench, "Delivery note shows the batch number",
                {"R3TR PROG ZDELIVERY_NOTE"}),
        request("DEV", "credit-limit", TrFunction::workbench, "Credit limit check (in work)",
                {"R3TR CLAS ZCL_CREDIT_LIMIT"}),
    };
    spec.requests.back().released = false;
    return spec;
}

LandscapeSpec one_system_landscape() {
    LandscapeSpec spec;
    spec.systems = {system("S4H", "TEST", "One-system test landscape",
                           {{Client{100}, "Development", "C"},
                            {Client{200}, "Quality assurance", "T"},
                            {Client{300}, "Production", "P"}})};
    spec.systems[0].components = {{"SAP_BASIS", "756", 4}, {"S4CORE", "106", 4}, {"ST-PI", "740", 32}};
    spec.systems[0].notes = {"3425282", "3639977", "3532762", "3623614"};
    spec.tms.controller = sid("S4H");
    spec.tms.layers = {"ZS4H"};
    spec.tms.consolidation_routes = {{sid("S4H"), "ZS4H", target("S4H.200")}};
    spec.tms.delivery_routes = {{sid("S4H"), Client{200}, target("S4H.300")}};
    spec.requests = {
        request("S4H", "first-report", TrFunction::workbench, "First report", {"R3TR PROG ZFIRST_REPORT"}),
        request("S4H", "first-setting", TrFunction::customizing, "First setting", {"R3TR TABU T001"}),
    };
    return spec;
}

} // namespace almd
