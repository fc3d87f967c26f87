// Compiles schemas; whatever it does not know is an error, so that nothing is silently unchecked.
#include "proto/schema/schema_compiler.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <utility>

namespace almd {

namespace {

using nlohmann::json;

constexpr std::size_t schema_depth_max = 64;

std::uint8_t type_bit(std::string_view name) {
    if (name == "null") return null_type;
    if (name == "boolean") return boolean_type;
    if (name == "integer") return integer_type;
    if (name == "number") return number_type | integer_type;
    if (name == "string") return string_type;
    if (name == "array") return array_type;
    if (name == "object") return object_type;
    return 0;
}

class SchemaCompiler {
public:
    explicit SchemaCompiler(json const& document)
        : document_{document} {}

    Result<std::vector<SchemaNode>> compile(std::string const& pointer) {
        reference(pointer);
        if (error_) return std::unexpected{*std::move(error_)};
        return std::move(nodes_);
    }

private:
    // The first mistake counts; what is read after it does no harm.
    void refuse(std::string_view sentence) {
        if (!error_) error_ = Error{ErrorCode::invalid, fmt::format("schema {}: {}", place_, sentence)};
    }

    // A node gets its index before its content is read, so that schemas may refer to themselves.
    std::uint32_t reference(std::string const& pointer) {
        if (auto known = by_pointer_.find(pointer); known != by_pointer_.end()) return known->second;
        try {
            if (pointer.starts_with('#'))
                return compile_at(document_.at(json::json_pointer{pointer.substr(1)}), pointer);
        } catch (json::exception const&) { // nothing at this pointer
        }
        refuse(fmt::format("the reference {} leads to nothing in this document", pointer));
        return 0;
    }

    std::uint32_t compile_at(json const& schema, std::string const& pointer) {
        if (auto known = by_pointer_.find(pointer); known != by_pointer_.end()) return known->second;
        if (depth_ >= schema_depth_max) {
            refuse("nested too deep");
            return 0;
        }
        auto index = static_cast<std::uint32_t>(nodes_.size());
        nodes_.emplace_back();
        by_pointer_.emplace(pointer, index);
        std::string outer = std::exchange(place_, pointer);
        ++depth_;
        SchemaNode node = content(schema, pointer);
        nodes_[index] = std::move(node);
        --depth_;
        place_ = std::move(outer);
        return index;
    }

    SchemaNode content(json const& schema, std::string const& pointer) {
        SchemaNode node;
        if (schema.is_boolean()) {
            node.never = !schema.get<bool>();
            return node;
        }
        if (!schema.is_object()) {
            refuse("must be an object, true or false");
            return node;
        }
        if (auto ref = schema.find("$ref"); ref != schema.end()) {
            for (auto const& [keyword, value] : schema.items())
                if (keyword != "$ref" && !is_annotation(keyword))
                    refuse(fmt::format("{} beside $ref would be ignored", keyword));
            node.all_of.push_back(reference(text("$ref", *ref)));
            return node;
        }
        for (auto const& [keyword, value] : schema.items()) apply(node, keyword, value, pointer);
        if (schema.contains("nullable") && flag("nullable", schema["nullable"])) {
            if (!schema.contains("type")) refuse("nullable needs a type beside it");
            node.types |= null_type;
            if (!node.values.empty()) node.values.emplace_back(nullptr);
        }
        mark_required(node, schema);
        return node;
    }

    bool is_annotation(std::string_view keyword) const {
        static constexpr std::array names{"title",      "description", "default",   "example",    "examples",
                                          "deprecated", "readOnly",    "writeOnly", "$schema",    "$id",
                                          "$comment",   "definitions", "$defs",     "components", "externalDocs"};
        return keyword.starts_with("x-") || std::ranges::find(names, keyword) != names.end();
    }

    void apply(SchemaNode& node, std::string const& keyword, json const& value, std::string const& pointer) {
        if (keyword == "type")
            node.types = types(value);
        else if (keyword == "nullable" || keyword == "required")
            return; // when the rest is known
        else if (keyword == "properties")
            properties(node, value, pointer);
        else if (keyword == "additionalProperties") {
            if (value.is_boolean())
                node.additional_allowed = value.get<bool>();
            else
                node.additional = compile_at(value, pointer + "/additionalProperties");
        } else if (keyword == "items")
            node.items = compile_at(value, pointer + "/items");
        else if (keyword == "uniqueItems")
            node.unique_items = flag(keyword, value);
        else if (keyword == "minItems")
            node.items_min = size(keyword, value);
        else if (keyword == "maxItems")
            node.items_max = size(keyword, value);
        else if (keyword == "minProperties")
            node.members_min = size(keyword, value);
        else if (keyword == "minLength")
            node.length_min = size(keyword, value);
        else if (keyword == "maxLength")
            node.length_max = size(keyword, value);
        else if (keyword == "minimum")
            raise(node.minimum, number(keyword, value));
        else if (keyword == "maximum")
            lower(node.maximum, number(keyword, value));
        else if (keyword == "enum")
            values(node, value);
        else if (keyword == "const")
            values(node, json::array({value}));
        else if (keyword == "pattern")
            pattern(node, text(keyword, value));
        else if (keyword == "format")
            format(node, text(keyword, value));
        else if (keyword == "oneOf")
            node.one_of = list(keyword, value, pointer);
        else if (keyword == "anyOf")
            node.any_of = list(keyword, value, pointer);
        else if (keyword == "allOf")
            node.all_of = list(keyword, value, pointer);
        else if (keyword == "x-allowed")
            node.allowed = text(keyword, value);
        else if (!is_annotation(keyword))
            refuse(fmt::format("the keyword {} is not supported", keyword));
    }

    static void raise(std::optional<double>& limit, double value) { limit = limit ? std::max(*limit, value) : value; }
    static void lower(std::optional<double>& limit, double value) { limit = limit ? std::min(*limit, value) : value; }

    bool flag(std::string_view keyword, json const& value) {
        if (value.is_boolean()) return value.get<bool>();
        refuse(fmt::format("{} must be true or false", keyword));
        return false;
    }
    std::size_t size(std::string_view keyword, json const& value) {
        if (value.is_number_integer() && value.get<std::int64_t>() >= 0) return value.get<std::size_t>();
        refuse(fmt::format("{} must be an integer of at least 0", keyword));
        return 0;
    }
    double number(std::string_view keyword, json const& value) {
        if (value.is_number()) return value.get<double>();
        refuse(fmt::format("{} must be a number", keyword));
        return 0;
    }
    std::string text(std::string_view keyword, json const& value) {
        if (value.is_string()) return value.get<std::string>();
        refuse(fmt::format("{} must be text", keyword));
        return {};
    }

    std::uint8_t types(json const& value) {
        std::uint8_t mask = 0;
        for (json const& name : value.is_array() ? value : json::array({value})) {
            std::uint8_t bit = name.is_string() ? type_bit(name.get<std::string>()) : std::uint8_t{0};
            if (bit == 0) refuse(fmt::format("unknown type {}", name.dump()));
            mask |= bit;
        }
        return mask;
    }

    void properties(SchemaNode& node, json const& value, std::string const& pointer) {
        if (!value.is_object()) return refuse("properties must be an object");
        for (auto const& [name, schema] : value.items()) { // in the order of the names
            std::string escaped;
            for (char c : name) escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
            node.properties.push_back({name, compile_at(schema, pointer + "/properties/" + escaped), false});
        }
    }

    void mark_required(SchemaNode& node, json const& schema) {
        auto required = schema.find("required");
        if (required == schema.end()) return;
        if (!required->is_array()) return refuse("required must be a list of names");
        for (json const& entry : *required) {
            std::string name = text("required", entry);
            auto found = std::ranges::find(node.properties, name, &SchemaNode::Property::name);
            if (found == node.properties.end())
                return refuse(fmt::format("{} is required but not among the properties", name));
            found->required = true;
        }
    }

    void values(SchemaNode& node, json const& list) {
        if (!list.is_array() || list.empty()) return refuse("enum must be a list of values");
        for (json const& value : list) {
            if (value.is_null())
                node.values.emplace_back(nullptr);
            else if (value.is_boolean())
                node.values.emplace_back(value.get<bool>());
            else if (value.is_number_integer())
                node.values.emplace_back(value.get<std::int64_t>());
            else if (value.is_string())
                node.values.emplace_back(value.get<std::string>());
            else
                refuse("enum and const may hold texts, integers, booleans and null only");
        }
    }

    void pattern(SchemaNode& node, std::string const& text) {
        node.pattern = TextPattern::compile(text);
        if (!node.pattern) refuse(fmt::format("the pattern {} is not a regular expression", text));
        node.pattern_text = text;
    }

    void format(SchemaNode& node, std::string const& name) {
        if (name == "date-time")
            node.format = TextFormat::date_time;
        else if (name == "uuid")
            node.format = TextFormat::uuid;
        else if (name == "int32") {
            raise(node.minimum, std::numeric_limits<std::int32_t>::min());
            lower(node.maximum, std::numeric_limits<std::int32_t>::max());
        } else if (name != "int64")
            refuse(fmt::format("the format {} is not supported", name));
    }

    std::vector<std::uint32_t> list(std::string const& keyword, json const& value, std::string const& pointer) {
        std::vector<std::uint32_t> indices;
        if (!value.is_array() || value.empty()) refuse(fmt::format("{} must be a list of schemas", keyword));
        for (std::size_t i = 0; i < value.size(); ++i)
            indices.push_back(compile_at(value[i], fmt::format("{}/{}/{}", pointer, keyword, i)));
        return indices;
    }

    json const& document_;
    std::vector<SchemaNode> nodes_;
    std::map<std::string, std::uint32_t> by_pointer_;
    std::string place_ = "#";
    std::size_t depth_ = 0;
    std::optional<Error> error_;
};

} // namespace

std::string to_text(SchemaScalar const& value) {
    struct Writer {
        std::string operator()(std::nullptr_t) const { return "null"; }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(std::string const& text) const { return text; }
    };
    return std::visit(Writer{}, value);
}

Result<std::vector<SchemaNode>> compile_schema(json const& document, std::string_view pointer) {
    return SchemaCompiler{document}.compile(std::string{pointer});
}

} // namespace almd
