// The table of steps, and what a request makes of it.
#include "simulator/tms/import_steps.hpp"

#include <algorithm>
#include <array>

namespace almd {

namespace {

/// Parts of the time of a request without objects, and of one object of each kind in percent of per_object (all I).
struct Step {
    char letter;
    std::string_view name;
    bool request_independent;
    int request, code, dictionary, tables, application;
};

/// Order and letters V.
constexpr std::array<Step, 12> tp_steps{{
    {'L', "IMPORT COMMANDFILE", false, 1, 0, 0, 0, 0},
    {'H', "DD IMPORT", false, 3, 0, 90, 0, 0},
    {'A', "DD ACTIVATION", true, 4, 0, 120, 0, 0},
    {'S', "DISTRIBUTION", true, 1, 0, 15, 0, 0},
    {'N', "CONVERSION", true, 2, 0, 45, 0, 0},
    {'6', "MOVE NAMETABS", true, 1, 0, 15, 0, 0},
    {'I', "MAIN IMPORT", false, 6, 60, 15, 18, 20},
    {'M', "ENQUEUE ACTIVATION", true, 1, 0, 0, 0, 0},
    {'D', "ADO IMPORT", false, 1, 0, 0, 0, 80},
    {'V', "VERSION MANAGEMENT", false, 1, 0, 0, 0, 0},
    {'R', "METHOD EXECUTION", false, 3, 0, 0, 2, 0},
    {'G', "GENERATION", true, 2, 40, 0, 0, 0},
}};

constexpr std::array<std::pair<char, std::string_view>, 4> marks{{
    {'E', "MAIN EXPORT"},
    {'<', "FORWARD"},
    {'>', "REMOVE FROM BUFFER"},
    {'!', "IMPORT END"},
}};

constexpr std::string_view dictionary_types[] = {"TABL", "DTEL", "DOMA", "VIEW", "TTYP", "SHLP", "ENQU", "TABD", "TABT",
                                                 "INDX", "DTED", "DOMD", "VIED", "VIET", "TTYD", "SHLD", "ENQD"};
constexpr std::string_view application_types[] = {"FORM", "STYL", "TEXT"};

Step const* find_step(char letter) {
    auto const found = std::ranges::find(tp_steps, letter, &Step::letter);
    return found == tp_steps.end() ? nullptr : &*found;
}

bool runs(char letter, bool tables_only, TpProfile const& profile, ImportContents const& contents) {
    switch (letter) {
    case 'L':
    case 'I':
    case 'R': return true;
    case 'S':
    case 'N':
    case '6': return contents.dictionary > 0;
    case 'D': return contents.applications > 0;
    case 'V': return profile.versions_at_import;
    default: return !tables_only;
    }
}

} // namespace

ImportContents ImportContents::of(TransportRequest const& request) {
    ImportContents contents;
    for (auto const object : request.objects) contents.add(object);
    return contents;
}

void ImportContents::add(ObjectView object) {
    if (object.is_comment()) return;
    if (object.holds_table_contents())
        ++tables;
    else if (std::ranges::find(dictionary_types, object.object()) != std::end(dictionary_types))
        ++dictionary;
    else if (std::ranges::find(application_types, object.object()) != std::end(application_types))
        ++applications;
    else
        ++code;
}

std::string_view step_order() {
    static constexpr auto letters = [] {
        std::array<char, tp_steps.size()> all{};
        std::ranges::transform(tp_steps, all.begin(), &Step::letter);
        return all;
    }();
    return {letters.data(), letters.size()};
}

std::string steps_of(TpProfile const& profile, TrFunction function, ImportContents const& contents) {
    bool const tables_only = function == TrFunction::customizing || contents.only_tables();
    std::string letters;
    for (auto const& step : tp_steps)
        if (runs(step.letter, tables_only, profile, contents)) letters += step.letter;
    return letters;
}

bool is_before(char step, char other) {
    return step_order().find(step) < step_order().find(other);
}

std::string steps_from(std::string_view steps, char resume_at) {
    std::string left{steps};
    if (resume_at != 0) std::erase_if(left, [&](char step) { return is_before(step, resume_at); });
    return left;
}

std::string_view step_name(char step) {
    if (auto const* found = find_step(step)) return found->name;
    auto const mark = std::ranges::find(marks, step, [](auto const& one) { return one.first; });
    return mark == marks.end() ? "UNKNOWN" : mark->second;
}

bool is_request_independent(char step) {
    auto const* found = find_step(step);
    return found && found->request_independent;
}

bool needs_batch_process(char step) {
    return step != 'L' && step != 'H' && step != 'I';
}

Duration step_duration(TpProfile const& profile, std::string_view letters, ImportContents const& contents, char step) {
    int all = 0;
    for (char const letter : letters) all += find_step(letter)->request;
    auto const& its = *find_step(step);
    auto const objects = Duration::rep{its.code} * contents.code + Duration::rep{its.dictionary} * contents.dictionary +
                         Duration::rep{its.tables} * contents.tables +
                         Duration::rep{its.application} * contents.applications;
    return profile.per_request * its.request / all + profile.per_object * objects / 100;
}

} // namespace almd
