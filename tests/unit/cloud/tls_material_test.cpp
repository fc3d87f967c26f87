// The stand-in's certificate authority on disk.
#include "simulator/cloud/tls_material.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace almd {
namespace {

namespace fs = std::filesystem;

struct TlsFolder : testing::Test {
    fs::path folder = fs::path{testing::TempDir()} / ("almd-tls-" + std::to_string(::getpid()));
    WirePoint now{std::chrono::seconds{1'780'000'000}};
    void TearDown() override { fs::remove_all(folder); }
};

TEST_F(TlsFolder, TheAuthorityIsMadeOnceAndKept) {
    auto const first = open_tls_material(folder.string(), {"myhost"}, now);
    ASSERT_TRUE(first) << first.error().context;
    auto const second = open_tls_material(folder.string(), {}, now);
    ASSERT_TRUE(second);
    EXPECT_EQ(first->authority.certificate_pem, second->authority.certificate_pem);
    EXPECT_TRUE(fs::exists(folder / "ca.pem"));
}

TEST_F(TlsFolder, TheKeyIsForItsOwnerOnly) {
    ASSERT_TRUE(open_tls_material(folder.string(), {}, now));
    EXPECT_EQ(fs::status(folder / "ca-key.pem").permissions() & fs::perms::all,
              fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(TlsFolder, InMemoryEveryAuthorityIsNew) {
    auto const one = open_tls_material("", {}, now), two = open_tls_material("", {}, now);
    ASSERT_TRUE(one && two);
    EXPECT_NE(one->authority.certificate_pem, two->authority.certificate_pem);
    EXPECT_NE(one->server.certificate_pem, one->authority.certificate_pem);
}

TEST_F(TlsFolder, BrokenFilesAreNamed) {
    ASSERT_TRUE(open_tls_material(folder.string(), {}, now));
    std::ofstream{folder / "ca.pem"} << "not a certificate";
    auto const broken = open_tls_material(folder.string(), {}, now);
    ASSERT_FALSE(broken);
    EXPECT_THAT(broken.error().context, testing::HasSubstr(folder.string()));
    fs::remove(folder / "ca-key.pem");
    auto const missing = open_tls_material(folder.string(), {}, now);
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().context, testing::HasSubstr("ca-key.pem"));
}

} // namespace
} // namespace almd
