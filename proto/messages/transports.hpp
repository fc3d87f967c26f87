// Row 12: transports, in batches behind a cursor.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

inline constexpr std::size_t transports_per_push_max = 500;

struct TransportRecord {
    struct Import {
        TransportTarget target;
        TpReturnCode return_code;
        TimePoint at{};
        std::string user;
    };
    TrRequest trkorr;
    TrFunction function = TrFunction::workbench;
    TrStatus status = TrStatus::modifiable;
    std::string owner, text;
    SystemId source_system;
    Client source_client;
    std::optional<TransportTarget> target; ///< none: local
    TimePoint created_at{}, changed_at{};
    std::optional<TimePoint> released_at;
    std::optional<TrRequest> parent; ///< of a task: its request
    std::vector<TrRequest> tasks;
    int objects = 0;
    std::vector<Import> imports;
};

struct TransportsPush {
    std::optional<std::string> cursor;
    bool full = true;
    std::vector<TransportRecord> transports;
};

struct TransportsAnswer {
    std::string cursor;
    int accepted = 0;
};

std::string encode(TransportsPush const& message);
Result<TransportsPush> decode_transports_push(std::string_view json);
std::string encode(TransportsAnswer const& message);
Result<TransportsAnswer> decode_transports_answer(std::string_view json);

} // namespace almd
