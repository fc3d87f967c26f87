// The application log: what SLG1 shows.
#include "simulator/abap/application_log.hpp"

#include <algorithm>
#include <utility>

namespace almd {

std::string_view name(ExternalId id) {
    switch (id) {
    case ExternalId::none: return "";
    case ExternalId::read: return "READ";
    case ExternalId::read_landscape: return "READ LANDSCAPE";
    case ExternalId::import: return "IMPORT";
    case ExternalId::import_feedback: return "IMPORT FEEDBACK";
    case ExternalId::client_dependent: return "CLIENT DEPENDENT";
    case ExternalId::create: return "CREATE";
    case ExternalId::release: return "RELEASE";
    case ExternalId::export_feedback: return "EXPORT FEEDBACK";
    case ExternalId::toc: return "TOC";
    case ExternalId::tr_check: return "TR CHECK";
    case ExternalId::retro: return "RETRO";
    case ExternalId::retro_cate: return "RETRO_CATE";
    case ExternalId::retro_auto: return "RETRO_AUTO";
    case ExternalId::retro_reject: return "RETRO_REJECT";
    }
    return "";
}

std::uint16_t ApplicationLog::next_message_in(LogNumber log) const {
    auto const searched = std::min(entries_.size(), searched_max);
    for (auto entry = entries_.rbegin(); entry != entries_.rbegin() + static_cast<std::ptrdiff_t>(searched); ++entry)
        if (entry->log == log) return static_cast<std::uint16_t>(entry->message + 1);
    return 0;
}

LogNumber ApplicationLog::write(LogEntry entry) {
    if (entry.log != 0) entry.message = next_message_in(entry.log);
    if (entry.message == 0) {
        entry.log = ++last_log_;
        entry.message = 1;
    }
    auto const log = entry.log;
    if (entries_max_ == 0) {
        ++dropped_;
        return log;
    }
    if (entries_.size() == entries_max_) {
        entries_.pop_front();
        ++dropped_;
    }
    entries_.push_back(std::move(entry));
    return log;
}

} // namespace almd
