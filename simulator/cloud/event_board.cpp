// Announcing and withdrawing status events.
#include "simulator/cloud/event_board.hpp"

#include "simulator/kernel/characters.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace almd {

Result<StatusEvent const*> EventBoard::add(StatusEvent event) {
    if (std::ranges::find(event_types, event.type) == event_types.end())
        return fail(ErrorCode::invalid, fmt::format("eventType: one of {} was expected", fmt::join(event_types, ", ")));
    if (std::ranges::find(event_objects, event.object) == event_objects.end())
        return fail(ErrorCode::invalid, fmt::format("type: one of {} was expected", fmt::join(event_objects, ", ")));
    if (event.name.empty()) return fail(ErrorCode::invalid, "eventName: an event needs one");
    if (event.service.empty()) return fail(ErrorCode::invalid, "serviceName: an event is about a service or system");
    for (auto const* text : {&event.name, &event.description, &event.service, &event.service_description,
                             &event.service_type, &event.system_number})
        if (characters(*text) > text_max)
            return fail(ErrorCode::invalid, fmt::format("a text has at most {} characters", text_max));
    if (event.end && *event.end < event.start) return fail(ErrorCode::invalid, "endTime: it lies before startTime");
    if (events_.size() >= events_max)
        return fail(ErrorCode::too_large, fmt::format("the stand-in keeps at most {} events", events_max));
    auto const hash = mix(mix(seed_, hash_text("event")), ++serial_);
    event.id = Uuid::from_hash(hash, mix(hash));
    return &events_.emplace_back(std::move(event));
}

bool EventBoard::remove(Uuid id) {
    return std::erase_if(events_, [id](StatusEvent const& event) { return event.id == id; }) > 0;
}

} // namespace almd
