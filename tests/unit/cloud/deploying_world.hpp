// DEV > QUA.200 > PRD.300 with everything active, a person, and systems that do what they are asked.
#pragma once

#include "tests/unit/cloud/cloud_world.hpp"

namespace almd::test {

inline constexpr auto import_task_name = "Transports: Import";
inline constexpr auto create_export_name = "Transports: Create & Export (client-specific)";

/// What every test of a deployment says: a landscape, transports, a feature, and why not.
struct TrackWorld : testing::Test {
    CloudWorld world;
    LmsId dev = world.enroll("DEV"), qua = world.enroll("QUA", "000", "TEST"), prd = world.enroll("PRD", "000", "PROD");

    void landscape(LandscapePush const& push) {
        ASSERT_EQ(world.send("PUT", CloudWorld::path(prd, "cdm/landscape"), encode(push)).status, 204);
    }
    void push(std::vector<TransportRecord> transports) {
        TransportsPush const message{std::nullopt, true, std::move(transports)};
        ASSERT_EQ(world.send("POST", CloudWorld::path(dev, "cdm/transports"), encode(message)).status, 200);
    }
    std::string feature(std::vector<std::string_view> transports) {
        auto const* made = *world.cloud.create_feature("feature");
        std::vector<TrRequest> numbers;
        for (auto const number : transports) numbers.push_back(request_number(number));
        EXPECT_TRUE(world.cloud.assign(made->display_id(), numbers));
        EXPECT_TRUE(world.cloud.act(made->display_id(), FeatureAction::start_implementation));
        return made->display_id();
    }
    std::string why(std::string_view id, std::optional<TransportTarget> to = std::nullopt) {
        auto const refused = world.cloud.deploy(id, to);
        return refused ? "deployed" : refused.error().context;
    }
    std::string state(std::string_view number) {
        for (auto const& [key, transport] : world.cloud.transports().all())
            if (key.trkorr.text() == number) return transport.status_text();
        return "";
    }
    Json shown(std::string const& feature) { return Json::parse(world.admin_call("GET", "features/" + feature).body); }
    Json problems(std::string const& feature) { return shown(feature)["problems"]; }
};

struct DeployingWorld : TrackWorld {
    LmsId dev100 = world.enroll("DEV", "100");

    void SetUp() override {
        world.activate(qua, import_task_name);
        world.activate(prd, import_task_name);
        world.activate(dev100, create_export_name);
        landscape(three_tier());
        push({released("DEVK900001", "QUA.200"), released("DEVK900002", "QUA.200"), open("DEVK900003")});
    }

    static TransportRecord open(std::string_view number) {
        auto record = released(number, "QUA.200");
        record.status = TrStatus::modifiable;
        record.released_at.reset();
        return record;
    }
    std::vector<WorkItem> poll(LmsId by) {
        auto const client = world.cloud.registrations().row(world.cloud.find(by)).client;
        auto const list = decode_work_list(
            world.send("GET", CloudWorld::path(by, "cdm/work?client=" + std::string{client.text()})).body);
        EXPECT_TRUE(list);
        return list ? list->items : std::vector<WorkItem>{};
    }
    /// Every transport of the item with one code, and what was made.
    HttpResponse end(LmsId by, WorkItem const& item, int code = 0, std::vector<std::string_view> made = {}) {
        WorkResult result;
        result.status = WorkStatus::finished;
        result.return_code = TpReturnCode{code};
        result.ended_at = world.shard.clock().now();
        result.user = "CALM_BG";
        for (auto const& number : item.transports)
            result.transports.push_back({number, item.target, TpReturnCode{code}, {}});
        for (auto const number : made)
            result.transports.push_back({request_number(number), item.target, TpReturnCode{0}, {}});
        return world.send("POST", CloudWorld::path(by, "cdm/work/" + item.id.text() + "/result"), encode(result));
    }
};

} // namespace almd::test
