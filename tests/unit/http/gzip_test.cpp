// Unpacking gzip: all of it, or an error.
#include "proto/http/gzip.hpp"

#include <gtest/gtest.h>

namespace almd {
namespace {

using namespace std::string_literals;

std::string const packed_hello = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00"
                                 "\x86\xa6\x10\x36\x05\x00\x00\x00"s;

TEST(Gunzip, GivesWhatWasPacked) {
    EXPECT_EQ(gunzip(packed_hello, 5), "hello");
    EXPECT_EQ(gunzip(packed_hello + packed_hello, 10), "hellohello") << "members behind each other";
}

TEST(Gunzip, ReadsNoMoreThanIsAllowed) {
    for (auto const& packed : {packed_hello, packed_hello + packed_hello}) {
        auto const much = gunzip(packed, 4);
        ASSERT_FALSE(much.has_value());
        EXPECT_EQ(much.error().code, ErrorCode::too_large);
        EXPECT_EQ(much.error().context, "Content-Encoding: the body unpacks to more than 4 bytes");
    }
}

TEST(Gunzip, RefusesWhatIsCutOffOrChanged) {
    for (std::size_t length = 0; length < packed_hello.size(); ++length)
        EXPECT_EQ(gunzip(packed_hello.substr(0, length), 99).error().code, ErrorCode::invalid) << length;
    for (std::size_t at : {0U, 1U, 2U, 10U, 18U, 21U}) {
        auto changed = packed_hello;
        changed[at] = static_cast<char>(changed[at] ^ 0x55);
        EXPECT_EQ(gunzip(changed, 99).error().code, ErrorCode::invalid) << at;
    }
    EXPECT_EQ(gunzip(packed_hello + "x", 99).error().code, ErrorCode::invalid);
}

} // namespace
} // namespace almd
