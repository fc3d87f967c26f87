// Who may talk to the admin listener.
#include "agent/admin/admin_door.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

TEST(AdminDoor, LetsInWhoAsksForTheHostThatIsBoundAndNoForeignPage) {
    struct Row {
        std::string_view bound, host, origin;
        bool in;
    };
    for (auto const& [bound, host, origin, in] : {
             Row{"127.0.0.1", "127.0.0.1:8100", "", true},
             Row{"127.0.0.1", "localhost:8100", "", true},
             Row{"127.0.0.1", "LOCALHOST", "", true},
             Row{"::1", "[::1]:8100", "", true},
             Row{"127.0.0.1", "127.0.0.1:8100", "http://127.0.0.1:8100", true},
             Row{"127.0.0.1", "evil.example:8100", "", false},
             Row{"127.0.0.1", "localhost.evil.example", "", false},
             Row{"127.0.0.1", "", "", false},
             Row{"127.0.0.1", "evil.example", "http://evil.example", false},
             Row{"127.0.0.1", "127.0.0.1:8100", "http://evil.example", false},
             Row{"127.0.0.1", "127.0.0.1:8100", "http://127.0.0.1:9999", false},
             Row{"127.0.0.1", "127.0.0.1:8100", "null", false},
             Row{"0.0.0.0", "almd.lab.example:8100", "", true},
             Row{"0.0.0.0", "almd.lab.example:8100", "http://almd.lab.example:8100", true},
             Row{"0.0.0.0", "almd.lab.example:8100", "http://evil.example", false},
             Row{"10.0.0.1", "10.0.0.1:8100", "", true},
         })
        EXPECT_EQ(allow_caller(bound, host, origin).has_value(), in) << bound << ' ' << host << ' ' << origin;
}

} // namespace
} // namespace almd
