// From YAML to Settings: what is shipped is good, and every mistake is found, told in plain words and placed.
#include "agent/settings/schema_defaults.hpp"
#include "proto/task_catalogue.hpp"
#include "simulator/tms/import_buffer.hpp"
#include "tests/unit/settings/configuration_text.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace almd {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string demo(std::vector<Change> const& changes = {}) {
    return changed(text_of(config_folder / "demo.yaml"), changes);
}

TEST(Settings, EveryShippedConfigurationIsGood) {
    std::size_t files = 0;
    for (auto const& entry : std::filesystem::directory_iterator{config_folder}) {
        if (entry.path().extension() != ".yaml") continue;
        ++files;
        EXPECT_EQ(spell_out(mistakes(load_settings(entry.path()))), "") << entry.path();
        EXPECT_TRUE(text_of(entry.path()).starts_with("# yaml-language-server: $schema=schema.json\n")) << entry.path();
    }
    EXPECT_GE(files, 4u);
}

TEST(Settings, TheDemoInTheBinaryIsTheFile) {
    EXPECT_EQ(demo_configuration_text(), demo());
    EXPECT_EQ(settings_schema_text(), text_of(config_folder / "schema.json"));
    EXPECT_EQ(spell_out(demo_settings()), spell_out(good(load_settings(config_folder / "demo.yaml"))));
}

TEST(Settings, TheDemoIsTheThreeTierLandscapeWithItsStory) {
    Settings const settings = demo_settings();
    std::string const text = spell_out(settings);
    EXPECT_THAT(settings.landscape.systems, SizeIs(3));
    EXPECT_EQ(settings.landscape.tms.controller.text(), "PRD");
    EXPECT_TRUE(settings.landscape.tms.ctc);
    EXPECT_THAT(settings.setups, SizeIs(4));
    EXPECT_THAT(text, HasSubstr("consolidation | DEV | ZDEV | QUA.200\n"));
    EXPECT_THAT(text, HasSubstr("delivery | QUA | 200 | PRD.300\n"));
    EXPECT_THAT(text, HasSubstr("setup | DEV | 000 | CALM | CALM_DEV | DDIC\n  task | Transports: Read | -1\n"));
    EXPECT_THAT(settings.story, SizeIs(10));
    // The story says QUA; routes lead to one client of it.
    EXPECT_EQ(settings.story[5].target_client, Client{200});
    EXPECT_EQ(settings.story[8].target_client, Client{300});
    EXPECT_THAT(settings.story[6].transports, ElementsAre("price-report", "price-conditions"));
}

TEST(Settings, CustomizingTablesAndRfcDestinationsOfASystemAreRead) {
    Settings const settings =
        good(parse(demo({{"    - id: QUA\n", "    - id: QUA\n"
                                             "      tables:\n"
                                             "        cmo_target: [{target: DEV, rfc_destination: DEV_RFC}]\n"
                                             "        cdm_param: [{id: TR_CHECK_PROCESS_TIME, value: \"12\"}]\n"
                                             "        analysis_days: 30\n"
                                             "      rfc_destinations: [{name: DEV_RFC, user: RFC_USER}]\n"}})));
    SystemSpec const& qua = settings.landscape.systems[1];
    EXPECT_THAT(qua.tables.targets, ElementsAre(CmoTarget{"DEV", "DEV_RFC"}));
    EXPECT_EQ(parameter_of(qua.tables, "TR_CHECK_PROCESS_TIME"), "12");
    EXPECT_EQ(parameter_of(qua.tables, "TR_CHECK_BATCH_PERCENTAGE"), "0");
    EXPECT_EQ(qua.tables.analysis_days, 30);
    EXPECT_THAT(qua.rfc_destinations, ElementsAre(RfcDestination{"DEV_RFC", "RFC_USER"}));
    EXPECT_EQ(settings.landscape.systems[0].tables, CustomizingTables{});
}

TEST(Settings, ImportFlagsAndTheComponentCheckOfTheTransportProfileAreRead) {
    Settings const settings = good(parse(std::string{smallest} + R"(  tp:
    extra_target_components_block: false
    import_flags: {after_end_mark: "3", rejected: t}
)"));
    auto expected = TpProfile{}.import_flags;
    expected[static_cast<std::size_t>(EntryState::after_end_mark)] = '3';
    expected[static_cast<std::size_t>(EntryState::rejected)] = 't';
    EXPECT_EQ(settings.landscape.tp.import_flags, expected);
    EXPECT_FALSE(settings.landscape.tp.extra_target_components_block);
}

TEST(Settings, TheOneSystemLandscapeHasTheGuidesProfileAndMinuteIntervals) {
    Settings const settings = good(load_settings(config_folder / "one-system.yaml"));
    EXPECT_EQ(settings.landscape.tp, (TpProfile{}));
    EXPECT_THAT(settings.landscape.systems, SizeIs(1));
    for (SetupSpec const& setup : settings.setups)
        for (TaskSpec const& task : setup.tasks) EXPECT_EQ(task.interval, 1min) << task.task;
    EXPECT_EQ(settings.story[5].target_client, Client{200});
    EXPECT_EQ(settings.story[7].target_client, Client{300});
}

TEST(Settings, TheShippedLandscapesAreThoseOfTheSimulator) {
    auto const landscape = [](LandscapeSpec const& spec) {
        Settings settings;
        settings.landscape = spec;
        return spell_out(settings);
    };
    EXPECT_EQ(landscape(demo_settings().landscape), landscape(three_tier_landscape()));
    EXPECT_EQ(landscape(good(load_settings(config_folder / "one-system.yaml")).landscape),
              landscape(one_system_landscape()));
}

TEST(Settings, TheFleetIsALandscapeOfFourRegistrations) {
    Settings const settings = good(load_settings(config_folder / "fleet.yaml"));
    EXPECT_THAT(settings.setups, SizeIs(4));
    EXPECT_GT(settings.fleet.systems, 0u);
    EXPECT_TRUE(settings.stand_in.allow_duplicate_sids);
}

TEST(Settings, AUserHasRolesALockAndAValidity) {
    auto const settings = good(parse(demo({{"    - id: QUA\n", R"(    - id: QUA
      users:
        - {name: TEMP, roles: [Z_ROLE], locked: true, valid_from: "2026-11-01", valid_to: "2026-11-30", batch_names: [CALM_QUA]}
        - {name: ALWAYS}
)"}})));
    auto const& users = settings.landscape.systems[1].users;
    ASSERT_THAT(users, SizeIs(2));
    EXPECT_EQ(users[0].valid_from->text(), "2026-11-01");
    EXPECT_EQ(users[0].valid_to->text(), "2026-11-30");
    EXPECT_TRUE(users[0].locked);
    EXPECT_THAT(users[0].roles, ElementsAre("Z_ROLE"));
    EXPECT_FALSE(may_schedule_for(users[0], "CALM_DEV"));
    EXPECT_TRUE(may_schedule_for(users[0], "CALM_QUA"));
    EXPECT_FALSE(users[1].valid_from || users[1].valid_to);
    EXPECT_TRUE(may_schedule_for(users[1], "CALM_DEV"));
}

TEST(Settings, ADestinationHasItsKeyByFields) {
    Settings const settings = good(parse(std::string{smallest} + R"(destinations:
  - name: OTHER
    fields:
      token_endpoint: https://a.example/oauth/token
      client_id: sb-a
      client_secret_file: schema.json
      root_url: https://b.example/
setups:
  - {system: DEV, destination: OTHER}
)"));
    ASSERT_TRUE(settings.destinations.at(0).key);
    auto const& key = *settings.destinations[0].key;
    EXPECT_EQ(key.token_endpoint, "https://a.example/oauth/token");
    EXPECT_EQ(key.root_url(), "https://b.example");
    EXPECT_EQ(key.client_id, "sb-a");
    EXPECT_EQ(key.client_secret, "{") << "the first line of the file";
    EXPECT_TRUE(settings.destinations[0].has_own_key());
}

TEST(Settings, ValuesArriveWhereTheyBelong) {
    Settings const settings =
        good(parse(std::string{smallest} + R"(  tp: {stop_on_error: 12, per_call: 1m30s, failing_share: 0.25}
seed: 7
destinations:
  - name: OTHER
    tenant: tenant-b
    key_file: schema.json
    proxy: {host: proxy, user: me, password_file: schema.json}
setups:
  - {system: DEV, destination: OTHER, tasks: [{task: Manage Transports, interval: 1h}]}
cloud: {standin_hosts: [calm.lab.example], sap_host_systems_max: 20, sap_host_requests_per_minute: 100}
stand_in: {token_life: 5s, lease: 1m, token_algorithm: RS256, api_key: mine, text_bytes: 2097152}
strust: {trusted_roots: [schema.json]}
retry: {attempts_max: 3, base: 10ms, cap: 1s}
history: {jobs_max: 200, logs_max: 300}
fleet: {systems: 12, ramp: 10s, duration: 5m, connections: per-push, connections_max: 9}
)"));
    EXPECT_EQ(settings.seed, 7u);
    EXPECT_EQ(settings.landscape.tp.per_call, 90s);
    EXPECT_EQ(settings.destinations.at(0).key_file, config_folder / "schema.json");
    EXPECT_EQ(settings.destinations.at(0).proxy.value().port, 3128);
    EXPECT_EQ(settings.destinations.at(0).proxy.value().password, "{");
    EXPECT_EQ(settings.setups.at(0).tasks.at(0).task, "Transports: Read"); // the old name means the new one
    EXPECT_EQ(settings.setups.at(0).tasks.at(0).interval, 60min);
    EXPECT_THAT(settings.stand_in_hosts, ElementsAre("calm.lab.example"));
    EXPECT_EQ(settings.sap_host_caps, (SapHostCaps{.systems_max = 20, .requests_per_minute = 100}));
    EXPECT_EQ(settings.stand_in.token_life, 5s);
    EXPECT_EQ(settings.stand_in.token_algorithm, "RS256");
    EXPECT_EQ(settings.stand_in.api_key, "mine");
    EXPECT_EQ(settings.stand_in.text_bytes, 2'097'152u);
    EXPECT_THAT(settings.trusted_roots, ElementsAre(config_folder / "schema.json"));
    EXPECT_EQ(settings.retry.base, 10ms);
    EXPECT_EQ(settings.job_history_max, 200u);
    EXPECT_EQ(settings.fleet.ramp, 10s);
    EXPECT_EQ(settings.fleet.connections, ConnectionPolicy::per_push);
}

TEST(Settings, AnExternalSystemLinksAndApprovalAreRead) {
    auto const demo = text_of(config_folder / "demo.yaml");
    Settings const settings = good(parse(changed(demo, {{"  # What STMS shows", R"(    - id: EXT
      external: true
      communication_system: QUA
      transport_group: GROUP_EXT
      clients: [{number: "000"}]

  # What STMS shows)"},
                                                        {"    delivery_routes:", R"(    domain_links:
      - domain: DOMAIN_MNT
      - {domain: DOMAIN_NEW, confirmed: false}
    approvals:
      - {system: QUA, steps: [system_administration, request_owner]}
    delivery_routes:)"}})));
    auto const& external = settings.landscape.systems.at(3);
    EXPECT_TRUE(external.external_system);
    EXPECT_TRUE(external.virtual_system) << "a kind of virtual system";
    EXPECT_EQ(external.communication_system.value().text(), "QUA");
    auto const& tms = settings.landscape.tms;
    ASSERT_EQ(tms.domain_links.size(), 2u);
    EXPECT_TRUE(tms.domain_links[0].confirmed);
    EXPECT_FALSE(tms.domain_links[1].confirmed);
    EXPECT_THAT(tms.approvals.at(0).steps,
                ElementsAre(ApprovalStep::system_administration, ApprovalStep::request_owner));
}

TEST(Settings, PackagesAtcAndExportsAreThoseOfTheFile) {
    std::string text{smallest};
    text.insert(text.find("      clients"), "      packages: [{name: ZMAIN, layer: ZDEV}, {name: ZLOCAL}]\n"
                                            "      atc: {block_on: 1, inform_on: never}\n"
                                            "      failing_exports: 0.1\n");
    auto const system = good(parse(text)).landscape.systems.at(0);
    EXPECT_EQ(system.packages, (std::vector<PackageSpec>{{"ZMAIN", "ZDEV"}, {"ZLOCAL", ""}}));
    EXPECT_EQ(system.atc, (AtcSpec{.block_on = 1}));
    EXPECT_EQ(system.failing_exports, 0.1);
}

/// Every object of the smallest file with nothing but its required keys.
std::string bare_file() {
    return std::string{smallest} + R"(  requests: [{system: DEV, text: A request}]
destinations: [{}]
setups: [{system: DEV}]
story: [{step: registered}]
)";
}

TEST(Settings, SchemaDefaultsAreTheDefaultsOfTheTypes) {
    Settings const read = good(parse(bare_file()));
    Settings expected;
    expected.name = "test.yaml";
    expected.landscape.tms.controller = SystemId::parse("DEV").value();
    SystemSpec system;
    system.id = SystemId::parse("DEV").value();
    system.clients = {ClientSpec{}, ClientSpec{}};
    system.clients[1].number = Client{100};
    system.components = read.landscape.systems.at(0).components; // the type has none, the file's default does
    expected.landscape.systems = {system};
    RequestSpec request;
    request.system = system.id;
    request.text = "A request";
    expected.landscape.requests = {request};
    expected.destinations = {DestinationSpec{}};
    SetupSpec setup;
    setup.system = system.id;
    expected.setups = {setup};
    StoryStep step{};
    step.kind = StoryStep::Kind::registered;
    expected.story = {step};
    EXPECT_EQ(spell_out(read), spell_out(expected));
    EXPECT_THAT(system.components, SizeIs(3));
}

TEST(Settings, WritingOutEveryDefaultChangesNothing) {
    Settings const plain = good(parse(bare_file()));
    auto document = nlohmann::json::parse(
        R"({"landscape": {"systems": [{"id": "DEV", "clients": [{"number": "000"}, {"number": "100"}]}],
        "tms": {"controller": "DEV"}, "requests": [{"system": "DEV", "text": "A request"}]},
        "destinations": [{}], "setups": [{"system": "DEV"}], "story": [{"step": "registered"}]})");
    fill_defaults(document);
    EXPECT_EQ(document.at("fleet").at("connections"), "pooled");
    EXPECT_EQ(document.at("landscape").at("systems").at(0).at("clients").at(1).at("role"), "C");
    EXPECT_EQ(spell_out(good(parse(document.dump()))), spell_out(plain));
}

TEST(Settings, DestinationsDefaultToOneWithTheNameCalm) {
    Settings const settings = good(parse(std::string{smallest}));
    EXPECT_THAT(settings.destinations, SizeIs(1));
    EXPECT_EQ(settings.destinations[0].name, "CALM");
}

/// Every property of every object in the schema.
void for_each_property(nlohmann::json const& schema, std::string const& place, auto const& visit) {
    if (schema.is_array())
        for (auto const& part : schema) for_each_property(part, place, visit);
    if (!schema.is_object()) return;
    if (schema.contains("properties") && schema.at("properties").is_object())
        for (auto const& [key, property] : schema.at("properties").items()) {
            auto const required = schema.value("required", std::vector<std::string>{});
            visit(place + "." + key, property, std::ranges::find(required, key) != required.end());
        }
    for (auto const& [key, part] : schema.items())
        if (key != "default" && key != "examples") for_each_property(part, place + "/" + key, visit);
}

TEST(SettingsSchema, SaysOfEveryKeyWhatItIsAndWhatHappensWithoutIt) {
    auto const& schema = settings_schema();
    std::size_t seen = 0;
    for_each_property(schema, "", [&](std::string const& place, nlohmann::json const& property, bool required) {
        ++seen;
        auto described = property;
        if (property.contains("$ref"))
            described = schema.at(nlohmann::json::json_pointer{property.at("$ref").get<std::string>().substr(1)});
        std::string text = described.value("description", "");
        if (property.contains("allOf") && text.empty())
            text = schema
                       .at(nlohmann::json::json_pointer{
                           property.at("allOf").at(0).at("$ref").get<std::string>().substr(1)})
                       .value("description", "");
        EXPECT_NE(text, "") << place;
        bool const told =
            required || property.contains("default") || text.contains("Left out") || place.contains("/step.");
        EXPECT_TRUE(told)
            << place
            << " has no default, is not required and its description does not say what happens when it is left out";
    });
    EXPECT_GT(seen, 80u);
}

TEST(SettingsSchema, LetsNoObjectHaveUnknownKeys) {
    auto const check = [](auto const& self, nlohmann::json const& schema, std::string const& place) -> void {
        if (schema.is_array())
            for (auto const& part : schema) self(self, part, place);
        if (!schema.is_object()) return;
        bool const is_object = schema.contains("type") && schema.at("type") == "object";
        EXPECT_FALSE(is_object && schema.value("additionalProperties", true)) << place;
        for (auto const& [key, part] : schema.items()) self(self, part, place + "/" + key);
    };
    check(check, settings_schema(), "");
    EXPECT_EQ(settings_schema().at("additionalProperties"), false);
}

TEST(SettingsSchema, ListsTheTasksOfTheCatalogue) {
    std::vector<std::string> expected;
    for (TaskFacts const& task : task_catalogue) expected.emplace_back(task.name);
    for (TaskFacts const& task : task_catalogue)
        if (!task.old_name.empty()) expected.emplace_back(task.old_name);
    EXPECT_EQ(settings_schema().at("definitions").at("task_name").at("enum").get<std::vector<std::string>>(), expected);
}

TEST(Settings, DevelopersAndOwnersAreImpliedUsersUnlessTheyAreListedOrSetSystemsUp) {
    auto const living = good(load_settings(config_folder / "living.yaml"));
    std::vector<std::string> names;
    for (auto const& user : living.landscape.systems[0].users) names.push_back(user.name + (user.implied ? "" : "!"));
    EXPECT_THAT(names, testing::ElementsAre("ANNA", "BERT", "CARLA"));
    EXPECT_FALSE(living.landscape.systems[0].lists_users());
    EXPECT_TRUE(living.landscape.systems[1].users.empty());
    auto const demo = demo_settings();
    ASSERT_EQ(demo.landscape.systems[0].users.size(), 1u);
    EXPECT_EQ(demo.landscape.systems[0].users[0].name, "DEVELOPER");
}

} // namespace
} // namespace almd
