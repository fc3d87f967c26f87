// Which lines are opened at all.
#include "agent/setup/socket_lines.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

TEST(SocketLines, AHostOfSapGetsNoLineWhileTheClockRunsFaster) {
    Shard shard{Shard::RealTime{60.0}};
    LineSettings settings;
    ServiceKey key;
    key.client_id = "c";
    key.client_secret = "s";
    key.token_endpoint = "https://t.authentication.eu10.hana.ondemand.com/oauth/token";
    key.api = "https://eu10.alm.cloud.sap/api";
    EXPECT_TRUE(lines_over_sockets(shard, settings)(key, std::nullopt)) << "at speed 1";
    settings.speed = 60;
    auto const refused = lines_over_sockets(shard, settings)(key, std::nullopt);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid);
    EXPECT_THAT(refused.error().context, testing::HasSubstr("speed 60 is refused on hosts of SAP"));
    key.token_endpoint = "https://127.0.0.1:8443/oauth/token";
    key.api = "https://127.0.0.1:8443/api";
    EXPECT_TRUE(lines_over_sockets(shard, settings)(key, std::nullopt)) << "a stand-in takes any speed";
}

} // namespace
} // namespace almd
