// The application log: what SLG1 shows.
#include "simulator/abap/application_log.hpp"

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

void ApplicationLog::write(LogEntry entry) {
    entry.number = next_number_++;
    if (entries_max_ == 0) {
        ++dropped_;
        return;
    }
    if (entries_.size() == entries_max_) {
        entries_.pop_front();
        ++dropped_;
    }
    entries_.push_back(std::move(entry));
}

} // namespace almd
