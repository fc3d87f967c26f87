// A landscape on a virtual clock, with the verbs that the tests of this folder tell their stories in.
#pragma once

#include "simulator/kernel/shard.hpp"
#include "simulator/tms/landscape.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

inline void PrintTo(TrRequest const& trkorr, std::ostream* out) {
    *out << trkorr.text();
}
inline void PrintTo(TransportTarget const& target, std::ostream* out) {
    *out << target.text();
}
inline void PrintTo(TpReturnCode const& code, std::ostream* out) {
    *out << code.value();
}

inline TimePoint const test_start = parse_rfc3339("2026-11-22T08:00:00.000Z").value();

inline SystemId sid(std::string_view text) {
    return SystemId::parse(text).value();
}
inline TransportTarget to(std::string_view text) {
    return TransportTarget::parse(text).value();
}
inline TrRequest tr(std::string_view text) {
    return TrRequest::parse(text).value();
}
inline ObjectEntry object(std::string_view text) {
    return ObjectEntry::parse(text).value();
}

/// Nothing ends with a warning by chance, so that a story has one end.
inline LandscapeSpec calm(LandscapeSpec spec) {
    spec.tp.warning_share = 0;
    spec.tp.time_spread = 0;
    return spec;
}

inline TpReturnCode code_of(Result<TpOutcome> const& outcome) {
    return outcome.value().return_code.value();
}

class SmallWorld {
public:
    explicit SmallWorld(LandscapeSpec with = calm(three_tier_landscape()), std::uint64_t seed = 1)
        : spec{std::move(with)}
        , shard{Shard::VirtualTime{test_start}}
        , landscape{spec, LandscapeIdentity::plain(seed), test_start} {}
    ~SmallWorld() { // an import that still waits refers to the landscape, which dies before the shard
        shard.stop();
        shard.run_for(1h);
    }

    TimePoint now() const { return const_cast<Shard&>(shard).clock().now(); }
    TrRequest alias(std::string_view name) const { return landscape.find_alias(name).value(); }

    /// Creates, fills and releases a request in DEV:100: customizing if it begins with table contents, else workbench.
    TrRequest released(std::string text, std::vector<std::string> objects = {}) {
        bool const customizing = !objects.empty() && object(objects[0]).view().holds_table_contents();
        CreateRequest wanted{.system = spec.systems[0].id, .client = Client{100}, .text = text, .owner = "DEVELOPER"};
        if (customizing) wanted.function = TrFunction::customizing;
        auto const trkorr = landscape.create_request(wanted, now()).value();
        if (objects.empty()) objects.push_back("R3TR PROG Z" + std::to_string(trkorr.number()));
        for (auto const& one : objects)
            EXPECT_TRUE(landscape.cts(trkorr.system()).add_object(trkorr, object(one), now()));
        EXPECT_TRUE(landscape.release_with_tasks(trkorr, "DEVELOPER", now()));
        return trkorr;
    }

    /// Starts an import; its outcome stands in `ended` when time has passed.
    struct Call {
        std::optional<Result<TpOutcome>> ended;
    };
    void start_import(Call& call, TransportTarget target, std::vector<TrRequest> list, std::string user = "CALM_QUA",
                      ImportOptions options = {}, BatchProcesses* batch = nullptr) {
        shard.tasks().spawn(
            run(landscape, shard.clock(), target, std::move(list), std::move(user), options, batch, call));
    }
    Result<TpOutcome> import(TransportTarget target, std::vector<TrRequest> list, std::string user = "CALM_QUA",
                             ImportOptions options = {}) {
        Call call;
        start_import(call, target, std::move(list), std::move(user), options);
        shard.run_for(4h);
        return call.ended.value();
    }

    std::vector<std::string> queue(std::string_view system) const {
        std::vector<std::string> all;
        for (auto const& entry : landscape.buffer(sid(system)).queue())
            all.push_back(fmt::format("{} {}", entry.trkorr.text(), name(entry.state)));
        return all;
    }
    /// "QUA.200 DEVK900001 0 CALM_QUA"
    std::vector<std::string> history() const {
        std::vector<std::string> all;
        for (auto const& row : landscape.history().rows())
            all.push_back(fmt::format("{} {} {} {}", TransportTarget{row.system, row.client}.text(), row.request.text(),
                                      row.return_code.value(), row.user));
        return all;
    }

    /// Of its last import; empty: the step did not run.
    std::string step_log(TrRequest trkorr, char letter) const {
        auto const& history = landscape.history();
        auto const rows = history.of_request(trkorr);
        for (auto const& step : rows.empty() ? std::vector<ImportStep>{} : rows.back()->steps)
            if (step.step == letter)
                return step_log_text(*rows.back(), step, history.times_of(*rows.back(), letter),
                                     history.remarks_of(*rows.back()));
        return {};
    }

    LandscapeSpec spec;
    Shard shard;
    Landscape landscape;

private:
    static Async<void> run(Landscape& world, Clock& clock, TransportTarget target, std::vector<TrRequest> list,
                           std::string user, ImportOptions options, BatchProcesses* batch, Call& call) {
        call.ended = co_await world.import_subset(clock, target, std::move(list), std::move(user), options, batch);
    }
};

} // namespace almd
