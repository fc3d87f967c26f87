// Objects that an import may not overwrite.
#include "simulator/tms/import_rules.hpp"

#include <algorithm>

namespace almd {

namespace {

/// "T000" or, with a star at its end, "T0*".
bool fits(std::string_view pattern, std::string_view text) {
    if (!pattern.ends_with('*')) return pattern == text;
    pattern.remove_suffix(1);
    return text.starts_with(pattern);
}

bool any_fits(std::vector<std::string> const& patterns, std::string_view text) {
    return std::ranges::any_of(patterns, [text](std::string const& one) { return fits(one, text); });
}

} // namespace

std::optional<Text> why_not_written(ObjectView object, TransportOrganizer const& target, ImportRules const& rules,
                                    ImportOptions const& options) {
    if (!options.ignore_table_class && object.holds_table_contents() && any_fits(rules.protected_tables, object.name()))
        return Text::table_class_protected;
    if (!options.overwrite_system_objects && any_fits(rules.system_objects, object.text()))
        return Text::object_system_dependent;
    if (!options.overwrite_originals && target.facts_of(object).original == target.system())
        return Text::object_is_original;
    for (auto const holder : target.locks_on(object)) {
        auto const* task = target.find_task(holder);
        bool const repair = task && task->function == TrFunction::repair_task;
        if (repair && !options.overwrite_repairs) return Text::object_in_repair;
        if (!repair && !options.overwrite_originals) return Text::object_is_original;
    }
    return std::nullopt;
}

bool type_is_locked(ImportRules const& rules, TrFunction function) {
    return rules.locked_types.find(static_cast<char>(function)) != std::string::npos;
}

} // namespace almd
