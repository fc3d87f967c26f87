// What an import may not overwrite, and the unconditional modes that overrule it (3.2 of the reference).
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> texts_of(Result<TpOutcome> const& outcome) {
    std::vector<std::string> texts;
    for (auto const& message : outcome.value().messages) texts.push_back(message.text);
    return texts;
}

ImportOptions with(std::string_view umodes) {
    return parse_umodes(umodes).value();
}

struct UmodeCase {
    std::string name, object, umodes, says;
    void (*prepare)(LandscapeSpec&);
    void (*in_target)(SmallWorld&);
};

/// QUA develops the object itself, in a request of its own.
void develop_in_qua(SmallWorld& world, std::string_view text) {
    auto const own =
        world.landscape
            .create_request({.system = sid("QUA"), .client = Client{200}, .text = "own", .owner = "QA"}, world.now())
            .value();
    ASSERT_TRUE(world.landscape.record_object(sid("QUA"), {object(text), {}, own}, world.now()));
}

UmodeCase const cases[] = {
    {"original", "R3TR PROG ZONE", "2", "is an original in QUA", nullptr,
     [](SmallWorld& world) {
         world.landscape.cts(sid("QUA")).set_facts(object("R3TR PROG ZONE"), {.original = sid("QUA")});
     }},
    {"inDevelopment", "R3TR PROG ZONE", "2", "is an original in QUA", nullptr,
     [](SmallWorld& world) { develop_in_qua(world, "R3TR PROG ZONE"); }},
    {"repair", "R3TR PROG ZONE", "6", "is in an unconfirmed repair in QUA", nullptr,
     [](SmallWorld& world) {
         world.landscape.cts(sid("QUA")).set_facts(object("R3TR PROG ZONE"), {.original = sid("DEV")});
         develop_in_qua(world, "R3TR PROG ZONE");
     }},
    {"tableClass", "R3TR TABU T000 200", "8", "Table class does not permit",
     [](LandscapeSpec& spec) { spec.systems[1].import_rules.protected_tables = {"T0*"}; }, nullptr},
    {"systemObject", "R3TR SICF DEFAULT_HOST", "3", "System-dependent object",
     [](LandscapeSpec& spec) { spec.systems[1].import_rules.system_objects = {"R3TR SICF *"}; }, nullptr},
};

class Umode : public testing::TestWithParam<UmodeCase> {};

TEST_P(Umode, OverrulesWhatEndsWith8WithoutIt) {
    auto const& one = GetParam();
    auto spec = calm(three_tier_landscape());
    spec.tp.repeat_on_error = 9;
    if (one.prepare) one.prepare(spec);
    SmallWorld world{spec};
    auto const request = world.released("one", {one.object});
    if (one.in_target) one.in_target(world);
    auto const refused = world.import(to("QUA.200"), {request});
    EXPECT_EQ(code_of(refused), TpReturnCode{8});
    EXPECT_THAT(texts_of(refused), Contains(HasSubstr(one.says)));
    auto again = with(one.umodes);
    again.import_again = true;
    ASSERT_TRUE(world.landscape.add_to_buffer(request, to("QUA.200"), world.now(), true));
    EXPECT_EQ(code_of(world.import(to("QUA.200"), {request}, "ANNA", again)), TpReturnCode{0});
}

INSTANTIATE_TEST_SUITE_P(All, Umode, testing::ValuesIn(cases), [](auto const& row) { return row.param.name; });

TEST(Umode9, LetsATransportTypeInThatTheSystemLocks) {
    auto spec = calm(three_tier_landscape());
    spec.systems[1].import_rules.locked_types = "K";
    SmallWorld world{spec};
    auto const request = world.released("one");
    EXPECT_THAT(world.queue("QUA"), Contains(fmt::format("{} waiting", request.text())));
    auto const entry = *world.landscape.buffer(sid("QUA")).find(request, Client{200});
    EXPECT_EQ(world.landscape.entry_state(sid("QUA"), entry), EntryState::excluded);
    auto const refused = world.import(to("QUA.200"), {request});
    EXPECT_FALSE(refused.value().return_code);
    EXPECT_THAT(texts_of(refused), Contains("Transports of type K are not permitted in QUA.200"));
    EXPECT_THAT(world.history(), IsEmpty());
    EXPECT_EQ(code_of(world.import(to("QUA.200"), {request}, "ANNA", with("9"))), TpReturnCode{0});
}

TEST(ImportedObject, ThatIsChangedInItsTargetIsARepairThere) {
    SmallWorld world{calm(three_tier_landscape())};
    auto const request = world.released("one", {"R3TR PROG ZONE"});
    ASSERT_TRUE(world.import(to("QUA.200"), {request}));
    develop_in_qua(world, "R3TR PROG ZONE");
    auto const holder = world.landscape.cts(sid("QUA")).lock_of(object("R3TR PROG ZONE"));
    ASSERT_TRUE(holder);
    EXPECT_EQ(world.landscape.cts(sid("QUA")).find_task(*holder)->function, TrFunction::repair_task);
}

TEST(ImportRules, DoNotMatterFromClientToClientOfOneSystem) {
    auto spec = calm(one_system_landscape());
    SmallWorld world{spec};
    auto const request = world.landscape.cts(world.landscape.sid(0)).requests().front().trkorr;
    auto const target = world.landscape.request(request)->target.value();
    EXPECT_EQ(code_of(world.import(target, {request})), TpReturnCode{0});
}

} // namespace
} // namespace almd
