// Random days of a landscape: releases, imports, approvals and configuration changes in any order.
#include "simulator/tms/consistency.hpp"
#include "tests/support/property.hpp"
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace almd {
namespace {

LandscapeSpec wide_landscape() {
    auto spec = calm(three_tier_landscape());
    spec.requests.clear();
    for (auto const* id : {"TRN", "PR2"}) {
        auto system = spec.systems[2];
        system.id = sid(id);
        system.virtual_system = system.id == sid("TRN");
        spec.systems.push_back(system);
    }
    spec.tms.target_groups = {{"/PGRP/", {to("PRD.300"), to("TRN.300")}}};
    spec.tms.delivery_routes = {{sid("QUA"), Client{200}, to("/PGRP/")}};
    spec.tms.approvals = {{sid("QUA"), {ApprovalStep::system_administration}}};
    spec.tp.failing_share = 0.1;
    spec.tp.terminating_share = 0.1;
    return spec;
}

class RandomDay {
public:
    explicit RandomDay(std::uint64_t seed)
        : world_{wide_landscape(), seed}
        , rng_{seed} {}

    void run(RandomSteps const& steps) {
        for (auto const step : steps) {
            rng_ = Rng{step};
            ASSERT_NO_FATAL_FAILURE(take());
            ASSERT_NO_FATAL_FAILURE(look());
        }
    }

private:
    void take() {
        switch (rng_.below(6)) {
        case 0:
        case 1: return release();
        case 2: return import();
        case 3: return decide();
        default: return change();
        }
    }

    TransportTarget any_target() {
        static auto const all = std::vector{to("QUA.200"), to("PRD.300"), to("TRN.300"), to("PR2.300"), to("DEV.100")};
        return all[rng_.below(all.size())];
    }

    void release() {
        released_.push_back(world_.released("change " + std::to_string(released_.size())));
        auto const* request = world_.landscape.request(released_.back());
        ASSERT_TRUE(request->target);
        for (auto const& target : world_.landscape.domain().resolve(*request->target))
            ASSERT_TRUE(waits(*request, target)) << "released into the buffer of " << target.text();
    }

    /// Everything that waits there, at once.
    void import() {
        auto const target = any_target();
        std::vector<TrRequest> list;
        for (auto const& entry : world_.landscape.buffer(*target.system()).queue(target.client()))
            list.push_back(entry.trkorr);
        std::set<TrRequest> held;
        for (auto const& trkorr : list)
            if (!importable(world_.landscape.approval_of(trkorr, target))) held.insert(trkorr);
        auto const rows = world_.landscape.history().rows().size();
        auto const outcome = world_.import(target, list);
        if (!outcome) {
            ASSERT_EQ(world_.landscape.history().rows().size(), rows) << "refused: nothing was imported";
            return;
        }
        for (auto const& one : outcome->requests) {
            if (held.contains(one.trkorr)) {
                ASSERT_FALSE(one.return_code) << one.trkorr.text() << " was not approved";
            }
            if (one.left_buffer) forwarded(*world_.landscape.request(one.trkorr), target);
        }
    }
    void forwarded(TransportRequest const& request, TransportTarget const& from) {
        for (auto const& next : world_.landscape.domain().delivery_targets(*from.system(), from.client()))
            ASSERT_TRUE(waits(request, next)) << request.trkorr.text() << " was not forwarded to " << next.text();
    }

    void decide() {
        if (released_.empty()) return;
        auto const trkorr = released_[rng_.below(released_.size())];
        auto const before = world_.landscape.approval_of(trkorr, to("PRD.300"));
        auto const step = ApprovalStep::system_administration;
        auto const made = rng_.below(4) == 0
                              ? world_.landscape.reject(trkorr, sid("QUA"), step, "BASIS", world_.now())
                              : world_.landscape.approve(trkorr, sid("QUA"), step, "BASIS", world_.now());
        if (before == ApprovalState::rejected) {
            ASSERT_FALSE(made) << "a rejection is final";
        }
    }

    void change() {
        auto const version = world_.landscape.domain().version();
        auto const queues = waiting();
        auto system = world_.spec.systems[2];
        system.id = rng_.below(2) == 0 ? sid("TRN") : sid("PR2");
        bool const from_qua = rng_.below(2) == 0;
        DeliveryRouteSpec const route{from_qua ? sid("QUA") : sid("PRD"), from_qua ? Client{200} : Client{300},
                                      any_target()};
        ConfigurationChange what = AddDeliveryRoute{route};
        switch (rng_.below(6)) {
        case 0: what = ReplaceVirtualSystem{system}; break;
        case 1: what = DeleteSystem{system.id}; break;
        case 2: what = AddSystem{system}; break;
        case 3: what = DeleteDeliveryRoute{route}; break;
        case 4: what = AddGroupMember{"/PGRP/", any_target()}; break;
        default: break;
        }
        auto const made = world_.landscape.change_configuration(what, "BASIS", world_.now());
        ASSERT_EQ(world_.landscape.domain().version(), version + (made ? 1 : 0)) << describe(what);
        ASSERT_EQ(waiting(), queues) << describe(what) << ": no queue changes with the configuration";
    }

    bool waits(TransportRequest const& request, TransportTarget const& target) const {
        return world_.landscape.buffer(*target.system()).find(request.trkorr, target.client()) != nullptr;
    }
    std::vector<std::string> waiting() const {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < world_.landscape.system_count(); ++i)
            for (auto const& entry : world_.queue(world_.landscape.sid(i).text()))
                all.push_back(std::string{world_.landscape.sid(i).text()} + " " + entry);
        return all;
    }

    /// What holds at any time between two steps.
    void look() {
        ASSERT_TRUE(check_landscape(world_.landscape.domain().spelled_out()).empty());
        std::set<TrRequest> somewhere;
        for (std::size_t i = 0; i < world_.landscape.system_count(); ++i) {
            std::uint64_t last = 0;
            std::set<std::pair<TrRequest, std::optional<Client>>> seen;
            for (auto const& entry : world_.landscape.buffer(world_.landscape.sid(i)).queue()) {
                ASSERT_GT(entry.position, last) << "in the order of its additions";
                last = entry.position;
                ASSERT_TRUE(seen.insert({entry.trkorr, entry.client}).second) << "once for each client";
                ASSERT_NE(entry.state, BufferState::running) << "nothing runs";
                somewhere.insert(entry.trkorr);
            }
        }
        for (auto const& row : world_.landscape.history().rows()) somewhere.insert(row.request);
        for (auto const& trkorr : released_) ASSERT_TRUE(somewhere.contains(trkorr)) << trkorr.text() << " is lost";
        ASSERT_EQ(std::set(released_.begin(), released_.end()).size(), released_.size());
    }

    SmallWorld world_;
    Rng rng_;
    std::vector<TrRequest> released_;
};

TEST(TmsWorldProperty, NoRequestIsLostWhateverTheConfigurationDoes) {
    check_property(fewer_if_sanitized(3'000), [] { RandomDay{*random_seed()}.run(*random_steps(50)); });
}

} // namespace
} // namespace almd
