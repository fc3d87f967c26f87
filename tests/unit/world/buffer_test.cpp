// Import buffer and history: order, keys, bounds.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

BufferEntry entry(std::uint32_t number, std::uint16_t client = 200) {
    return {.trkorr = TrRequest{sid("DEV"), number}, .client = Client{client}};
}

std::vector<std::uint32_t> numbers(std::vector<BufferEntry> const& entries) {
    std::vector<std::uint32_t> all;
    for (auto const& one : entries) all.push_back(one.trkorr.number());
    return all;
}

TEST(ImportBuffer, KeepsTheOrderOfExport) {
    ImportBuffer buffer;
    for (std::uint32_t const number : {900'005u, 900'001u, 900'003u}) EXPECT_TRUE(buffer.add(entry(number)));
    EXPECT_THAT(numbers(buffer.queue()), ElementsAre(900'005, 900'001, 900'003));
}

TEST(ImportBuffer, HoldsARequestOncePerClient) {
    ImportBuffer buffer;
    EXPECT_TRUE(buffer.add(entry(900'001, 200)));
    EXPECT_TRUE(buffer.add(entry(900'001, 300)));
    EXPECT_FALSE(buffer.add(entry(900'001, 200)));
    EXPECT_EQ(buffer.size(), 2u);
    EXPECT_EQ(buffer.queue(Client{300}).size(), 1u);
    EXPECT_TRUE(buffer.remove(tr("DEVK900001"), Client{200}));
    EXPECT_FALSE(buffer.remove(tr("DEVK900001"), Client{200}));
    EXPECT_EQ(buffer.find(tr("DEVK900001"), Client{200}), nullptr);
    EXPECT_NE(buffer.find(tr("DEVK900001"), Client{300}), nullptr);
}

TEST(ImportBuffer, WaitsAgainOnlyWhenTheImportIsWantedAgain) {
    ImportBuffer buffer;
    auto done = entry(900'001);
    done.state = BufferState::imported;
    buffer.add(done);
    EXPECT_FALSE(buffer.add(entry(900'001)));
    auto again = entry(900'001);
    again.import_again = true;
    EXPECT_TRUE(buffer.add(again));
    EXPECT_EQ(buffer.find(tr("DEVK900001"), Client{200})->state, BufferState::waiting);
}

TEST(ImportBuffer, StaysInOrderAndSmallWhenThousandsComeAndGo) {
    ImportBuffer buffer;
    for (std::uint32_t number = 900'000; number < 930'000; ++number) {
        buffer.add(entry(number));
        if (number >= 900'100) {
            EXPECT_TRUE(buffer.remove(TrRequest{sid("DEV"), number - 100}, Client{200}));
        }
    }
    auto const queue = numbers(buffer.queue());
    ASSERT_EQ(queue.size(), 100u);
    EXPECT_EQ(queue.front(), 929'900u);
    EXPECT_TRUE(std::ranges::is_sorted(queue));
    EXPECT_LT(buffer.bytes(), 100'000u);
}

ImportRow row(std::uint32_t number, std::string_view system = "QUA", int code = 0) {
    ImportRow made{.system = sid(system),
                   .client = Client{200},
                   .request = TrRequest{sid("DEV"), number},
                   .return_code = TpReturnCode{code},
                   .user = "CALM"};
    return made;
}

TEST(ImportHistory, ImportedTwiceIsTwoRows) {
    ImportHistory history;
    history.add(row(900'001, "QUA", 8));
    history.add(row(900'001, "QUA", 0));
    history.add(row(900'001, "PRD", 4));
    EXPECT_EQ(history.of_request(tr("DEVK900001")).size(), 3u);
    EXPECT_EQ(history.last(tr("DEVK900001"), sid("QUA"), Client{200})->return_code.value(), 0);
    EXPECT_EQ(history.last(tr("DEVK900001"), sid("QUA"), Client{201}), nullptr);
    EXPECT_THAT(history.of_request(tr("DEVK900002")), IsEmpty());
}

TEST(ImportHistory, TellsASystemWhatIsNewSinceItAsked) {
    ImportHistory history;
    history.add(row(900'001));
    auto const seen = history.last_sequence();
    history.add(row(900'002, "PRD"));
    history.add(row(900'003));
    auto const news = history.of_system_since(sid("QUA"), seen);
    ASSERT_EQ(news.size(), 1u);
    EXPECT_EQ(news[0]->request, tr("DEVK900003"));
}

TEST(ImportHistory, DropsItsOldestRowsAndCountsThem) {
    ImportHistory history;
    for (std::size_t i = 0; i < ImportHistory::rows_max + 10; ++i)
        history.add(row(900'000 + static_cast<std::uint32_t>(i % 50'000)));
    EXPECT_EQ(history.rows().size(), ImportHistory::rows_max);
    EXPECT_EQ(history.dropped(), 10u);
    EXPECT_EQ(history.of_request(TrRequest{sid("DEV"), 900'005}).size(), 2u) << "its third row is the first one's heir";
    EXPECT_EQ(history.of_request(TrRequest{sid("DEV"), 900'020}).size(), 2u);
    for (auto const* found : history.of_request(TrRequest{sid("DEV"), 900'005}))
        EXPECT_EQ(found->request, (TrRequest{sid("DEV"), 900'005}));
}

TEST(ImportHistory, KeepsTheNewestRowsHoweverManyCome) {
    ImportHistory history;
    constexpr std::size_t count = 2 * ImportHistory::rows_max + 7;
    for (std::size_t i = 0; i < count; ++i) history.add(row(900'000 + static_cast<std::uint32_t>(i % 90'000)));
    ASSERT_EQ(history.rows().size(), ImportHistory::rows_max);
    EXPECT_EQ(history.rows().front().sequence, count - ImportHistory::rows_max + 1);
    EXPECT_EQ(history.rows().back().sequence, count);
    auto const last = (count - 1) % 90'000;
    auto const found = history.of_request(history.rows().back().request);
    ASSERT_EQ(found.size(), 2u) << "the rows before are dropped";
    EXPECT_EQ(found[0]->sequence, count - 90'000);
    EXPECT_EQ(found[1]->sequence, count);
    EXPECT_EQ(found[1]->request.number(), 900'000 + last);
    EXPECT_EQ(history.of_system_since(sid("QUA"), count - 3).size(), 3u);
}

} // namespace
} // namespace almd
