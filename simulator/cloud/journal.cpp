// Keeping and forgetting.
#include "simulator/cloud/journal.hpp"

#include "proto/http/codec.hpp"
#include "simulator/cloud/secret_mask.hpp"

#include <algorithm>

namespace almd {

namespace {

std::string masked_target(std::string_view target) {
    auto const mark = target.find('?');
    if (mark == std::string_view::npos) return std::string{target};
    return std::string{target.substr(0, mark + 1)} + masked_form(target.substr(mark + 1));
}

std::string masked_body(std::string const& body) {
    std::string_view const text = std::string_view{body}.substr(0, Journal::body_max);
    // By its looks: who sends a form under a wrong Content-Type has a secret too.
    auto const first = text.find_first_not_of(" \t\r\n");
    bool const json = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
    auto shown = json ? masked_json(text) : masked_form(text);
    shown.shrink_to_fit();
    return shown;
}

std::string lines_of(std::vector<HttpHeader> const& headers) {
    std::string lines;
    for (auto const& header : headers)
        lines.append(header.name).append(": ").append(masked_header(header.name, header.value)).append("\n");
    lines.shrink_to_fit(); // it is kept: what it grew beyond its need would be too
    return lines;
}

} // namespace

void Journal::note(JournalEntry entry, HttpRequest const& request, HttpResponse const& response) {
    entry.number = ++noted_;
    bool const sent = entry.delivery == Delivery::normal || entry.delivery == Delivery::close_mid_body;
    entry.status = sent ? response.status : 0;
    entry.method = request.method;
    entry.host = request.host;
    entry.target = masked_target(request.target);
    bool const has_body = answer_has_body(response.status, request.method == "HEAD");
    entry.request_bytes = request.body.size();
    entry.answer_bytes = has_body ? response.body.size() : 0;
    entry.texts = JournalEntry::Texts{lines_of(request.headers), masked_body(request.body), lines_of(response.headers),
                                      has_body ? masked_body(response.body) : std::string{}};
    bytes_ += entry.texts->bytes();
    entries_.push_back(std::move(entry));
    make_room();
}

void Journal::make_room() {
    while (entries_.size() > entries_max_) {
        if (entries_.front().texts) bytes_ -= entries_.front().texts->bytes();
        entries_.pop_front();
    }
    textless_ = std::max(textless_, dropped());
    while (bytes_ > bytes_max_ && textless_ < noted_) {
        auto& oldest = entries_[textless_ - dropped()];
        bytes_ -= oldest.texts->bytes();
        oldest.texts.reset();
        ++textless_;
    }
}

JournalEntry const* Journal::find(std::uint64_t number) const {
    return number > dropped() && number <= noted_ ? &entries_[number - dropped() - 1] : nullptr;
}

} // namespace almd
