// Announcing and withdrawing status events.
#include "simulator/cloud/event_board.hpp"

#include "simulator/kernel/characters.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace almd {

namespace {

std::size_t kept_bytes(StatusEvent const& event) {
    auto bytes = sizeof event + TextBudget::row_bytes;
    for (auto const* text : {&event.object, &event.type, &event.name, &event.description, &event.service,
                             &event.service_description, &event.service_type, &event.system_number})
        bytes += heap_bytes(*text);
    return bytes;
}

} // namespace

Result<StatusEvent const*> EventBoard::add(StatusEvent event) {
    if (std::ranges::find(event_types, event.type) == event_types.end())
        return fail(ErrorCode::invalid, fmt::format("eventType: one of {} was expected", fmt::join(event_types, ", ")));
    if (std::ranges::find(event_objects, event.object) == event_objects.end())
        return fail(ErrorCode::invalid, fmt::format("type: one of {} was expected", fmt::join(event_objects, ", ")));
    if (is_blank(event.name)) return fail(ErrorCode::invalid, "eventName: an event needs one");
    if (is_blank(event.service)) return fail(ErrorCode::invalid, "serviceName: an event is about a service or system");
    for (auto const* text : {&event.name, &event.description, &event.service, &event.service_description,
                             &event.service_type, &event.system_number})
        if (characters(*text) > text_max)
            return fail(ErrorCode::invalid, fmt::format("a text has at most {} characters", text_max));
    if (event.end && *event.end < event.start) return fail(ErrorCode::invalid, "endTime: it lies before startTime");
    if (events_.size() >= events_max)
        return fail(ErrorCode::full, fmt::format("the stand-in keeps at most {} events; remove some", events_max));
    if (auto room = texts_.change(0, kept_bytes(event)); !room) return std::unexpected{room.error()};
    auto const hash = mix(mix(seed_, hash_text("event")), ++serial_);
    event.id = Uuid::from_hash(hash, mix(hash));
    return &events_.emplace_back(std::move(event));
}

bool EventBoard::remove(Uuid id) {
    auto const found = std::ranges::find(events_, id, &StatusEvent::id);
    if (found == events_.end()) return false;
    texts_.give_back(kept_bytes(*found));
    events_.erase(found);
    return true;
}

} // namespace almd
