// First answers by Idempotency-Key: a repeat gets the same answer and nothing is done twice.
#pragma once

#include "proto/http/message.hpp"
#include "simulator/cloud/cloud_operation.hpp"
#include "simulator/cloud/registration_book.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace almd {

/// Two memories: every key for a while (bounded in time and number), and for good the last key of each system and
/// operation.
class IdempotencyMemory {
public:
    IdempotencyMemory(WireDuration memory, std::size_t keys_max)
        : memory_{memory}
        , max_{keys_max} {}

    struct Key {
        std::uint64_t hash = 0; ///< tenant, operation, path and key mixed
        CloudOperation operation = CloudOperation::heartbeat;
        CloudSlot slot = no_cloud_slot; ///< no_cloud_slot: no memory for good
    };
    static Key key(CloudTenant tenant, CloudOperation operation, CloudSlot slot, std::string_view path, Uuid id);

    struct Recalled {
        HttpResponse answer;
        std::uint32_t content; ///< as it was remembered: what the call was about
    };
    std::optional<Recalled> recall(Key const& key, WirePoint now) const;
    void remember(Key const& key, std::uint32_t content, HttpResponse const& answer, WirePoint now);

    std::size_t recent() const { return recent_.size(); }
    std::uint64_t forgotten_early() const { return forgotten_early_; } ///< younger than the promised memory
    std::size_t distinct_bodies() const { return ids_.size(); }

private:
    // Answers of a fleet are few texts ("", {"useCaseVersion":3}), so a body is kept once and counted.
    struct Answer {
        std::uint32_t body = 0;
        std::uint16_t status = 0;
        CloudOperation operation = CloudOperation::heartbeat;
    };
    struct Recent {
        WirePoint at{};
        std::uint64_t hash = 0;
        Answer answer;
        std::uint32_t content = 0;
        std::uint32_t back = 0; ///< so many keys before this one comes the next older of its chain
    };
    struct Last {
        std::uint64_t hash = 0;
        std::uint32_t next = no_cloud_slot;
        std::uint32_t content = 0;
        Answer answer;
    };
    struct Body {
        std::string const* text = nullptr;
        std::uint32_t users = 0;
    };
    Answer keep(HttpResponse const& answer, CloudOperation operation);
    void release(Answer const& answer);
    HttpResponse build(Answer const& answer) const;
    Recent const* find(std::uint64_t hash) const;
    void add(Recent recent);
    void chain(Recent& recent);
    void rebuild_chains();
    void forget_old(WirePoint now);

    WireDuration memory_;
    std::size_t max_;
    // Chains lead from newer to older keys: where one leaves the deque it ends, so forgetting the oldest unlinks nothing.
    std::deque<Recent> recent_;           // oldest first; 36 bytes a key with its place in newest_
    std::vector<std::uint32_t> newest_;   // by the hash's low bits: number of the newest key of a chain
    std::uint32_t added_ = 0;             // the next key's number; goes round, only differences are looked at
    std::vector<std::uint32_t> first_of_; // by slot: head of a list in last_
    std::vector<Last> last_;
    std::unordered_map<std::string, std::uint32_t> ids_;
    std::vector<Body> bodies_;
    std::vector<std::uint32_t> free_bodies_;
    std::uint64_t forgotten_early_ = 0;
};

} // namespace almd
