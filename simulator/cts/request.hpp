// A transport request with its tasks and object entries, as E070, E071 and E070A hold them.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace almd {

/// One line of E071: "R3TR PROG ZPROG".
class ObjectEntry {
public:
    /// PGMID is R3TR, LIMU, LANG, CORR or *; OBJECT at most 4 characters; OBJ_NAME at most 120.
    static Result<ObjectEntry> parse(std::string_view text);
    /// The comment line that the release of a task leaves in its request: CORR RELE <task> <date> <time> <user> (I).
    static ObjectEntry released_task(TrRequest task, TimePoint at, std::string_view user);

    std::string_view pgmid() const { return {pgmid_.data(), width(pgmid_)}; }
    std::string_view object() const { return {object_.data(), width(object_)}; }
    std::string_view name() const { return name_; }
    bool is_comment() const { return pgmid_[0] == 'C' || pgmid_[0] == '*'; } ///< transports nothing
    std::string text() const;
    friend bool operator==(ObjectEntry const&, ObjectEntry const&) = default;

private:
    using Short = std::array<char, 4>;
    static std::size_t width(Short const& chars);
    Short pgmid_{}, object_{};
    std::string name_;
};

struct TransportTask {
    TrRequest trkorr;
    TrFunction function = TrFunction::unclassified_task;
    TrStatus status = TrStatus::modifiable;
    std::string owner{};
    std::vector<ObjectEntry> objects{}; ///< move to the request when the task is released
    TimePoint created_at{}, changed_at{};
    std::optional<TimePoint> released_at{};
};

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
    std::vector<TransportTask> tasks{};
    std::vector<ObjectEntry> objects{};
    std::vector<std::pair<std::string, std::string>> attributes{}; ///< E070A: attribute, value
    std::uint64_t change = 0;                                      ///< number of its last change in its system

    bool released() const { return status == TrStatus::released || status == TrStatus::released_protected; }
    bool customizing() const { return function == TrFunction::customizing; }
    /// Entries that transport something, in the request and in its open tasks.
    std::size_t object_count() const;
};

} // namespace almd
