// Walks the flat table of a JSON text along its schema and stops at the first thing that does not fit.
#include "proto/schema/acceptance.hpp"

#include "proto/schema/validator.hpp"
#include "simulator/kernel/time.hpp"

#include <algorithm>

namespace almd {

namespace {

class Acceptance {
public:
    Acceptance(std::vector<SchemaNode> const& nodes, JsonText const& text)
        : nodes_{nodes}
        , text_{text} {}

    bool fits(std::uint32_t schema, std::uint32_t at) {
        if (++nesting_ > nesting_max) return --nesting_, false;
        bool const good = fits_here(nodes_[schema], at);
        --nesting_;
        return good;
    }

private:
    using Kind = JsonText::Kind;
    static constexpr int nesting_max = 320; // schemas that refer to themselves

    static std::uint8_t type_of(Kind kind) {
        constexpr std::uint8_t types[]{null_type,   boolean_type, integer_type, number_type,
                                       string_type, array_type,   object_type};
        return types[static_cast<std::size_t>(kind)];
    }

    bool fits_here(SchemaNode const& node, std::uint32_t at) {
        auto const& value = text_[at];
        if (node.never || (node.types & type_of(value.kind)) == 0 || !has_allowed_value(node, value)) return false;
        if (!content(node, at)) return false;
        auto const fits_it = [this, at](std::uint32_t branch) { return fits(branch, at); };
        if (!std::ranges::all_of(node.all_of, fits_it)) return false;
        if (!node.any_of.empty() && std::ranges::none_of(node.any_of, fits_it)) return false;
        return node.one_of.empty() || std::ranges::count_if(node.one_of, fits_it) == 1;
    }

    static bool equals(SchemaScalar const& allowed, JsonText::Value const& value) {
        if (auto const* text = std::get_if<std::string>(&allowed))
            return value.kind == Kind::string && value.text == *text;
        if (auto const* number = std::get_if<std::int64_t>(&allowed))
            return value.kind == Kind::integer && value.integer == *number;
        if (auto const* flag = std::get_if<bool>(&allowed))
            return value.kind == Kind::boolean && (value.integer != 0) == *flag;
        return value.kind == Kind::null;
    }

    static bool has_allowed_value(SchemaNode const& node, JsonText::Value const& value) {
        return node.values.empty() ||
               std::ranges::any_of(node.values, [&](SchemaScalar const& one) { return equals(one, value); });
    }

    bool content(SchemaNode const& node, std::uint32_t at) {
        switch (text_[at].kind) {
        case Kind::string: return string(node, text_[at].text);
        case Kind::integer:
        case Kind::number: return number(node, text_[at]);
        case Kind::array: return array(node, at);
        case Kind::object: return object(node, at);
        default: return true;
        }
    }

    static bool string(SchemaNode const& node, std::string_view text) {
        if (node.length_min > 0 || text.size() > node.length_max) {
            auto const first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
            auto const length = static_cast<std::size_t>(std::ranges::count_if(text, first_byte));
            if (length < node.length_min || length > node.length_max) return false;
        }
        if (node.format == TextFormat::date_time && !parse_rfc3339(text)) return false;
        if (node.format == TextFormat::uuid && !is_uuid(text)) return false;
        if (!node.pattern) return true;
        return text.size() <= Validator::pattern_text_max && node.pattern->matches(text);
    }

    static bool number(SchemaNode const& node, JsonText::Value const& value) {
        if (!node.minimum && !node.maximum) return true;
        auto const number = value.number();
        return (!node.minimum || number >= *node.minimum) && (!node.maximum || number <= *node.maximum);
    }

    bool array(SchemaNode const& node, std::uint32_t at) {
        auto const count = text_[at].count;
        if (count < node.items_min || count > node.items_max) return false;
        if (node.items == SchemaNode::none) return true;
        for (auto child = at + 1; child < text_[at].next; child = text_[child].next)
            if (!fits(node.items, child)) return false;
        return true;
    }

    bool object(SchemaNode const& node, std::uint32_t at) {
        if (text_[at].count < node.members_min) return false;
        std::size_t required = 0;
        for (auto child = at + 1; child < text_[at].next; child = text_[child].next) {
            auto const property =
                std::ranges::lower_bound(node.properties, text_[child].key, {},
                                         [](SchemaNode::Property const& one) { return std::string_view{one.name}; });
            if (property != node.properties.end() && property->name == text_[child].key) {
                required += property->required ? 1 : 0; // a text with two equal keys was refused before
                if (!fits(property->node, child)) return false;
            } else if (node.additional != SchemaNode::none) {
                if (!fits(node.additional, child)) return false;
            } else if (!node.additional_allowed) {
                return false;
            }
        }
        auto const needed = std::ranges::count_if(node.properties, &SchemaNode::Property::required);
        return required == static_cast<std::size_t>(needed);
    }

    std::vector<SchemaNode> const& nodes_;
    JsonText const& text_;
    int nesting_ = 0;
};

} // namespace

bool accepts_text(std::vector<SchemaNode> const& nodes, JsonText const& text) {
    return Acceptance{nodes, text}.fits(0, 0);
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex) return false;
    }
    return true;
}

} // namespace almd
