// The external IDs of SLG1 object /SDF/CALM: each has a task that writes it.
#include "agent/setup/alm_setup.hpp"
#include "agent/setup/import_dispatcher.hpp"
#include "simulator/abap/application_log.hpp"
#include "tests/scenario/landscape/admin_api.hpp"

#include <fmt/format.h>

#include <set>

namespace almd {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Settings with_every_transport_task() {
    auto settings = calm_demo();
    for (auto& setup : settings.setups)
        if (setup.client != client_000)
            for (auto const task : {TaskKind::transports_export_checks, TaskKind::transports_retrofit})
                setup.tasks.push_back({std::string{facts(task).name}, std::nullopt});
    return settings;
}

struct ExternalIds : testing::Test, LandscapeBehindApi {
    ExternalIds()
        : LandscapeBehindApi{with_every_transport_task(), 15min} {}

    void want(std::string const& lms_id, std::string const& kind, json more = json::object()) {
        json body{{"lmsId", lms_id}, {"kind", kind}};
        body.update(more);
        auto const made = ask("POST", "cloud/work", body);
        EXPECT_EQ(made.status, 201) << made.body;
    }
    std::string lms_id(std::string const& system, std::string const& client) {
        return ask("GET", "destinations?system=" + system + "&client=" + client).body["items"][0]["lmsId"];
    }
    std::vector<std::string> log(std::string const& id) {
        std::vector<std::string> lines;
        for (auto const& row : run.agent().parts().log.entries())
            if (name(row.external_id) == id) lines.push_back(std::string(1, row.type) + " " + row.text);
        return lines;
    }
};

TEST_F(ExternalIds, AreWrittenByTheirTasksButThoseThatAreSaidToBeUnused) {
    auto const request = release(create({{"objects", {"R3TR PROG ZONE"}}}));
    run.shard().run_for(15min); // the cloud hears of it
    auto const id = feature({request});
    ASSERT_TRUE(run.cloud().deploy(id));
    auto const dev = lms_id("DEV", "100"), prd = lms_id("PRD", "000");
    json const transports{{"transports", {request}}};
    want(dev, "create", {{"parameters", {{"title", "New price"}, {"type", "K"}}}});
    want(dev, "addUser", {{"transports", {request}}, {"parameters", {{"user", "ANNA"}}}});
    for (auto const* kind : {"release", "deleteEmpty", "exportCheck", "retrofit"}) want(dev, kind, transports);
    want(dev, "toc", {{"transports", {request}}, {"target", "QUA.200"}});
    want(prd, "check", transports);
    run.shard().run_for(30min);

    std::set<ExternalId> written;
    for (auto const& row : run.agent().parts().log.entries()) written.insert(row.external_id);
    for (int i = static_cast<int>(ExternalId::read); i <= static_cast<int>(ExternalId::retro_reject); ++i) {
        auto const external_id = static_cast<ExternalId>(i);
        bool const unused = std::ranges::find(unused_external_ids, external_id) != std::end(unused_external_ids);
        EXPECT_NE(written.contains(external_id), unused) << name(external_id);
    }
    auto const by = "work item ";
    EXPECT_THAT(log("CREATE"), Contains(HasSubstr(std::string{"S Creation of request \"New price\" of type K requested "
                                                              "for "} +
                                                  by)));
    EXPECT_THAT(log("CREATE"), Contains(HasSubstr("E Not executed: work of kind \"create\" cannot be done")));
    EXPECT_THAT(log("CREATE"), Contains(HasSubstr("sent: rejected")));
    EXPECT_THAT(log("RELEASE"), Contains(HasSubstr("S Release of " + request + " requested for ")));
    EXPECT_THAT(log("TOC"), Contains(HasSubstr("S Transport of copies of " + request + " into QUA.200 requested")));
    EXPECT_THAT(log("CLIENT DEPENDENT"), Contains(HasSubstr("S Task of user ANNA in request " + request)));
    EXPECT_THAT(log("CLIENT DEPENDENT"), Contains(HasSubstr("S Deletion of " + request)));
    EXPECT_THAT(log("TR CHECK"), Contains(HasSubstr("S Check of " + request)));
    EXPECT_THAT(log("RETRO"), Contains(HasSubstr("S Retrofit of " + request)));
    EXPECT_EQ(log("EXPORT FEEDBACK").size(), 2u) << "of the release and of the copies";
    for (auto const& row : list("log?externalId=CREATE")) {
        EXPECT_EQ(row["object"], "/SDF/CALM");
        EXPECT_EQ(row["subobject"], "BUILD_CDM");
        EXPECT_EQ(row["system"], "DEV");
        EXPECT_EQ(row["client"], "100");
        EXPECT_EQ(row["user"], "CALM_DEV100");
        EXPECT_EQ(row["messageClass"], "ALMD");
        EXPECT_NE(row["messageNumber"], "");
    }
}

TEST_F(ExternalIds, OfCreateAndExportAreWrittenByAJobInItsClientAtTheIntervalOfItsTask) {
    auto const jobs = [&](std::string const& more) { return list("jobs?name=*TR_PROC_CL_DEP*" + more); };
    auto const released = jobs("&status=S");
    ASSERT_EQ(released.size(), 1u) << "one Released successor, in one client";
    EXPECT_EQ(released[0]["name"], "/SDF/CALM_CDM_TR_PROC_CL_DEP-100");
    EXPECT_EQ(released[0]["system"], "DEV");
    EXPECT_EQ(released[0]["client"], "100");
    EXPECT_EQ(released[0]["periodMinutes"], 5);
    EXPECT_EQ(released[0]["report"], "/SDF/CALM_CDM_TR_PROC_CL_DEP");
    EXPECT_EQ(released[0]["user"], "CALM_DEV100");
    want(lms_id("DEV", "100"), "create", {{"parameters", {{"title", "New price"}, {"type", "K"}}}});
    run.shard().run_for(6min);
    auto const log_of = [&](json const& job) {
        return ask("GET", "jobs/DEV/" + job["count"].get<std::string>() + "/log").body.dump();
    };
    auto const finished = jobs("&status=F");
    ASSERT_FALSE(finished.empty());
    EXPECT_TRUE(std::ranges::any_of(finished, [&](json const& job) {
        return log_of(job).find("Creation of request \\\"New price\\\"") != std::string::npos;
    })) << "its job log has what it did";
    EXPECT_THAT(column("log?externalId=CREATE", "program"), testing::Each("/SDF/CALM_CDM_TR_PROC_CL_DEP"));
    for (auto const& row : list("jobs?client=100&name=CALM%20Scheduler*&status=F"))
        EXPECT_THAT(log_of(row), Not(HasSubstr("Create & Export"))) << "the scheduler does not poll for it";

    auto& parts = run.agent().parts();
    auto const dev = *parts.setups.find(0, Client{100}, "CALM");
    UseCaseSelection hourly; // of the cloud
    hourly.version = parts.setups[dev].use_case_version;
    auto& wish = hourly.tasks.emplace_back();
    wish.task = facts(TaskKind::transports_create_export).name;
    wish.client = Client{100};
    wish.active = true;
    wish.interval_minutes = 60;
    parts.alm_setup.apply(dev, hourly);
    ASSERT_EQ(jobs("&status=S").size(), 1u);
    EXPECT_EQ(jobs("&status=S")[0]["periodMinutes"], 60);
    run.shard().run_for(2h);
    EXPECT_EQ(jobs("&status=S").size(), 1u);
    json const off{{"task", wish.task}, {"active", false}};
    ASSERT_EQ(ask("PUT", "usecases/DEV/100/CALM", off).status, 200);
    EXPECT_TRUE(jobs("&status=S").empty()) << "not active: no job";
}

TEST_F(ExternalIds, ACheckIsDoneByAJobThatIsCanceledAfterTheHoursOfItsParameter) {
    auto const jobs = [&] { return column("jobs?system=PRD&name=/SDF/CALM_CDM_TR_CHECK", "status"); };
    EXPECT_EQ(jobs(), std::vector<std::string>{});
    json const transports{{"transports", {release(create())}}};
    want(lms_id("PRD", "000"), "check", transports);
    run.shard().run_for(6min);
    EXPECT_EQ(jobs(), std::vector<std::string>{"F"});
    EXPECT_EQ(column("cloud/work?kind=check", "state"), std::vector<std::string>{"rejected"});

    ASSERT_EQ(ask("PUT", "tables/PRD/CDM_PARAM/TR_CHECK_PROCESS_TIME", {{"value", "1"}}).status, 200);
    FaultRule slow; // each result takes its time
    slow.operations = {CloudOperation::work_result};
    slow.kind = FaultKind::delay;
    slow.delay = 20s;
    ASSERT_TRUE(run.cloud().add_fault(slow));
    SetupIndex const prd = *run.agent().parts().setups.find(2, client_000, "CALM");
    for (std::uint64_t i = 0; i < 400; ++i) { // as polls bring them
        WorkItem item;
        item.id = WorkId::parse(fmt::format("00000000-0000-4000-8000-{:012}", i)).value();
        item.kind = WorkKind::check;
        run.agent().parts().work.begin(prd, item.id, ExternalId::tr_check);
        run.agent().parts().work.queue(prd, item);
    }
    run.shard().run_for(2h);
    EXPECT_THAT(jobs(), Contains("A"));
    EXPECT_THAT(log("TR CHECK"), Contains("E The check ran longer than 1 hours "
                                          "(TR_CHECK_PROCESS_TIME): it is canceled"));
    EXPECT_FALSE(run.agent().parts().work.has_queued(prd, WorkKind::check));
}

TEST_F(ExternalIds, ACheckWaitsForItsShareOfWorkProcessesAndIsGivenUpAfterThreeTries) {
    ASSERT_EQ(ask("PUT", "tables/PRD/CDM_PARAM/TR_CHECK_BATCH_PERCENTAGE", {{"value", "90"}}).status, 200);
    auto const effect = ask("GET", "tables?system=PRD&key=TR_CHECK_BATCH_PERCENTAGE").body["items"][0]["effect"];
    EXPECT_EQ(effect, "transport checks wait for it");
    SystemSlot const prd = 2;
    auto& background = run.agent().parts().background;
    auto const busy = background.raise(rddimpdp_of(prd, Client{300}, 1)); // one of six
    want(lms_id("PRD", "000"), "check", {{"transports", {release(create())}}});
    run.shard().run_for(8min);
    EXPECT_THAT(log("TR CHECK"), Contains("W 5 of 6 background work processes are free, TR_CHECK_BATCH_PERCENTAGE is "
                                          "90: try 1 of 3"));
    EXPECT_THAT(log("TR CHECK"), Not(Contains(HasSubstr("Not executed"))));
    run.shard().run_for(40min);
    EXPECT_THAT(log("TR CHECK"), Contains(HasSubstr("try 3 of 3")));
    EXPECT_THAT(log("TR CHECK"), Contains(HasSubstr("E Not executed: too few background work processes were free")));
    EXPECT_EQ(column("cloud/work?kind=check", "state"), std::vector<std::string>{"rejected"});
    background.finish(prd, busy, {});
}

} // namespace
} // namespace almd
