// Rows 13 to 15: what the cloud wants done, and what became of it.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

enum class WorkKind : std::uint8_t {
    create,
    add_user,
    release,
    toc,
    delete_empty,
    import,
    check,
    export_check,
    retrofit
};
std::string_view name(WorkKind kind); ///< as on the wire: "addUser"
Result<WorkKind> parse_work_kind(std::string_view text);

struct WorkItem {
    WorkId id;
    WorkKind kind = WorkKind::import;
    std::optional<FeatureId> feature;
    std::optional<Uuid> subset; ///< items deployed together
    Client client = client_000; ///< of the executing registration; an import's own client stands in target
    std::optional<TransportTarget> target;
    std::vector<TrRequest> transports;
    std::map<std::string, std::string> parameters;
    int lease_seconds = 600;
};

struct WorkList {
    std::vector<WorkItem> items;
};

enum class WorkStatus : std::uint8_t { started, finished, failed, rejected };
std::string_view name(WorkStatus status);

struct WorkResult {
    struct Step {
        std::string step; ///< tp step letter
        TpReturnCode return_code;
        friend bool operator==(Step const&, Step const&) = default;
    };
    struct Transport {
        TrRequest trkorr;
        std::optional<TransportTarget> target;
        std::optional<TpReturnCode> return_code; ///< none: not executed
        std::vector<Step> steps;
        friend bool operator==(Transport const&, Transport const&) = default;
    };
    struct Message {
        char type = 'S'; ///< A E W I S
        std::string id, number, text;
        friend bool operator==(Message const&, Message const&) = default;
    };
    WorkStatus status = WorkStatus::started;
    std::optional<TpReturnCode> return_code;
    std::vector<Transport> transports;
    std::vector<Message> messages;
    std::optional<TimePoint> started_at, ended_at;
    std::string user;
    friend bool operator==(WorkResult const&, WorkResult const&) = default;
};

struct CheckResult {
    struct Finding {
        std::string check, kind, severity, object;
        std::optional<TrRequest> transport, other_transport;
        std::string text;
        friend bool operator==(Finding const&, Finding const&) = default;
    };
    WorkStatus status = WorkStatus::finished;
    std::vector<Finding> findings;
    friend bool operator==(CheckResult const&, CheckResult const&) = default;
};

std::string encode(WorkList const& message);
Result<WorkList> decode_work_list(std::string_view json);
std::string encode(WorkResult const& message);
Result<WorkResult> decode_work_result(std::string_view json);
std::string encode(CheckResult const& message);
Result<CheckResult> decode_check_result(std::string_view json);

} // namespace almd
