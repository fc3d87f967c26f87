// What keeps an object of an imported request from being written in the target system, and the umode that overrules it.
#pragma once

#include "simulator/abap/system_spec.hpp"
#include "simulator/abap/texts.hpp"
#include "simulator/cts/transport_organizer.hpp"
#include "simulator/tms/import_options.hpp"

#include <optional>

namespace almd {

/// The text says what is wrong with &1 object in &2 system; none: it is written. Such an import ends with 8 (V: original
/// object, open repair; that the table class and system-dependent objects end the same way is I). Originals are objects
/// whose directory entry names the target as their original system, or that a request of the target develops right now.
std::optional<Text> why_not_written(ObjectView object, TransportOrganizer const& target, ImportRules const& rules,
                                    ImportOptions const& options);

/// Are requests of this kind let into the system (umode 9)?
bool type_is_locked(ImportRules const& rules, TrFunction function);

} // namespace almd
