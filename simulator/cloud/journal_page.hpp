// The journal for people and programs: rows, one entry in full, HAR 1.2, and answers to expectations.
#pragma once

#include "proto/http/router.hpp"

namespace almd {

struct CloudState;

/// Besides the fields: from=, to= (RFC 3339).
HttpResponse journal_page(CloudState const& state, Query const& query);
/// With headers and bodies.
HttpResponse journal_entry_page(CloudState const& state, std::string_view number);
/// operation=, system=, client=, status=, from=, to=.
HttpResponse journal_har(CloudState const& state, Query const& query);
HttpResponse journal_verify(CloudState const& state, std::string_view body);

} // namespace almd
