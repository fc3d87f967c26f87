// A transport request with its tasks and object lists, as E070, E071 and E070A hold them.
#pragma once

#include "proto/ids.hpp"
#include "simulator/cts/object_entry.hpp"
#include "simulator/kernel/time.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct TransportTask {
    TrRequest trkorr;
    TrFunction function = TrFunction::unclassified_task;
    TrStatus status = TrStatus::modifiable;
    std::string owner{};
    ObjectList objects{}; ///< moves to the request when the task is released
    TimePoint created_at{}, changed_at{};
    std::optional<TimePoint> released_at{};
};

using RequestAttributes = std::map<std::string, std::string>; ///< E070A: attribute -> value

/// Order of members: by size, there are many of them.
struct TransportRequest {
    TrRequest trkorr;
    TrFunction function = TrFunction::workbench;
    TrStatus status = TrStatus::modifiable;
    Client source_client = client_000;
    std::uint16_t components = 0;            ///< the source's component generation when it was exported
    std::optional<TransportTarget> target{}; ///< none: local
    std::string owner{}, text{};
    TimePoint created_at{}, changed_at{};
    std::optional<TimePoint> released_at{};
    std::vector<TransportTask> tasks{}; ///< in the order of their numbers
    ObjectList objects{};
    std::unique_ptr<RequestAttributes> attributes{}; ///< null: none, as nearly all
    std::uint64_t change = 0;                        ///< number of its last change in its system

    bool released() const { return status == TrStatus::released || status == TrStatus::released_protected; }
    /// Objects and tasks may be changed; not so once its release has started.
    bool open() const { return status == TrStatus::modifiable || status == TrStatus::modifiable_protected; }
    bool customizing() const { return function == TrFunction::customizing; }
    /// Entries that transport something, in the request and in its open tasks.
    std::size_t object_count() const;
    /// Empty: it has no attribute of that name.
    std::string_view attribute(std::string const& name) const;
};

/// "PROG", "TABU": of each object in it and its open tasks, in their order. Views of the request's own text.
std::vector<std::string_view> object_types(TransportRequest const& request);

/// E070-KORRDEV: SYST repository and cross-client objects, CUST client-specific ones (V). Copies: SYST (I).
std::string_view korrdev(TrFunction function);

/// What a request may be created as: K, W or T; every other letter is refused with the name of its type (V) as a reason.
Result<TrFunction> parse_creatable_function(std::string_view letter);

} // namespace almd
