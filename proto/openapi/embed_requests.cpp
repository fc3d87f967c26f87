// Build tool: standin.yaml, cut to what RequestContract asks for, as JSON inside a C++ file. Reading YAML and answers that are
// never looked at was most of the stand-in's start.
#include "proto/schema/document.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>

namespace {

using nlohmann::json;

/// The paths whose payload is a proposal of this project; published ones and token calls have refusals of their own.
bool is_ours(std::string_view path) {
    return path.starts_with("/api/standin/") || path.starts_with("/api/landscape-management/");
}

json without_answers(json const& path) {
    json kept = json::object();
    for (auto const& [key, value] : path.items()) {
        kept[key] = value;
        if (!value.is_object() || !value.contains("operationId")) continue;
        kept[key]["responses"] = json::object();
        for (auto const* talk : {"description", "summary", "tags"}) kept[key].erase(talk);
    }
    return kept;
}

void copy_referenced(json const& from, json const& part, json& to, std::set<std::string>& done) {
    if (part.is_object() && part.contains("$ref")) {
        auto const pointer = part.at("$ref").get<std::string>();
        if (!done.insert(pointer).second) return;
        json::json_pointer const place{pointer.substr(1)};
        to[place] = from.at(place);
        copy_referenced(from, from.at(place), to, done);
    }
    if (part.is_structured())
        for (auto const& inner : part) copy_referenced(from, inner, to, done);
}

json requests_of(json const& contract) {
    json cut{{"paths", json::object()}};
    for (auto const& [path, value] : contract.at("paths").items())
        if (is_ours(path)) cut["paths"][path] = without_answers(value);
    std::set<std::string> done;
    auto const paths = cut["paths"];
    copy_referenced(contract, paths, cut, done);
    return cut;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) return std::fputs("usage: almd_embed_requests standin.yaml OUT.cpp\n", stderr), 2;
    std::ifstream in{argv[1]};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    auto const document = almd::Document::from_yaml(text, argv[1]);
    if (!document) return std::fputs((document.error().context + "\n").c_str(), stderr), 1;
    std::ofstream out{argv[2]};
    out << fmt::format("// Generated from proto/openapi/standin.yaml; not for editing.\n"
                       "#include \"simulator/cloud/request_contract.hpp\"\n\n"
                       "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n"
                       "namespace almd {{\n\nstd::string_view standin_requests() {{\n"
                       "    static constexpr std::string_view text = R\"almd_json({})almd_json\";\n"
                       "    return text;\n}}\n\n}} // namespace almd\n",
                       requests_of(document->value()).dump());
    return out.flush() ? 0 : 1;
}
