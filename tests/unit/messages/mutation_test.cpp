// Property: no mutation of a valid message makes a decoder crash, and whatever it accepts it can write and read again.
#include "proto/messages/api_error.hpp"
#include "simulator/kernel/rng.hpp"
#include "tests/support/contract/sample_messages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>

namespace almd {
namespace {

struct Kind {
    std::string text;
    /// Decodes; empty when refused, else what encode makes of it.
    std::function<std::string(std::string_view)> again;
};

template <class T>
std::function<std::string(std::string_view)> again(Result<T> (*decode)(std::string_view)) {
    return [decode](std::string_view text) {
        auto message = decode(text);
        if (message) return encode(*message);
        // Every refusal says where: "<path>: <sentence>", or for keys "service key: ...".
        EXPECT_NE(message.error().context.find(": "), std::string::npos) << message.error().context;
        return std::string{};
    };
}

std::vector<Kind> kinds() {
    return {
        {encode(sample::registration()), again(decode_registration)},
        {encode(sample::registration_answer()), again(decode_registration_answer)},
        {encode(sample::heartbeat()), again(decode_heartbeat)},
        {encode(HeartbeatAnswer{3}), again(decode_heartbeat_answer)},
        {encode(sample::use_case_selection()), again(decode_use_case_selection)},
        {encode(sample::use_case_activation()), again(decode_use_case_activation)},
        {encode(sample::discovery()), again(decode_discovery)},
        {encode(sample::diagnostics()), again(decode_diagnostics)},
        {encode(sample::landscape()), again(decode_landscape_push)},
        {encode(sample::transports_push()), again(decode_transports_push)},
        {encode(sample::transports_answer()), again(decode_transports_answer)},
        {encode(sample::work_list()), again(decode_work_list)},
        {encode(sample::work_result()), again(decode_work_result)},
        {encode(sample::check_result()), again(decode_check_result)},
        {encode(sample::token_answer()), again(decode_token_answer)},
        {encode(sample::service_key()), again(parse_service_key)},
    };
}

/// Cuts, repeats, swaps and replaces; now and then a piece that means something to a JSON reader.
std::string mutated(std::string text, Rng& rng) {
    static constexpr std::string_view pieces[] = {
        "null",    "true",    "{}",   "[]",   "\"\"",    "-1",      "1e9",  "18446744073709551616",
        "\\u0000", "\\ud800", "\xff", "\xc3", ",",       ":",       "}",    "]",
        "\"",      "{\"a\":", "[[[[", "0.5",  "\"DEV\"", "\"000\"", "99999"};
    for (std::uint64_t edits = 1 + rng.below(5); edits > 0 && !text.empty(); --edits) {
        std::size_t at = rng.below(text.size()), length = rng.below(std::min<std::size_t>(text.size() - at, 24) + 1);
        switch (rng.below(5)) {
        case 0: text.erase(at, length); break;
        case 1: text.insert(at, text.substr(at, length)); break;
        case 2: text.replace(at, length, pieces[rng.below(std::size(pieces))]); break;
        case 3: text[at] = static_cast<char>(rng.below(256)); break;
        default: std::swap(text[at], text[rng.below(text.size())]); break;
        }
    }
    return text;
}

std::uint64_t from_environment(char const* name, std::uint64_t otherwise) {
    char const* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(MessagesProperty, MutatedMessagesAreRefusedOrUnderstoodButNeverCrash) {
    std::uint64_t const first = from_environment("ALMD_SEED", 1), seeds = from_environment("ALMD_SEEDS", 500);
    std::cout << "ALMD_SEED=" << first << " ALMD_SEEDS=" << seeds << '\n';
    auto const all = kinds();
    std::size_t understood = 0, refused = 0;
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            Rng rng = Rng::stream(seed, i);
            std::string const text = mutated(all[i].text, rng);
            std::string const written = all[i].again(text);
            decode_api_error(text);
            if (written.empty()) {
                ++refused;
                continue;
            }
            ++understood;
            ASSERT_EQ(all[i].again(written), written) << "seed " << seed << ", message " << i << ": " << text;
        }
    }
    EXPECT_GT(understood, seeds / 10) << "some mutations only change a text";
    EXPECT_GT(refused, seeds);
}

TEST(MessagesProperty, EveryPrefixOfAMessageIsRefused) {
    for (Kind const& kind : kinds())
        for (std::size_t length = 0; length < kind.text.size(); ++length)
            ASSERT_EQ(kind.again(std::string_view{kind.text}.substr(0, length)), "") << kind.text.substr(0, length);
}

} // namespace
} // namespace almd
