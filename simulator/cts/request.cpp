// What can be read off a request, and the names of the request types.
#include "simulator/cts/request.hpp"

#include "simulator/abap/texts.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

struct RequestType {
    char letter;
    std::string_view name;
};

/// Those that exist in SAP and are not made here, with their names in TRFUNCTION (V).
constexpr RequestType refused_types[] = {
    {'C', "Relocation of Objects Without Package Change"},
    {'O', "Relocation of Objects with Package Change"},
    {'E', "Relocation of Complete Package"},
    {'M', "Client Transport Request"},
    {'L', "Deletion transport"},
    {'F', "Piece List"},
    {'G', "Piece List for CTS Project"},
    {'P', "Piece List for Upgrade"},
    {'D', "Piece List for Support Package"},
    {'Y', "Piece list for commit"},
    {'S', "Development/Correction"},
    {'R', "Repair"},
    {'X', "Unclassified Task"},
    {'Q', "Customizing Task"},
};

} // namespace

std::size_t TransportRequest::object_count() const {
    auto count = objects.count();
    for (auto const& task : tasks) count += task.objects.count();
    return count;
}

std::vector<std::string_view> object_types(TransportRequest const& request) {
    std::vector<std::string_view> types;
    auto const add = [&](ObjectList const& objects) {
        for (auto const object : objects)
            if (!object.is_comment()) types.push_back(object.object());
    };
    add(request.objects);
    for (auto const& task : request.tasks) add(task.objects);
    return types;
}

std::string_view TransportRequest::attribute(std::string const& name) const {
    if (!attributes) return {};
    auto const found = attributes->find(name);
    return found == attributes->end() ? std::string_view{} : found->second;
}

std::string_view korrdev(TrFunction function) {
    return function == TrFunction::customizing || function == TrFunction::customizing_task ? "CUST" : "SYST";
}

Result<TrFunction> parse_creatable_function(std::string_view letter) {
    if (letter == "K" || letter == "W" || letter == "T") return static_cast<TrFunction>(letter[0]);
    auto const type = std::ranges::find_if(
        refused_types, [&](RequestType const& one) { return letter == std::string_view{&one.letter, 1}; });
    auto const named =
        type == std::end(refused_types) ? in_quotes(letter) : fmt::format("{} ({})", type->letter, type->name);
    return fail(ErrorCode::invalid, text_of(Text::function_refused, named));
}

} // namespace almd
