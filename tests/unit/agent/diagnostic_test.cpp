// The checks of /SDF/ALM_DIAGNOSTIC: each fact and what is said about it.
#include "agent/setup/diagnostic.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace almd {
namespace {

using ::testing::Contains;
using ::testing::Not;

/// A system of which there is nothing to complain, in client 000.
struct DiagnosticCase : ::testing::Test {
    CustomizingTables tables;
    std::vector<RfcDestination> rfc;
    std::vector<std::string> notes{"3322679"};
    DiagnosticFacts facts;

    DiagnosticCase() {
        facts.system = *SystemId::parse("PRD");
        facts.destination = "CALM";
        facts.time_zone = "CET";
        facts.active = {{TaskKind::transports_import, TimePoint{}}};
        facts.import_route = true;
        facts.jobs = {{"CALM Scheduler CALM", TimePoint{}}};
        facts.diagnostics_ran_today = true;
        facts.free_batch_processes = 5;
        facts.connection = "";
        facts.scopes = "x!b1.imp-cdm-feature-display-ui x!b1.imp-cdm-feature-manage-ui";
        facts.st_pi_text = "740 SP32";
        facts.st_pi = {740, 32};
        facts.sap_basis = {758, 1};
    }
    std::vector<std::string> found() {
        facts.tables = &tables;
        facts.rfc_destinations = rfc;
        facts.notes = notes;
        std::vector<std::string> lines;
        for (auto const& one : diagnose(facts))
            lines.push_back(std::string{name(one.area)} + ' ' + std::string{one.severity} + ": " + one.text);
        return lines;
    }
};

TEST_F(DiagnosticCase, NothingIsWrongWithAGoodSystem) {
    EXPECT_THAT(found(),
                ::testing::ElementsAre(
                    "general ok: The check is running in PRD/000 for destination CALM",
                    "activeTasks ok: Task \"Transports: Import\" is active in client 000 and last ran "
                    "1970-01-01T00:00:00.000Z",
                    "activeTasks info: System has no export route", "activeTasks ok: System has an import route",
                    "activeTasks ok: Import Task is active in client 000 and valid for all clients",
                    "timeZone ok: Timezone settings ok. Current time: 1970-01-01T00:00:00.000Z",
                    "batchJob ok: Job CALM Scheduler CALM is scheduled. Next run: 1970-01-01 00:00:00",
                    "batchJob ok: Job /SDF/CALM_CDM_DIAGNOSTICS did run today",
                    "workProcesses ok: There are currently 5 free batch processes",
                    "connection ok: Connection successful", "tokenScopes ok: Token scopes valid",
                    "locks ok: No locks are blocking use-case execution",
                    "notes ok: The latest version of SAP Note 3322679 is implemented",
                    "stPi ok: A recent version of ST-PI is implemented: 740 SP32",
                    "webDynpro ok: S_TRANSPRT display authorization is assigned to current user",
                    "cts ok: PRD: CTC is enabled"));
}

TEST_F(DiagnosticCase, EachBadFactHasItsSentence) {
    struct Row {
        std::function<void(DiagnosticFacts&)> change;
        std::string line;
    };
    for (auto const& [change, line] : std::vector<Row>{
             {[](auto& f) { f.active.clear(); },
              "activeTasks warning: Import Task is inactive in client 000 and no imports will be processed"},
             {[](auto& f) { f.import_route = false; }, "activeTasks info: System has no import route"},
             {[](auto& f) { f.export_route = true; }, "activeTasks ok: System has an export route"},
             {[](auto& f) { f.client = Client{100}, f.export_route = true; },
              "activeTasks warning: Export Task is inactive in client 100"},
             {[](auto& f) {
                  f.client = Client{100}, f.export_route = true;
                  f.active = {{TaskKind::transports_create_export, std::nullopt}};
              },
              "activeTasks ok: Export Task is active in client 100"},
             {[](auto& f) { f.time_zone.clear(); },
              "timeZone error: System PRD: system time zone for client 000 not specified (table TTZCU)"},
             {[](auto& f) { f.jobs[0].next_start.reset(); }, "batchJob error: Job CALM Scheduler CALM isn't scheduled"},
             {[](auto& f) { f.diagnostics_ran_today = false; },
              "batchJob warning: Job /SDF/CALM_CDM_DIAGNOSTICS hasn't (yet) run today"},
             {[](auto& f) { f.free_batch_processes = -1; },
              "workProcesses error: There are currently no free batch processes"},
             {[](auto& f) { f.free_batch_processes = 1; },
              "workProcesses warning: There's only one free batch process"},
             {[](auto& f) { f.connection = "the answer was 403"; },
              "connection error: Connection failed: the answer was 403"},
             {[](auto& f) { f.scopes = "x!b1.imp-cdm-feature-display-ui"; },
              "tokenScopes error: Token scope imp-cdm-feature-manage-ui missing"},
             {[](auto& f) { f.scopes = "uaa.resource"; },
              "tokenScopes error: Token scope imp-cdm-feature-display-ui missing"},
             {[](auto& f) { f.locks = Text::lock_found; },
              "locks warning: At least one SM12 lock found for /SDF/CALM_SCHED"},
             {[](auto& f) { f.locks = Text::lock_stale; },
              "locks error: At least one SM12 lock for /SDF/CALM_SCHED older than 10 minutes found"},
             {[](auto& f) { f.st_pi = {740, 31}, f.st_pi_text = "740 SP31"; },
              "stPi warning: An older version of ST-PI is implemented: 740 SP31"},
             {[](auto& f) { f.st_pi = {740, 26}, f.st_pi_text = "740 SP26"; },
              "stPi error: The installed version of ST-PI is outdated: 740 SP26"},
             {[](auto& f) { f.st_pi_limits.recent = {740, 34}; },
              "stPi warning: An older version of ST-PI is implemented: 740 SP32"},
             {[](auto& f) { f.st_pi_limits.outdated_below = {740, 33}, f.st_pi_limits.recent = {740, 34}; },
              "stPi error: The installed version of ST-PI is outdated: 740 SP32"},
             {[](auto& f) { f.may_display_transports = false; },
              "webDynpro warning: S_TRANSPRT display authorization missing for current user"},
             {[](auto& f) { f.ctc = false; }, "cts error: PRD: CTC is disabled"},
             {[](auto& f) { f.tenant_warning = text_of(Text::two_tenants, "PRD", "CALM, TEST"); },
              "tenants warning: PRD is a production system and reports to more than one tenant: CALM, TEST"},
         }) {
        auto const good = facts;
        change(facts);
        EXPECT_THAT(found(), Contains(line));
        facts = good;
    }
    notes.clear();
    EXPECT_THAT(found(), Contains("notes warning: An older note version is implemented: 3322679"));
}

TEST_F(DiagnosticCase, WhatIsNotKnownIsNotSaid) {
    facts.connection.reset();
    facts.scopes.clear();
    facts.diagnostics_ran_today.reset();
    for (auto const& line : found()) {
        EXPECT_FALSE(line.starts_with("connection")) << line;
        EXPECT_FALSE(line.starts_with("tokenScopes")) << line;
        EXPECT_FALSE(line.ends_with("today")) << line;
        EXPECT_FALSE(line.starts_with("retrofit")) << line << ": its task is not active";
    }
}

TEST_F(DiagnosticCase, TransportChecksWantARowWithAWorkingDestinationForEachSystem) {
    facts.active.push_back({TaskKind::transports_check, std::nullopt});
    auto const missing = "cts error: RFC configuration is missing in view /SDF/CMO_TARGET for transport checks";
    EXPECT_THAT(found(), Contains(missing));
    tables.targets = {{"DEV.100", "DEV_RFC"}};
    EXPECT_THAT(found(), Contains(missing)) << "a row with a client is one of retrofit";
    tables.targets = {{"DEV", ""}};
    EXPECT_THAT(found(), Contains(missing));
    tables.targets = {{"DEV", "DEV_RFC"}};
    EXPECT_THAT(found(),
                Contains("cts error: The configured RFC DEV_RFC in the table view /SDF/CMO_TARGET doesn't exist"));
    rfc = {{"DEV_RFC", ""}};
    EXPECT_THAT(
        found(),
        Contains("cts error: The configured RFC DEV_RFC in the table view /SDF/CMO_TARGET has no user assigned"));
    rfc = {{"DEV_RFC", "RFC_USER", RfcState::broken}};
    EXPECT_THAT(found(),
                Contains("cts error: The configured RFC DEV_RFC in the table view /SDF/CMO_TARGET doesn't work"));
    rfc[0].state = RfcState::logon_refused;
    EXPECT_THAT(found(), Contains("cts error: Not authorized to logon with configured RFC DEV_RFC"));
    rfc[0].state = RfcState::not_trusted;
    EXPECT_THAT(found(), Contains("cts error: Trusted RFC DEV_RFC isn't allowed"));
    rfc[0].state = RfcState::works;
    EXPECT_THAT(found(), Contains("cts ok: RFC configuration in view /SDF/CMO_TARGET has been validated successfully"));
}

TEST_F(DiagnosticCase, RetrofitWantsItsProductionSystemAndADestinationThatMayCall) {
    facts.system = *SystemId::parse("DEV");
    facts.client = Client{100};
    facts.active = {{TaskKind::transports_retrofit, std::nullopt}};
    facts.production = {*SystemId::parse("PRD")};
    auto lines = found();
    EXPECT_THAT(lines, Contains("retrofit error: Production system information isn't configured for retrofit in table "
                                "/SDF/CDM_PARAM"));
    EXPECT_THAT(lines, Contains("retrofit error: RFC configuration is missing in view /SDF/CMO_TARGET for retrofit"));
    tables.parameters = {{"RETROFIT_PROD_SYS_OF_DEV.100", "PRD.300,QUA.200"}};
    tables.targets = {{"DV2.100", ""}};
    lines = found();
    EXPECT_THAT(lines, Contains("retrofit error: Invalid production system is configured for Retrofit in table "
                                "/SDF/CDM_PARAM"));
    EXPECT_THAT(lines, Contains("retrofit error: RFC destination is missing in view /SDF/CMO_TARGET for target "
                                "DV2.100"));
    tables.parameters[0].value = "PRD.300";
    tables.targets[0].rfc_destination = "DV2_RFC";
    lines = found();
    EXPECT_THAT(lines,
                Contains("retrofit ok: Retrofit production system configuration in table /SDF/CDM_PARAM has been "
                         "validated"));
    EXPECT_THAT(
        lines, Contains("retrofit error: The configured RFC DV2_RFC in the table view /SDF/CMO_TARGET doesn't exist."));
    rfc = {{"DV2_RFC", ""}};
    EXPECT_THAT(found(), Contains("retrofit error: The configured RFC DV2_RFC in the table view /SDF/CMO_TARGET has no "
                                  "user assigned."));
    rfc = {{"DV2_RFC", "RFC_USER", RfcState::calls_refused}};
    EXPECT_THAT(found(),
                Contains("retrofit error: Not authorized to call TMW_IMPORT_REQUESTS with configured RFC DV2_RFC"));
    rfc[0].state = RfcState::works;
    EXPECT_THAT(found(), Contains("retrofit ok: Retrofit RFC configuration in view /SDF/CMO_TARGET has been validated "
                                  "successfully."));
}

TEST_F(DiagnosticCase, ExportChecksWantAtcItsNoteAndALevelOfSapBasis) {
    facts.active = {{TaskKind::transports_export_checks, std::nullopt}};
    facts.st_pi = {740, 30};
    facts.sap_basis = {740, 12};
    auto const lines = found();
    EXPECT_THAT(lines, Contains("exportChecks error: SAP_BASIS Version is lower than the minimum version ST740 SP13."));
    EXPECT_THAT(lines, Contains("exportChecks error: ATC SAP Note 3569187 is not implemented in this system"));
    EXPECT_THAT(lines, Contains("exportChecks warning: ATC is switched off."));
    facts.sap_basis = {740, 13};
    facts.atc.inform_on = 2;
    notes.emplace_back("3569187");
    EXPECT_THAT(found(), Contains("exportChecks ok: SAP_BASIS version successfully checked."));
    for (auto const& line : found()) EXPECT_FALSE(line.starts_with("exportChecks error")) << line;
    notes.pop_back();
    facts.st_pi = {740, 31};
    EXPECT_THAT(found(), Not(Contains("exportChecks error: ATC SAP Note 3569187 is not implemented in this system")));
}

} // namespace
} // namespace almd
