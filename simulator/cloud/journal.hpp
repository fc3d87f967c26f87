// The last requests and answers of the dialogue, for people and for tests: a ring with two bounds, without secrets.
#pragma once

#include "proto/http/message.hpp"
#include "simulator/cloud/cloud_operation.hpp"
#include "simulator/cloud/registration_book.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace almd {

/// Headers and bodies go before the entries do: without them an entry is some 200 bytes.
struct JournalEntry {
    std::uint64_t number = 0; ///< from 1, without holes
    TimePoint at{};
    WireDuration took{0};
    std::optional<CloudOperation> operation; ///< none: no such path
    CloudSlot slot = no_cloud_slot;
    int status = 0;                                  ///< 0: no answer left
    Delivery delivery = Delivery::normal;            ///< what a fault made of it
    bool taken = false;                              ///< done, and not a repeat of what was done before
    bool repeated = false;                           ///< an answer from memory
    std::uint32_t sequence = 0;                      ///< of a heartbeat
    std::size_t request_bytes = 0, answer_bytes = 0; ///< of the bodies
    std::string method, host, target;                ///< host: as the client named it; secrets in the query are masked
    std::string fault;                               ///< name of the rule that fired
    struct Texts {
        std::string request_headers, request_body, answer_headers, answer_body; ///< headers as lines "Name: value"
        std::size_t bytes() const {
            return request_headers.size() + request_body.size() + answer_headers.size() + answer_body.size();
        }
    };
    std::optional<Texts> texts; ///< none: they had to make room
};

class Journal {
public:
    static constexpr std::size_t body_max = 64 * 1024; ///< of a body, the rest is cut off

    /// entries_max 0: nothing is kept.
    Journal(std::size_t entries_max, std::size_t bytes_max)
        : entries_max_{entries_max}
        , bytes_max_{bytes_max} {}

    bool is_on() const { return entries_max_ > 0; }
    /// Fills number, the two sides' texts and sizes, and makes room.
    void note(JournalEntry entry, HttpRequest const& request, HttpResponse const& response);

    std::deque<JournalEntry> const& entries() const { return entries_; } ///< oldest first
    JournalEntry const* find(std::uint64_t number) const;
    std::uint64_t dropped() const { return noted_ - entries_.size(); } ///< older than the ring
    std::size_t text_bytes() const { return bytes_; }

private:
    void make_room();

    std::size_t entries_max_, bytes_max_;
    std::deque<JournalEntry> entries_;
    std::size_t bytes_ = 0; // of all texts
    std::uint64_t noted_ = 0;
    std::uint64_t textless_ = 0; // entries up to this number have no texts any more
};

} // namespace almd
