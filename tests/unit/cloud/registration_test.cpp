// Registering: who is who, what is refused, and what a second call means.
#include "tests/unit/cloud/cloud_world.hpp"

#include <gmock/gmock.h>

#include <set>

namespace almd::test {
namespace {

TEST(CloudRegistration, FirstCallAnswers201TheSecond200WithTheSameLmsId) {
    CloudWorld world;
    auto const message = encode(CloudWorld::registration("DEV"));
    auto const first = world.send("POST", CloudWorld::registration_path, message);
    auto const second = world.send("POST", CloudWorld::registration_path, message);
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(first.body, second.body);
    EXPECT_EQ(Json::parse(first.body)["registrationStatus"], "Registered");
}

TEST(CloudRegistration, TheLmsIdFollowsFromSeedAndIdentityAlone) {
    CloudWorld one, other;
    CloudSettings settings;
    settings.seed = 2;
    CloudWorld seeded{settings};
    other.enroll("QUA"); // what else is registered does not matter
    auto const id = one.enroll("DEV");
    EXPECT_EQ(id, other.enroll("DEV"));
    EXPECT_NE(id, seeded.enroll("DEV"));
    EXPECT_NE(id, one.enroll("DEV", "100")) << "every client is a registration of its own";
}

TEST(CloudRegistration, MissingHostOrNumberIsRefusedByName) {
    CloudWorld world;
    auto message = CloudWorld::registration("DEV");
    message.db_host = "";
    auto answer = world.send("POST", CloudWorld::registration_path, encode(message));
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(code_of(answer), "DB_HOST_MISSING");
    EXPECT_EQ(target_of(answer), "dbHost");
    message = CloudWorld::registration("DEV");
    message.system_number = " ";
    answer = world.send("POST", CloudWorld::registration_path, encode(message));
    EXPECT_EQ(code_of(answer), "SYSTEM_NUMBER_MISSING");
    auto json = Json::parse(encode(CloudWorld::registration("DEV")));
    json.erase("dbHost");
    EXPECT_EQ(code_of(world.send("POST", CloudWorld::registration_path, json.dump())), "DB_HOST_MISSING");
    EXPECT_EQ(world.cloud.registrations().size(), 0U);
}

TEST(CloudRegistration, TheSameSidWithAnotherNumberIsAnotherSystemAndRefusedUntilTheFirstLeaves) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto twin = CloudWorld::registration("DEV");
    twin.system_number = "000000000999999999";
    auto const refused = world.send("POST", CloudWorld::registration_path, encode(twin));
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(code_of(refused), "DUPLICATE_SID");
    EXPECT_EQ(target_of(refused), "systemId");
    EXPECT_EQ(world.send("DELETE", std::string{CloudWorld::registration_path} + "/" + id.text()).status, 204);
    EXPECT_NE(world.enroll(twin), id);
}

TEST(CloudRegistration, DuplicateSidsAreFineWhereTheyAreAllowed) {
    CloudSettings settings;
    settings.allow_duplicate_sids = true;
    CloudWorld world{settings};
    auto const id = world.enroll("DEV");
    auto twin = CloudWorld::registration("DEV");
    twin.system_number = "000000000999999999";
    EXPECT_NE(world.enroll(twin), id);
    EXPECT_EQ(world.cloud.registrations().size(), 2U);
}

TEST(CloudRegistration, AnUnregisteredSystemIsToldSoAndMayComeBack) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    EXPECT_EQ(world.send("DELETE", std::string{CloudWorld::registration_path} + "/" + id.text()).status, 204);
    auto const push = world.beat(id, 1);
    EXPECT_EQ(push.status, 404);
    EXPECT_EQ(code_of(push), "SYSTEM_UNREGISTERED");
    EXPECT_EQ(world.cloud.registrations().registered(), 0U);
    EXPECT_EQ(world.enroll("DEV"), id);
    EXPECT_EQ(world.beat(id, 1).status, 200);
}

TEST(CloudRegistration, AnUnknownSystemIsA404) {
    CloudWorld world;
    for (auto const* id : {"710b9573-5f47-4de6-b761-070626300000", "no-uuid"}) {
        auto const answer = world.send("GET", "/api/standin/v1/systems/" + std::string{id} + "/usecases");
        EXPECT_EQ(answer.status, 404);
        EXPECT_EQ(code_of(answer), "SYSTEM_UNKNOWN");
    }
}

TEST(CloudRegistration, UnknownFieldsAreRefusedWithTheirPath) {
    CloudWorld world;
    auto json = Json::parse(encode(CloudWorld::registration("DEV")));
    json["instances"] = Json::array({{{"host", "h"}, {"number", 0}, {"services", Json::array()}, {"colour", "red"}}});
    auto const answer = world.send("POST", CloudWorld::registration_path, json.dump());
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(target_of(answer), "instances[0].colour");
}

TEST(CloudRegistration, TwoTenantsDoNotSeeEachOther) {
    CloudSettings settings;
    settings.tenants = {"alpha", "beta"};
    CloudWorld world{settings};
    auto const alpha = world.fetch_token("alpha"), beta = world.fetch_token("beta");
    world.bearer = alpha;
    auto const in_alpha = world.enroll("DEV");
    world.bearer = beta;
    auto const in_beta = world.enroll("DEV");
    EXPECT_NE(in_alpha, in_beta);
    EXPECT_EQ(world.beat(in_beta, 1).status, 200);
    EXPECT_EQ(code_of(world.beat(in_alpha, 1)), "SYSTEM_UNKNOWN") << "beta's token must not reach alpha's system";
    EXPECT_NE(world.cloud.service_key("https://h", "alpha")->client_id,
              world.cloud.service_key("https://h", "beta")->client_id);
    EXPECT_EQ(world.cloud.service_key("https://h", "gamma").error().code, ErrorCode::not_found);
}

TEST(CloudRegistration, ManySystemsKeepTheirIdsAndStaySmall) {
    RegistrationBook book{1, true, {}};
    std::set<LmsId> ids;
    constexpr std::uint32_t count = 50'000;
    for (std::uint32_t n = 0; n < count; ++n) {
        auto message = CloudWorld::registration("DEV");
        message.system_id = SystemId::nth(n);
        message.system_number = std::to_string(n);
        ids.insert(book.row(book.enter(0, std::move(message), start)->slot).id);
    }
    EXPECT_EQ(ids.size(), count);
    for (std::uint32_t n = 0; n < count; n += 997) EXPECT_EQ(book.find(0, book.row(n).id), n);
    EXPECT_LE(book.bytes() / count, 160U) << "rows and index, with room to grow";
}

} // namespace
} // namespace almd::test
