// The rows of the contract: one function each. Checks that all rows share were done before.
#pragma once

#include "simulator/cloud/dialogue.hpp"

namespace almd {

HttpResponse answer_row(CloudState& cloud, CloudCall& call);

} // namespace almd
