// Documents: the value, the place of each part of it, and JSON as one way to read one.
#include "proto/schema/document.hpp"

#include "proto/schema/document_builder.hpp"
#include "proto/schema/json_path.hpp"
#include "proto/schema/json_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>

namespace almd {

std::string to_text(Mistake const& mistake) {
    std::string text = mistake.where.empty() ? std::string{} : mistake.where + ": ";
    text += fmt::format("{}: {}", shown_path(mistake.path), mistake.message);
    if (!mistake.hint.empty()) text += "; " + mistake.hint;
    return text;
}

Document::Document(std::unique_ptr<Content> content)
    : content_{std::move(content)} {
}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

nlohmann::json const& Document::value() const {
    return content_->value;
}

std::string const& Document::name() const {
    return content_->name;
}

std::vector<Mistake> const& Document::mistakes() const {
    return content_->mistakes;
}

TextPosition Document::Content::position(std::string_view path) const {
    for (;;) {
        if (auto found = places.find(std::string{path}); found != places.end()) return found->second;
        if (path.empty()) return {};
        std::size_t cut = path.find_last_of(".[");
        path = path.substr(0, cut == std::string_view::npos ? 0 : cut);
    }
}

std::string Document::where(std::string_view path) const {
    TextPosition at = content_->position(path);
    return fmt::format("{}:{}:{}", content_->name, at.line, at.column);
}

std::size_t Document::line(std::string_view path) const {
    return content_->position(path).line;
}

DocumentBuilder::DocumentBuilder(std::string name)
    : content_{std::make_unique<Document::Content>()} {
    content_->name = std::move(name);
}

Document DocumentBuilder::finish(nlohmann::json value) {
    content_->value = std::move(value);
    return Document{std::move(content_)};
}

void DocumentBuilder::place(std::string const& path, TextPosition at) {
    content_->places.emplace(path, at);
}

void DocumentBuilder::given_twice(std::string const& path, TextPosition at) {
    TextPosition first = content_->places[path];
    content_->mistakes.push_back({path, "is given twice",
                                  fmt::format("the first one is in line {}; remove one", first.line),
                                  fmt::format("{}:{}:{}", content_->name, at.line, at.column)});
}

Result<Document> Document::load(std::string const& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) return fail(ErrorCode::io, fmt::format("{}: cannot be opened for reading", file));
    std::string text(bytes_max + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (in.bad() || (text.empty() && !in.eof())) return fail(ErrorCode::io, fmt::format("{}: cannot be read", file));
    return file.ends_with(".json") ? from_json(text, file) : from_yaml(text, file);
}

namespace {

using Kind = JsonText::Kind;

/// Depth is bounded by JsonText, so recursion is.
class TreeBuilder {
public:
    TreeBuilder(JsonText const& json, std::string_view text, DocumentBuilder& builder)
        : json_{json}
        , text_{text}
        , builder_{builder} {}

    nlohmann::json build(std::uint32_t index, std::string& path) {
        JsonText::Value const& value = json_[index];
        builder_.place(path, advance_to(value.offset));
        switch (value.kind) {
        case Kind::boolean: return value.integer != 0;
        case Kind::integer: return value.integer;
        case Kind::number: return value.number();
        case Kind::string: return std::string{value.text};
        case Kind::array:
        case Kind::object: return children(value, index, path);
        case Kind::null: break;
        }
        return nullptr;
    }

private:
    nlohmann::json children(JsonText::Value const& value, std::uint32_t index, std::string& path) {
        bool object = value.kind == Kind::object;
        nlohmann::json tree = object ? nlohmann::json::object() : nlohmann::json::array();
        std::size_t length = path.size(), position = 0;
        for (std::uint32_t at = index + 1; at < value.next; at = json_[at].next, ++position) {
            if (object)
                append_key(path, json_[at].key);
            else
                append_index(path, position);
            if (object && tree.contains(json_[at].key))
                builder_.given_twice(path, advance_to(json_[at].offset));
            else if (object)
                tree.emplace(std::string{json_[at].key}, build(at, path));
            else
                tree.push_back(build(at, path));
            path.resize(length);
        }
        return tree;
    }

    // Values come in the order of the text, so line and column are counted once over the whole of it.
    TextPosition advance_to(std::size_t offset) {
        TextPosition step = position_of(text_.substr(seen_), offset - seen_);
        seen_ = offset;
        at_.column = step.line > 1 ? step.column : at_.column + step.column - 1;
        at_.line += step.line - 1;
        return at_;
    }

    JsonText const& json_;
    std::string_view text_;
    DocumentBuilder& builder_;
    TextPosition at_;
    std::size_t seen_ = 0;
};

} // namespace

Result<Document> Document::from_json(std::string_view text, std::string name) {
    JsonLimits limits;
    limits.bytes_max = bytes_max;
    limits.depth_max = depth_max;
    limits.values_max = values_max;
    Result<JsonText> json = JsonText::parse(text, limits);
    if (!json) return fail(json.error().code, fmt::format("{}: {}", name, json.error().context));
    DocumentBuilder builder{std::move(name)};
    std::string path;
    nlohmann::json value = TreeBuilder{*json, text, builder}.build(0, path);
    return builder.finish(std::move(value));
}

} // namespace almd
