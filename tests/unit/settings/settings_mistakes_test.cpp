// Everything that can be wrong with a configuration: where it is, what was found, what is allowed.
#include "tests/unit/settings/configuration_text.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

struct Case {
    std::string_view name;
    std::vector<Change> changes; ///< of config/demo.yaml
    std::string path, says;
    std::size_t mistakes = 1; ///< how many the changes make, with those of other places
};

std::vector<Case> const cases{
    {"a set-up in an unknown system",
     {{"- system: QUA\n", "- system: QUB\n"}},
     "setups[2].system",
     "did you mean QUA?"},
    {"a set-up in a client that the system has not",
     {{"- system: QUA\n    client: \"000\"", "- system: QUA\n    client: \"100\""}},
     "setups[2].client",
     "there are \"000\", \"200\"",
     2},
    {"a client without quotes",
     {{"- system: QUA\n    client: \"000\"", "- system: QUA\n    client: 000"}},
     "setups[2].client",
     "three digits in quotes"},
    {"a user whose validity ends before it begins",
     {{"    - id: QUA\n",
       "    - id: QUA\n      users: [{name: TEMP, valid_from: \"2026-12-01\", valid_to: \"2026-11-01\"}]\n"}},
     "landscape.systems[1].users[0].valid_to",
     "2026-11-01 is before valid_from, 2026-12-01"},
    {"all work processes kept for class A",
     {{"    - id: QUA\n", "    - id: QUA\n      batch_processes: 2\n      batch_processes_class_a: 2\n"}},
     "landscape.systems[1].batch_processes_class_a",
     "at most 1 is allowed"},
    {"a parameter of transport checks that is no number",
     {{"    - id: QUA\n", "    - id: QUA\n      tables: {cdm_param: [{id: TR_CHECK_PROCESS_TIME, value: \"10h\"}]}\n"}},
     "landscape.systems[1].tables.cdm_param[0].value",
     "digits only, 0 to 9999"},
    {"a parameter that /SDF/CDM_PARAM has not",
     {{"    - id: QUA\n", "    - id: QUA\n      tables: {cdm_param: [{id: TR_CHEK, value: \"10\"}]}\n"}},
     "landscape.systems[1].tables.cdm_param[0].id",
     "TR_CHECK_PROCESS_TIME"},
    {"a target that stands in /SDF/CMO_TARGET twice",
     {{"    - id: QUA\n", "    - id: QUA\n      tables: {cmo_target: [{target: DEV}, {target: DEV}]}\n"}},
     "landscape.systems[1].tables.cmo_target[1].target",
     "DEV stands here twice"},
    {"a target that is no system",
     {{"    - id: QUA\n", "    - id: QUA\n      tables: {cmo_target: [{target: /GRP/}]}\n"}},
     "landscape.systems[1].tables.cmo_target[0].target",
     "a system such as DEV for transport checks"},
    {"an analysis period of no day",
     {{"    - id: QUA\n", "    - id: QUA\n      tables: {analysis_days: 0}\n"}},
     "landscape.systems[1].tables.analysis_days",
     "1"},
    {"an RFC destination that stands there twice",
     {{"    - id: QUA\n", "    - id: QUA\n      rfc_destinations: [{name: DEV_RFC}, {name: DEV_RFC}]\n"}},
     "landscape.systems[1].rfc_destinations[1].name",
     "destination DEV_RFC stands here twice"},
    {"an RFC destination in a state that there is not",
     {{"    - id: QUA\n", "    - id: QUA\n      rfc_destinations: [{name: DEV_RFC, state: good}]\n"}},
     "landscape.systems[1].rfc_destinations[0].state",
     "works"},
    {"a day that no month has",
     {{"    - id: QUA\n", "    - id: QUA\n      users: [{name: TEMP, valid_to: \"2026-02-30\"}]\n"}},
     "landscape.systems[1].users[0].valid_to",
     "\"2026-02-30\" is no day"},
    {"an unknown task",
     {{"Transports: Read\"", "Transports: Raed\""}},
     "setups[0].tasks[0].task",
     "did you mean \"Transports: Read\"?"},
    {"a task without its bracket",
     {{"Create & Export (client-specific)", "Create & Export"}},
     "setups[1].tasks[0].task",
     "did you mean \"Transports: Create & Export (client-specific)\"?"},
    {"a task in a wrong client",
     {{"Transports: Create & Export (client-specific)", "Transports: Import"}},
     "setups[1].tasks[0].task",
     "belongs in client 000 of DEV, this set-up is in 100"},
    {"a client-specific task in client 000",
     {{"\"Transports: Read\"", "\"Transports: Retrofit (client-specific)\""}},
     "setups[0].tasks[0].task",
     "not in 000"},
    {"a task twice, by its old and its new name",
     {{"- task: \"Transports: Read Landscape\"",
       "- task: Import Transports\n      - task: \"Transports: Read Landscape\""}},
     "setups[3].tasks[1].task",
     "twice"},
    {"an interval for Business Process Monitoring",
     {{"- task: Health Monitoring", "- {task: Business Process Monitoring, interval: 5m}"}},
     "setups[3].tasks[3].interval",
     "cannot be changed"},
    {"an interval of half minutes",
     {{"- task: Health Monitoring", "- {task: Health Monitoring, interval: 90s}"}},
     "setups[3].tasks[3].interval",
     "1m30s"},
    {"an interval of nothing",
     {{"- task: Health Monitoring", "- {task: Health Monitoring, interval: 0m}"}},
     "setups[3].tasks[3].interval",
     "1m to 1d"},
    {"an interval that is no duration",
     {{"- task: Health Monitoring", "- {task: Health Monitoring, interval: often}"}},
     "setups[3].tasks[3].interval",
     "often"},
    {"a destination that is not defined",
     {{"- system: QUA\n", "- system: QUA\n    destination: CLAM\n"}},
     "setups[2].destination",
     "did you mean CALM?"},
    {"two destinations of one name",
     {{"    tenant: tenant-a\n", "    tenant: tenant-a\n  - name: CALM\n"}},
     "destinations[1].name",
     "two destinations"},
    {"the same set-up twice",
     {{"- system: QUA\n", "- system: DEV\n"}},
     "setups[2]",
     "DEV:000 is set up for destination CALM twice"},
    {"a set-up in a virtual system",
     {{"    - id: QUA\n", "    - id: QUA\n      virtual: true\n"}},
     "setups[2].system",
     "virtual system"},
    {"a system without client 000",
     {{"        - {number: \"000\", name: SAP SE, role: S}\n", ""}},
     "landscape.systems[0].clients",
     "client 000 is missing"},
    {"a fleet of nothing",
     {{"setups:\n", "fleet: {systems: 9}\nsetups: []\nno_setups:\n"}},
     "fleet.systems",
     "nothing to multiply",
     2},
    {"a client twice", {{"{number: \"100\"", "{number: \"000\""}}, "landscape.systems[0].clients[1].number", "twice"},
    {"an alias twice", {{"alias: delivery-note", "alias: price-report"}}, "landscape.requests[2].alias", "twice"},
    {"a request in an unknown system",
     {{"- alias: delivery-note\n      system: DEV", "- alias: delivery-note\n      system: DEW"}},
     "landscape.requests[2].system",
     "DEW"},
    {"a request in an unknown client",
     {{"- alias: delivery-note\n      system: DEV\n      client: \"100\"",
       "- alias: delivery-note\n      system: DEV\n      client: \"110\""}},
     "landscape.requests[2].client",
     "110"},
    {"shares of more than everything",
     {{"  requests:\n", "  tp: {failing_share: 0.9, warning_share: 0.2}\n  requests:\n"}},
     "landscape.tp.warning_share",
     "at most 1"},
    {"a step with an unknown feature",
     {{"deploy\n    feature: New tariff", "deploy\n    feature: New tarif"}},
     "story[5].feature",
     "did you mean \"New tariff\"?"},
    {"a step with an unknown alias",
     {{"[price-report, ", "[price-reprot, "}},
     "story[4].transports[0]",
     "did you mean price-report?"},
    {"a step with a number of an unknown system",
     {{"[price-report, ", "[DEWK900042, "}},
     "story[4].transports[0]",
     "DEW"},
    {"a step that names a transport twice",
     {{"price-conditions]", "price-report]"}},
     "story[4].transports[1]",
     "twice"},
    {"a step with an unknown target",
     {{"    target: QUA\n", "    target: QUX\n"}},
     "story[5].target",
     "did you mean QUA?"},
    {"a target where no route leads to",
     {{"    target: QUA\n", "    target: DEV\n"}},
     "story[5].target",
     "there are QUA.200, PRD.300"},
    {"a target in a wrong client", {{"    target: QUA\n", "    target: QUA.100\n"}}, "story[5].target", "QUA.200"},
    {"a transport in two features",
     {{"  - step: deploy\n", "  - {step: feature, feature: Second, transports: [price-report]}\n  - step: deploy\n"}},
     "story[5].transports",
     "belongs to one feature"},
    {"two features of one title",
     {{"  - step: deploy\n",
       "  - {step: feature, feature: New tariff, transports: [delivery-note]}\n  - step: deploy\n"}},
     "story[5].feature",
     "earlier feature"},
    {"a deployment of what is not released",
     {{"price-conditions]", "credit-limit]"}},
     "story[5].feature",
     "credit-limit of this feature is not released",
     2},
    {"a step with a key too many",
     {{"- step: ledger_clean", "- {step: ledger_clean, target: QUA}"}},
     "story[9].target",
     "takes no target"},
    {"a step with a key too few",
     {{"    feature: New tariff\n    target: QUA\n", "    target: QUA\n"}},
     "story[5]",
     "needs feature"},
    {"imported with both ways to say what",
     {{"imported\n    feature: New tariff", "imported\n    transports: [delivery-note]\n    feature: New tariff"}},
     "story[6]",
     "either transports or a feature"},
    {"a step with no time", {{"within: 10m", "within: 0s"}}, "story[0].within", "1s to 30d"},
    {"a key file that is not there",
     {{"tenant: tenant-a", "key_file: no-such.json"}},
     "destinations[0].key_file",
     "no-such.json"},
    {"a key file and fields",
     {{"tenant: tenant-a",
       "key_file: demo.yaml\n    fields: {token_endpoint: https://a.example/oauth/token, client_id: a, "
       "client_secret_file: demo.yaml, root_url: https://a.example}"}},
     "destinations[0].fields",
     "state one of them"},
    {"fields without a secret",
     {{"tenant: tenant-a",
       "fields: {token_endpoint: https://a.example/oauth/token, client_id: a, root_url: https://a.example}"}},
     "destinations[0].fields.client_secret_file",
     "is missing"},
    {"a folder for a file",
     {{"seed: 1", "strust: {trusted_roots: [.]}"}},
     "strust.trusted_roots[0]",
     "there is no file"},
    {"a password without a user",
     {{"tenant: tenant-a", "proxy: {host: proxy, password_file: demo.yaml}"}},
     "destinations[0].proxy.password_file",
     "without a proxy user"},
    {"a cap below the base", {{"seed: 1", "retry: {base: 10s, cap: 1s}"}}, "retry.cap", "shorter than base"},
    {"a token life of half seconds",
     {{"seed: 1", "stand_in: {token_life: 1s500ms}"}},
     "stand_in.token_life",
     "whole number of seconds"},
    {"a SID in lower case", {{"- id: QUA", "- id: qua"}}, "landscape.systems[1].id", "qua"},
    {"an unknown key", {{"seed: 1", "sede: 1"}}, "sede", "did you mean"},
    {"a wrong word", {{"role: TEST", "role: QUAL"}}, "landscape.systems[1].role", "TEST"},
    {"a route to an unknown system",
     {{"to: QUA.200", "to: QUZ.200"}},
     "landscape.tms.consolidation_routes[0].to",
     "QUZ"},
    {"a target without client", {{"to: QUA.200", "to: QUA"}}, "landscape.tms.consolidation_routes[0].to", "SID.CLIENT"},
    {"two systems of one name", {{"- id: QUA", "- id: DEV"}}, "landscape.systems[1].id", "DEV is there twice"},
    {"routes with clients without CTC", {{"ctc: true", "ctc: false"}}, "landscape.tms.ctc", "delivery_routes[0].to"},
    {"a delivery route twice",
     {{"      - {from: QUA, from_client: \"200\", to: PRD.300}",
       "      - {from: QUA, from_client: \"200\", to: PRD.300}\n"
       "      - {from: QUA, from_client: \"200\", to: PRD.300}"}},
     "landscape.tms.delivery_routes[1]",
     "QUA.200 > PRD.300 already"},
    {"a delivery route from no client",
     {{"from: QUA, from_client: \"200\", to: PRD.300", "from: QUA, to: PRD.300"}},
     "landscape.tms.delivery_routes[0].from_client",
     "QUA has no client"},
    {"a target group that is empty",
     {{"layers: [ZDEV]", "layers: [ZDEV]\n    target_groups: [{name: /QG/, members: []}]"}},
     "landscape.tms.target_groups[0].members",
     "group /QG/ is empty"},
    {"an approval without steps",
     {{"layers: [ZDEV]", "layers: [ZDEV]\n    approvals: [{system: QUA, steps: []}]"}},
     "landscape.tms.approvals[0].steps",
     "no step is active"},
    {"a domain controller that is not there",
     {{"controller: PRD", "controller: PRO"}},
     "landscape.tms.controller",
     "PRO"},
    {"a key twice", {{"seed: 1", "seed: 1\nseed: 2"}}, "seed", "twice"},
};

class OneMistake : public testing::TestWithParam<Case> {};

TEST_P(OneMistake, IsFoundAndToldInPlainWords) {
    Case const& one = GetParam();
    auto const found = mistakes(parse(changed(text_of(config_folder / "demo.yaml"), one.changes)));
    EXPECT_THAT(found, Contains(mistake(one.path, one.says))) << one.name;
    EXPECT_THAT(found, SizeIs(one.mistakes)) << one.name << '\n' << spell_out(found);
    for (SettingsMistake const& each : found)
        EXPECT_THAT(each.where, testing::MatchesRegex("test\\.yaml:[0-9]+:[0-9]+")) << one.name;
}

INSTANTIATE_TEST_SUITE_P(All, OneMistake, testing::ValuesIn(cases), [](auto const& instance) {
    std::string name;
    for (char c : instance.param.name) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    return name;
});

TEST(SettingsMistakes, OneWrongWordIsOneMistake) {
    for (auto const& [from, to] : std::vector<Change>{{"- id: QUA", "- id: qua"},
                                                      {"Transports: Read\"", "Transports: Raed\""},
                                                      {"- system: QUA\n", "- system: QUB\n"},
                                                      {"number: \"200\"", "number: 200"},
                                                      {"controller: PRD", "controller: PRO"},
                                                      {"- name: CALM", "- name: CALN"}}) {
        auto const found = mistakes(parse(changed(text_of(config_folder / "demo.yaml"), {{from, to}})));
        bool const names_all_setups = to.contains("CALN"); // each of the four points at a destination that is gone
        EXPECT_THAT(found, SizeIs(names_all_setups ? 4 : 1)) << spell_out(found);
    }
}

TEST(SettingsMistakes, OneSlipDoesNotHideWhatElseIsWrong) {
    auto const found = mistakes(parse(R"(landscape:
  systems:
    - {id: dev, clients: [{number: 000}, {number: 100}]}
    - {id: PRD, clients: [{number: "000"}, {number: "300"}]}
  tms:
    controller: PRD
    consolidation_routes: [{from: DEV, layer: ZDEV, to: PRD}]
setups: [{system: DEV, client: 200}]
)"));
    EXPECT_THAT(found, ElementsAre(mistake("landscape.systems[0].id", "dev"),
                                   mistake("landscape.systems[0].clients[0].number", "quotes"),
                                   mistake("landscape.systems[0].clients[1].number", "quotes"),
                                   mistake("landscape.tms.consolidation_routes[0].to", "no client"),
                                   mistake("setups[0].client", "no client of system DEV")))
        << spell_out(found);
}

TEST(SettingsMistakes, WhatCannotBeReadDoesNotHideNamesThatStandForNothing) {
    auto const found = mistakes(parse(R"(landscape:
  systems:
    - {id: DEV, clients: [{number: "000"}, {number: "100"}]}
    - {id: PRD, clients: [{number: "000"}, {number: "300"}]}
  tms:
    controller: PRO
    consolidation_routes: [{from: DEV, layer: ZDEV, to: 7}, {from: DEW, layer: ZDEV, to: PRD.300}]
    delivery_routes: [{from: PRD, from_client: "300", to: QUX.200}]
  requests: [{system: DEX, client: "100", text: a}, {system: DEV, client: "110", text: b}]
setups: [{system: PRT}, {system: DEV, client: "200"}]
story: [{step: imported, transports: [nothing], target: PRU}]
)"));
    EXPECT_THAT(found, ElementsAre(mistake("landscape.tms.controller", "PRO"),
                                   mistake("landscape.tms.consolidation_routes[0].to", "7"),
                                   mistake("landscape.tms.consolidation_routes[1].from", "DEW"),
                                   mistake("landscape.tms.delivery_routes[0].to", "QUX"),
                                   mistake("landscape.requests[0].system", "DEX"),
                                   mistake("landscape.requests[1].client", "110"),
                                   mistake("setups[0].system", "did you mean PRD?"),
                                   mistake("setups[1].client", "no client of system DEV"),
                                   mistake("story[0].transports[0]", "nothing"), mistake("story[0].target", "PRU")))
        << spell_out(found);
}

TEST(SettingsMistakes, WhatMayBeTheNameThatCouldNotBeReadIsNoSecondMistake) {
    auto const found = mistakes(parse(R"(landscape:
  systems:
    - {id: [D, E, V], clients: [{number: "000"}, {number: "100"}]}
    - {id: PRD, clients: [{number: "000"}, {number: [300]}]}
  tms: {controller: DEV}
setups: [{system: DEV}, {system: PRD, client: "300"}]
)"));
    EXPECT_THAT(found, ElementsAre(mistake("landscape.systems[0].id", ""),
                                   mistake("landscape.systems[1].clients[1].number", "")))
        << spell_out(found);
}

TEST(SettingsMistakes, FiveDifferentOnesAreToldAtOnceInTheOrderOfTheFile) {
    auto const found = mistakes(parse(R"(# five mistakes
landscape:
  systems:
    - id: DEV
      batch_proceses: 4
      clients: [{number: "000"}, {number: 100}]
    - id: PRD
      role: PRODUCTION
      clients: [{number: "000"}, {number: "300"}]
  tms:
    controller: PRD
setups:
  - {system: DEV, tasks: [{task: "Transports: Imports"}]}
  - {system: PRT}
)"));
    EXPECT_THAT(found, ElementsAre(mistake("landscape.systems[0].batch_proceses", "batch_processes"),
                                   mistake("landscape.systems[0].clients[1].number", "three digits in quotes"),
                                   mistake("landscape.systems[1].role", "PROD"),
                                   mistake("setups[0].tasks[0].task", "did you mean \"Transports: Import\"?"),
                                   mistake("setups[1].system", "did you mean PRD?")))
        << spell_out(found);
    EXPECT_EQ(found.at(0).where, "test.yaml:5:23");
    EXPECT_EQ(found.at(4).where, "test.yaml:14:14");
}

TEST(SettingsMistakes, AFileThatCannotBeReadIsOneMistake) {
    for (std::filesystem::path const& file :
         {config_folder / "no-such.yaml", config_folder, std::filesystem::path{"/dev/null/x"}}) {
        auto const found = mistakes(load_settings(file));
        ASSERT_THAT(found, SizeIs(1)) << file;
        EXPECT_EQ(found[0].path, "$");
        EXPECT_EQ(found[0].where, file.string());
        EXPECT_THAT(found[0].message, HasSubstr("cannot be"));
    }
}

TEST(SettingsMistakes, TextThatIsNotYamlIsOneMistake) {
    for (std::string const& text :
         std::vector<std::string>{"landscape: [", "a: b: c", "\t- x", std::string(1, '\0'), "\xff\xfe"})
        EXPECT_THAT(mistakes(parse(text)), SizeIs(1)) << text;
    EXPECT_THAT(mistakes(parse("setups:\n  - task: Transports: Read\n")),
                ElementsAre(AllOf(mistake("$", "a task name without quotes"),
                                  testing::Field("where", &SettingsMistake::where, HasSubstr("test.yaml:2:")))));
    EXPECT_THAT(mistakes(parse("")), SizeIs(1));
    EXPECT_THAT(mistakes(parse("just text")), SizeIs(1));
    EXPECT_THAT(mistakes(parse("{}")), ElementsAre(mistake("landscape", "is missing")));
}

} // namespace
} // namespace almd
