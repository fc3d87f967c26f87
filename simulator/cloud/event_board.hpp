// Status events: what a person announces of services and systems, as Business Service Management shows it (row 25).
#pragma once

#include "proto/ids.hpp"
#include "simulator/cloud/registration_book.hpp"
#include "simulator/cloud/text_budget.hpp"

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace almd {

inline constexpr std::array<std::string_view, 5> event_types{"Maintenance", "Degradation", "Disruption",
                                                             "Communication", "Planned Availability"}; ///< V
inline constexpr std::array<std::string_view, 3> event_objects{"BusinessService", "CloudService",
                                                               "TechnicalSystem"}; ///< V

/// Names of the published fields are V (reference/cloud-alm.md 2.3); that an event has an end is V from the filters only.
struct StatusEvent {
    Uuid id;
    CloudTenant tenant = 0;
    std::string object, type, name, description, service, service_description, service_type, system_number;
    TimePoint start{};
    std::optional<TimePoint> end;
};

class EventBoard {
public:
    static constexpr std::size_t events_max = 10'000, text_max = 1'000;

    EventBoard(std::uint64_t seed, TextBudget& texts)
        : seed_{seed}
        , texts_{texts} {}

    /// The ID is given here. Errors: invalid names the field, full.
    Result<StatusEvent const*> add(StatusEvent event);
    bool remove(Uuid id);
    std::deque<StatusEvent> const& all() const { return events_; }

private:
    std::uint64_t seed_, serial_ = 0;
    TextBudget& texts_;
    std::deque<StatusEvent> events_;
};

} // namespace almd
