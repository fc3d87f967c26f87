// What a fault does to the answer of a call.
#pragma once

#include "simulator/cloud/faults.hpp"

namespace almd {

/// Kinds that answer instead of the row: nothing is done.
bool is_before_the_work(FaultKind kind);
/// An answer without a text has nothing that it could break.
bool breaks_text(FaultKind kind);
/// The answer of such a kind.
HttpResponse fault_answer(FaultHit const& hit, FaultTarget const& target);
/// The other kinds: what becomes of the row's answer.
HttpResponse spoil(FaultRule const& rule, HttpResponse response);

} // namespace almd
