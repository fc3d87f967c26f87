// The rows of the contract: one function each. Checks that all rows share were done before.
#pragma once

#include "simulator/cloud/dialogue.hpp"

namespace almd {

/// 400 with the path of the field. A registration has codes of its own for two that matter.
HttpResponse invalid_body(std::string_view path, std::string_view sentence);

/// What a call of row 13 asks for; nothing, when it asks wrongly.
std::optional<WorkDesk::Poll> poll_of(CloudState const& cloud, CloudCall const& call);

HttpResponse answer_row(CloudState& cloud, CloudCall& call);

} // namespace almd
