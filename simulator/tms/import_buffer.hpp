// The import buffer of one system: what waits for import into its clients, in export order.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/time.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace almd {

enum class BufferState : std::uint8_t {
    waiting,
    imported, ///< already in this client: needs umode 1 to run again
    running,
    error, ///< ended with a code that repeats: the next import continues at its step (I)
};
std::string_view name(BufferState state);

struct BufferEntry {
    TrRequest trkorr;
    std::optional<Client> client{}; ///< none while CTC=0
    TrFunction function = TrFunction::workbench;
    BufferState state = BufferState::waiting;
    bool import_again = false;  ///< umode 1 was set when it was added
    char resume_at = 0;         ///< step to continue with; 0: from the beginning
    TpReturnCode max_code{};    ///< highest code of its earlier tries
    std::uint64_t position = 0; ///< grows with each addition: export order
    TimePoint added_at{};
};

/// Keyed by request and client: the same request may stand several times, for different clients (I).
class ImportBuffer {
public:
    /// False: it is there already, nothing was changed.
    bool add(BufferEntry entry);
    bool remove(TrRequest trkorr, std::optional<Client> client);
    BufferEntry* find(TrRequest trkorr, std::optional<Client> client);
    BufferEntry const* find(TrRequest trkorr, std::optional<Client> client) const;

    std::size_t size() const { return index_.size(); }
    /// In export order; only one client's if one is given.
    std::vector<BufferEntry> queue(std::optional<Client> client = std::nullopt) const;
    std::size_t bytes() const;

private:
    struct Slot {
        BufferEntry entry;
        bool removed = false;
    };
    struct Key {
        TrRequest trkorr;
        std::optional<Client> client;
        friend bool operator==(Key const&, Key const&) = default;
    };
    struct KeyHash {
        std::size_t operator()(Key const& key) const;
    };
    void compact();

    std::vector<Slot> slots_; ///< sorted by position; removed ones are swept when they are the majority
    std::unordered_map<Key, std::uint64_t, KeyHash> index_; ///< -> position
    std::uint64_t last_position_ = 0;
};

} // namespace almd
