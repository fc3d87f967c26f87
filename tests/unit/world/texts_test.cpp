// The catalogue: words, placeholders, marks.
#include "simulator/abap/texts.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace almd {
namespace {

TEST(Texts, PutTheirArgumentsIntoThePlaceholders) {
    EXPECT_EQ(text_of(Text::task_not_released, "DEVK900043"), "Referencing task DEVK900043 not yet released");
    EXPECT_EQ(text_of(Text::component_mismatch, "1", "3"),
              "1 of 3 requests do not match the component version of the target system");
    EXPECT_EQ(text_of(Text::job_step_started, "001", "/SDF/CALM_SCHEDULER", "", "BATCH_USER"),
              "Step 001 started (program /SDF/CALM_SCHEDULER, variant , user ID BATCH_USER)");
    EXPECT_EQ(text_of(Text::scheduler_scheduled, "CALM"), "Scheduler job for CALM has been scheduled.");
}

TEST(Texts, AnArgumentIsNotReadForPlaceholders) {
    EXPECT_EQ(text_of(Text::object_inactive, "&1 &2"), "Object &1 &2 is inactive");
}

TEST(Texts, AMissingArgumentLeavesNothing) {
    EXPECT_EQ(text_of(Text::tp_stopping, "12"), "stopping on error 12 during ");
}

TEST(Texts, EveryEntryHasWordsAndASourceAndOursSayThatTheyAreOurs) {
    for (auto const& entry : all_texts()) {
        EXPECT_FALSE(entry.text.empty());
        EXPECT_FALSE(entry.source.empty()) << entry.text;
        EXPECT_EQ(entry.message_class.empty(), entry.number.empty()) << entry.text;
        EXPECT_EQ(&entry_of(entry.id), &entry);
        if (entry.mark == TextMark::ours) {
            EXPECT_EQ(entry.message_class, "ALMD") << entry.text;
        }
    }
}

TEST(Texts, ClassAndNumberAreGivenOnce) {
    std::set<std::string> seen;
    for (auto const& entry : all_texts())
        if (!entry.message_class.empty()) {
            EXPECT_TRUE(seen.insert(std::string{entry.message_class} + std::string{entry.number}).second)
                << entry.message_class << entry.number;
        }
}

TEST(Texts, ARenderedTextFindsItsEntryAgain) {
    auto const* entry = find_text(text_of(Text::already_released, "DEVK900042"));
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(std::string{entry->message_class} + std::string{entry->number}, "TR768");
    EXPECT_THAT(arguments_of(*entry, text_of(Text::already_released, "DEVK900042")),
                testing::ElementsAre("DEVK900042", "", "", ""));
    auto const blocked = text_of(Text::component_mismatch, "1", "3");
    EXPECT_THAT(arguments_of(*find_text(blocked), blocked), testing::ElementsAre("1", "3", "", ""));
    EXPECT_EQ(find_text("no text of ours"), nullptr);
    EXPECT_EQ(find_text("no text: of ours"), nullptr) << "though \"&1: &2&3\" is a text";
    EXPECT_EQ(find_text("no text: of ours"), nullptr) << "though \"&1: &2&3\" is a text";
    EXPECT_EQ(find_text(std::string(100'000, 'x')), nullptr);
}

} // namespace
} // namespace almd
