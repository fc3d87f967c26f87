// Behaviours as data: each file of config/behaviours has a golden text of what it draws; a new one adds no code.
#include "agent/settings/schema_defaults.hpp"
#include "tests/unit/settings/configuration_text.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

namespace almd {
namespace {

using testing::HasSubstr;

/// 40 requests of different kinds and owners, and what the behaviour makes of each.
std::string forty_draws(Behaviour const& behaviour) {
    static constexpr TrFunction functions[] = {TrFunction::workbench, TrFunction::customizing, TrFunction::workbench,
                                               TrFunction::transport_of_copies};
    static constexpr std::string_view owners[] = {"ANNA", "BERT", "CARLA"}, types[] = {"PROG", "TABU", "CLAS", "TABL"};
    SystemId const systems[] = {*SystemId::parse("DEV"), *SystemId::parse("QUA"), *SystemId::parse("PRD")};
    std::string text = fmt::format("{}: weight {}\n", behaviour.name, behaviour.weight);
    Rng rng{1};
    for (std::size_t i = 0; i < 40; ++i) {
        BehaviourFacts const facts{functions[i % 4], owners[i % 3], systems[i / 4 % 3], std::span{&types[i % 4], 1}};
        auto const draw = draw_behaviour({&behaviour, 1}, facts, rng);
        text += fmt::format("{:2} {} {} {:5} {} ", i + 1, facts.system.text(), static_cast<char>(facts.function),
                            facts.owner, types[i % 4]);
        if (draw.behaviour)
            text += fmt::format(
                "{} {} {}{}{}\n", name(behaviour.outcome), behaviour.of_import() ? "longer by" : "after",
                to_text(std::chrono::floor<std::chrono::seconds>(draw.delay)),
                behaviour.return_code ? fmt::format(", {} ends with {}", behaviour.step, *behaviour.return_code) : "",
                behaviour.breaks_something() ? fmt::format(", lasts {}", to_text(behaviour.lasts)) : "");
        else
            text += "is not for it\n";
    }
    return text;
}

std::vector<std::filesystem::path> files_in(std::filesystem::path const& folder, std::string const& extension) {
    std::vector<std::filesystem::path> files;
    for (auto const& entry : std::filesystem::directory_iterator{folder})
        if (entry.path().extension() == extension) files.push_back(entry.path());
    return files;
}

TEST(ShippedBehaviours, DrawWhatTheirGoldenTextsSay) {
    std::filesystem::path const golden_folder = std::string{ALMD_SOURCE_DIR} + "/tests/golden/behaviours";
    auto const files = files_in(config_folder / "behaviours", ".yaml");
    EXPECT_GE(files.size(), 4u);
    for (auto const& file : files) {
        auto const behaviour = load_behaviour(file);
        ASSERT_TRUE(behaviour) << behaviour.error().context;
        auto const text = forty_draws(*behaviour);
        auto const golden = (golden_folder / file.stem()).string() + ".txt";
        if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream{golden} << text;
        ASSERT_TRUE(std::filesystem::exists(golden)) << golden << " (UPDATE_GOLDEN=1 writes it)";
        EXPECT_EQ(text, text_of(golden)) << golden << " (UPDATE_GOLDEN=1 rewrites it)";
    }
    EXPECT_EQ(files_in(golden_folder, ".txt").size(), files.size()) << "a golden text has lost its behaviour";
}

TEST(BehaviourFile, NamesTheUnknownKeyAndTheOneThatWasMeant) {
    auto const file = std::filesystem::path{testing::TempDir()} / "jiter.yaml";
    std::ofstream{file} << "name: x\njiter: 5m\noutcome: {kind: release}\n";
    auto const behaviour = load_behaviour(file);
    ASSERT_FALSE(behaviour);
    EXPECT_THAT(behaviour.error().context, HasSubstr("jiter.yaml:2:8: jiter: "));
    EXPECT_THAT(behaviour.error().context, HasSubstr("jitter"));
}

TEST(BehaviourFile, OfAReleaseHasNoReturnCode) {
    auto const file = std::filesystem::path{testing::TempDir()} / "code.yaml";
    std::ofstream{file} << "name: x\noutcome: {kind: copies, return_code: 8}\n";
    auto const behaviour = load_behaviour(file);
    ASSERT_FALSE(behaviour);
    EXPECT_THAT(behaviour.error().context, HasSubstr("outcome.return_code: a copies has none"));
}

TEST(BehaviourFile, OnlyWhatBreaksSomethingLasts) {
    auto const file = std::filesystem::path{testing::TempDir()} / "lasts.yaml";
    std::ofstream{file} << "name: x\noutcome: {kind: release, lasts: 2h}\n";
    auto const behaviour = load_behaviour(file);
    ASSERT_FALSE(behaviour);
    EXPECT_THAT(behaviour.error().context, HasSubstr("outcome.lasts: a release breaks nothing"));
    std::ofstream{file} << "name: x\noutcome: {kind: lock_user}\n";
    EXPECT_EQ(load_behaviour(file)->lasts, Duration{4h});
}

TEST(BehaviourFile, NamesAUserOnlyWhenItLocksOne) {
    auto const file = std::filesystem::path{testing::TempDir()} / "locks.yaml";
    std::ofstream{file} << "name: x\noutcome: {kind: release, user: CALM_QUA}\n";
    auto const behaviour = load_behaviour(file);
    ASSERT_FALSE(behaviour);
    EXPECT_THAT(behaviour.error().context, HasSubstr("outcome.user: a release locks nobody"));
    std::ofstream{file} << "name: x\noutcome: {kind: lock_user, user: CALM_QUA, in: target}\n";
    EXPECT_EQ(load_behaviour(file)->user, "CALM_QUA");
    EXPECT_TRUE(load_behaviour(file)->in_target);
    std::ofstream{file} << "name: x\noutcome: {kind: lock_user}\n";
    EXPECT_EQ(load_behaviour(file)->user, "") << "the owner of the request";
    EXPECT_FALSE(load_behaviour(file)->in_target);
}

TEST(StPiSettings, WhatIsRecentCannotBeOutdated) {
    std::string text = text_of(config_folder / "demo.yaml");
    auto const place = text.find("  # In the order of their numbers");
    ASSERT_NE(place, std::string::npos);
    auto with = text;
    with.insert(place, "  st_pi: {recent_support_package: 34, outdated_below_support_package: 30}\n");
    auto const limits = good(parse_settings(with, "demo.yaml", config_folder)).landscape.st_pi;
    EXPECT_EQ(limits.recent, (StPiLevel{740, 34}));
    EXPECT_EQ(limits.outdated_below, (StPiLevel{740, 30}));
    text.insert(place, "  st_pi: {recent_support_package: 20}\n");
    auto const loaded = parse_settings(text, "demo.yaml", config_folder);
    auto const* mistakes = std::get_if<std::vector<SettingsMistake>>(&loaded);
    ASSERT_NE(mistakes, nullptr);
    EXPECT_EQ(mistakes->front().path, "landscape.st_pi.recent_support_package");
}

TEST(ActivitySettings, TellAllMistakesAtOnce) {
    std::string const text = changed(text_of(config_folder / "living.yaml"),
                                     {{"system: DEV\n    client: \"100\"", "system: DEV\n    client: \"150\""},
                                      {"from_hour: 8", "from_hour: 19"},
                                      {"requests_per_hour: 0.5", "requests_per_hour: -1"},
                                      {"behaviours/hotfix.yaml", "behaviours/coldfix.yaml"}});
    auto const loaded = parse_settings(text, "living.yaml", config_folder);
    auto const* mistakes = std::get_if<std::vector<SettingsMistake>>(&loaded);
    ASSERT_NE(mistakes, nullptr);
    std::string all;
    for (auto const& one : *mistakes) all += one.path + " " + one.message + "\n";
    EXPECT_THAT(all, HasSubstr("landscape.activity.client"));
    EXPECT_THAT(all, HasSubstr("landscape.activity.to_hour"));
    EXPECT_THAT(all, HasSubstr("landscape.activity.requests_per_hour"));
    EXPECT_THAT(all, HasSubstr("coldfix.yaml"));
}

TEST(ActivitySettings, AreOffInTheDemoAndOnInLiving) {
    EXPECT_FALSE(demo_settings().activity.on());
    EXPECT_TRUE(demo_settings().landscape.import_behaviours.empty());
    Settings const living = good(load_settings(config_folder / "living.yaml"));
    EXPECT_TRUE(living.activity.on());
    EXPECT_FALSE(living.activity.behaviours.empty());
    EXPECT_FALSE(living.landscape.import_behaviours.empty());
}

TEST(ActivitySettings, HaveTheDefaultsOfTheType) {
    std::string text = text_of(config_folder / "demo.yaml");
    auto const place = text.find("  # In the order of their numbers");
    ASSERT_NE(place, std::string::npos);
    text.insert(place, "  activity: {system: DEV, developers: [ANNA]}\n");
    Settings const settings = good(parse_settings(text, "demo.yaml", config_folder));
    ActivitySpec const expected;
    auto const& read = settings.activity;
    EXPECT_EQ(read.client, expected.client);
    EXPECT_EQ(read.hours.from_hour, expected.hours.from_hour);
    EXPECT_EQ(read.hours.to_hour, expected.hours.to_hour);
    EXPECT_EQ(read.hours.days, expected.hours.days);
    EXPECT_EQ(read.rates.requests, expected.rates.requests);
    EXPECT_EQ(read.rates.objects, expected.rates.objects);
    EXPECT_EQ(read.rates.releases, expected.rates.releases);
    EXPECT_EQ(read.customizing_share, expected.customizing_share);
    EXPECT_EQ(read.copies_share, expected.copies_share);
    EXPECT_EQ(read.shared_objects, expected.shared_objects);
    EXPECT_EQ(read.overlap, expected.overlap);
    EXPECT_EQ(read.rates.imports, expected.rates.imports);
}

} // namespace
} // namespace almd
