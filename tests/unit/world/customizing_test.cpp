// The customizing tables: defaults, what may stand in them, and what is refused.
#include "simulator/abap/customizing.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::HasSubstr;

constexpr auto of_target = CustomizingTable::cmo_target, parameter = CustomizingTable::cdm_param,
               period = CustomizingTable::cmo_tr_conf;

TEST(Customizing, HasTheDocumentedDefaultsUntilSomebodyMaintainsIt) {
    CustomizingTables tables;
    EXPECT_EQ(parameter_of(tables, "TR_CHECK_BATCH_PERCENTAGE"), "0");
    EXPECT_EQ(parameter_of(tables, "TR_CHECK_PROCESS_TIME"), "10");
    EXPECT_EQ(parameter_of(tables, "RETROFIT_PROD_SYS_OF_DEV.100"), "");
    EXPECT_EQ(tables.analysis_days, 180);
    auto const before = entries_of(tables);
    ASSERT_EQ(before.size(), 3u);
    for (auto const& entry : before) EXPECT_TRUE(entry.is_default) << entry.key;
    ASSERT_TRUE(set_entry(tables, parameter, "TR_CHECK_PROCESS_TIME", "12"));
    ASSERT_TRUE(set_entry(tables, period, analysis_period, "30"));
    EXPECT_EQ(parameter_of(tables, "TR_CHECK_PROCESS_TIME"), "12");
    EXPECT_EQ(tables.analysis_days, 30);
    EXPECT_EQ(entries_of(tables).size(), 3u) << "a row took the place of its default";
    ASSERT_TRUE(delete_entry(tables, parameter, "TR_CHECK_PROCESS_TIME"));
    ASSERT_TRUE(delete_entry(tables, period, analysis_period));
    EXPECT_EQ(tables, CustomizingTables{});
    EXPECT_EQ(delete_entry(tables, parameter, "TR_CHECK_PROCESS_TIME").error().code, ErrorCode::not_found);
    EXPECT_EQ(delete_entry(tables, period, analysis_period).error().code, ErrorCode::not_found);
}

TEST(Customizing, ATargetIsASystemOrASystemWithItsClientAndStandsThereOnce) {
    CustomizingTables tables;
    ASSERT_TRUE(set_entry(tables, of_target, "DEV", ""));
    ASSERT_TRUE(set_entry(tables, of_target, "DEV", "DEV_RFC"));
    ASSERT_TRUE(set_entry(tables, of_target, "DEV.100", "DEV_RETRO"));
    ASSERT_EQ(tables.targets.size(), 2u);
    EXPECT_EQ(tables.targets[0].rfc_destination, "DEV_RFC");
    EXPECT_TRUE(delete_entry(tables, of_target, "DEV"));
    EXPECT_EQ(tables.targets.size(), 1u);
}

TEST(Customizing, WhatMayNotStandInATableIsRefusedWithWhatMay) {
    struct Row {
        CustomizingTable table;
        std::string key, value, says;
    };
    for (auto const& wrong : {
             Row{parameter, "TR_CHECK_PROCESS_TIME", "10 h", "digits only"},
             Row{parameter, "TR_CHECK_PROCESS_TIME", "", "digits only"},
             Row{parameter, "TR_CHECK_BATCH_PERCENTAGE", "101", "0 to 100"},
             Row{parameter, "TR_CHECK_BATCH_PERCENTAGE", "99999999999999999999", "0 to 100"},
             Row{parameter, "TR_CHECK", "1", "TR_CHECK_PROCESS_TIME"},
             Row{parameter, "RETROFIT_PROD_SYS_OF_DEV", "PRD.300", "RETROFIT_PROD_SYS_OF_DEV.100"},
             Row{parameter, "RETROFIT_PROD_SYS_OF_DEV.100", "PRD", "PRD.300"},
             Row{parameter, "RETROFIT_PROD_SYS_OF_DEV.100", "PRD.300,", "PRD.300"},
             Row{of_target, "/QGRP/", "DEV_RFC", "a system such as DEV"},
             Row{of_target, "DEV", "TWO WORDS", "without spaces"},
             Row{period, "Days", "180", "Number of days in analysis period"},
             Row{period, std::string{analysis_period}, "0", "1 to 9999"},
         }) {
        CustomizingTables tables;
        auto const set = set_entry(tables, wrong.table, wrong.key, wrong.value);
        ASSERT_FALSE(set) << wrong.key << ' ' << wrong.value;
        EXPECT_EQ(set.error().code, ErrorCode::invalid);
        EXPECT_THAT(set.error().context, HasSubstr(wrong.says));
        EXPECT_EQ(tables, CustomizingTables{});
    }
    CustomizingTables tables;
    EXPECT_TRUE(set_entry(tables, parameter, "RETROFIT_PROD_SYS_OF_DEV.100", "PRD.300,PRE.300"));
}

TEST(Customizing, TablesAndStatesAreNamedAsTheyAreWritten) {
    EXPECT_EQ(*parse_customizing_table("CDM_PARAM"), parameter);
    EXPECT_EQ(*parse_customizing_table("/SDF/CMO_TR_CONF"), period);
    EXPECT_THAT(parse_customizing_table("T000").error().context, HasSubstr("CMO_TARGET"));
    for (auto const* state : {"works", "broken", "logonRefused", "notTrusted", "callsRefused"})
        EXPECT_EQ(name(*parse_rfc_state(state)), state);
    EXPECT_FALSE(parse_rfc_state("good"));
}

} // namespace
} // namespace almd
