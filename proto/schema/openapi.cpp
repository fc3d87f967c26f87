// Reads OpenAPI 3.0 into operations; references are followed, schemas compiled, what is missing is an error.
#include "proto/schema/openapi.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>

namespace almd {

namespace {

using nlohmann::json;

std::string escaped(std::string_view name) {
    std::string out;
    for (char c : name) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
}

/// A part of the document and where it stands; references are followed on the way.
class Part {
public:
    Part(json const& document, std::string pointer)
        : document_{&document}
        , pointer_{std::move(pointer)} {
        for (int hops = 0; hops < 10; ++hops) {
            node_ = &document_->at(json::json_pointer{pointer_.substr(1)});
            if (!node_->is_object() || !node_->contains("$ref")) return;
            pointer_ = node_->at("$ref").get<std::string>();
        }
        throw std::runtime_error{"references in a circle at " + pointer_};
    }

    Part operator[](std::string const& key) const { return {*document_, pointer_ + "/" + escaped(key)}; }
    Part operator[](std::size_t index) const { return {*document_, pointer_ + "/" + std::to_string(index)}; }
    bool has(std::string const& key) const { return node_->contains(key); }
    json const& node() const { return *node_; }
    bool flag(char const* key) const { return node_->value(key, false); }

    Validator schema() const {
        auto compiled = Validator::compile(*document_, pointer_);
        if (!compiled) throw std::runtime_error{compiled.error().context};
        return *std::move(compiled);
    }

private:
    json const* document_;
    json const* node_ = nullptr;
    std::string pointer_;
};

ParameterType type_of(Part const& schema) {
    std::string type = schema.node().value("type", "string");
    if (type == "integer") return ParameterType::integer;
    if (type == "boolean") return ParameterType::boolean;
    return type == "array" ? ParameterType::list : ParameterType::text;
}

void read_parameters(Part const& owner, std::vector<ContractParameter>& into) {
    if (!owner.has("parameters")) return;
    Part const list = owner["parameters"];
    for (std::size_t i = 0; i < list.node().size(); ++i) {
        Part const part = list[i];
        Part const schema = part["schema"];
        if (type_of(schema) == ParameterType::list && part.node().value("explode", true))
            throw std::runtime_error{"lists in parameters are understood with explode: false only"};
        into.push_back(
            {part.node().at("name"), part.node().at("in"), part.flag("required"), type_of(schema), schema.schema()});
    }
}

ContractContent read_content(Part const& owner) {
    ContractContent content;
    if (!owner.has("content")) return content;
    Part const types = owner["content"];
    for (auto const& [type, unused] : types.node().items()) content.emplace(type, types[type]["schema"].schema());
    return content;
}

ContractAnswer read_answer(Part const& part) {
    ContractAnswer answer{read_content(part), {}};
    if (!part.has("headers")) return answer;
    Part const headers = part["headers"];
    for (auto const& [name, unused] : headers.node().items())
        if (headers[name].flag("required")) answer.required_headers.push_back(name);
    return answer;
}

ContractOperation read_operation(json const& document, Part const& path, std::string const& pattern,
                                 std::string const& method) {
    Part const part = path[method];
    ContractOperation operation;
    operation.id = part.node().at("operationId");
    operation.pattern = pattern;
    for (char c : method) operation.method += static_cast<char>(std::toupper(c));
    read_parameters(path, operation.parameters);
    read_parameters(part, operation.parameters);
    json const& security =
        part.has("security") ? part.node().at("security") : document.value("security", json::array());
    operation.needs_bearer =
        !security.empty() && std::ranges::all_of(security, [](json const& one) { return one.contains("bearer"); });
    if (part.has("requestBody")) {
        Part const body = part["requestBody"];
        operation.body_required = body.flag("required");
        operation.body = read_content(body);
    }
    Part const answers = part["responses"];
    for (auto const& [status, unused] : answers.node().items())
        operation.answers.emplace(status, read_answer(answers[status]));
    return operation;
}

} // namespace

nlohmann::json parameter_value(ParameterType type, std::string const& text) {
    if (type == ParameterType::boolean && (text == "true" || text == "false")) return text == "true";
    if (type == ParameterType::list) {
        json list = json::array();
        for (std::size_t begin = 0; begin <= text.size();) {
            std::size_t end = std::min(text.find(',', begin), text.size());
            list.push_back(text.substr(begin, end - begin));
            begin = end + 1;
        }
        return list;
    }
    std::int64_t number = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool whole = problem == std::errc{} && end == text.data() + text.size();
    return type == ParameterType::integer && whole ? json(number) : json(text);
}

Result<std::vector<ContractOperation>> read_openapi(json const& document) {
    try {
        std::vector<ContractOperation> operations;
        Part const paths{document, "#/paths"};
        for (auto const& [pattern, unused] : paths.node().items()) {
            Part const path = paths[pattern];
            for (std::string const method : {"get", "put", "post", "delete", "patch"})
                if (path.has(method)) operations.push_back(read_operation(document, path, pattern, method));
        }
        return operations;
    } catch (std::exception const& problem) {
        return fail(ErrorCode::invalid, problem.what());
    }
}

} // namespace almd
