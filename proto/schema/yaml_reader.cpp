// Reads YAML through yaml-cpp's events: positions, duplicates, aliases and the types of plain scalars stay in our hands.
#include "proto/schema/document_builder.hpp"
#include "proto/schema/json_path.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <sstream>

namespace almd {

namespace {

using nlohmann::json;

TextPosition position(YAML::Mark const& mark) {
    return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

/// Ends the reading: yaml-cpp has no other way out of its events.
struct Refused {
    TextPosition at;
    std::string sentence;
};

/// YAML 1.2 core schema without octal, hexadecimal and the not-numbers, which JSON cannot hold.
json plain_scalar(std::string const& text) {
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
    std::string_view number = text;
    bool negative = number.starts_with('-');
    if (negative || number.starts_with('+')) number.remove_prefix(1);
    std::string_view digits = number.starts_with('.') ? number.substr(1) : number;
    if (digits.empty() || digits.front() < '0' || digits.front() > '9') return text;
    std::string signed_number = (negative ? "-" : "") + std::string{number};
    char const *begin = signed_number.data(), *end = begin + signed_number.size();
    std::int64_t whole = 0;
    if (auto [last, problem] = std::from_chars(begin, end, whole); problem == std::errc{} && last == end) return whole;
    double real = 0;
    if (auto [last, problem] = std::from_chars(begin, end, real); problem == std::errc{} && last == end) return real;
    return text;
}

class YamlReader : public YAML::EventHandler {
public:
    explicit YamlReader(DocumentBuilder& builder)
        : builder_{builder} {}

    json take_value() { return std::move(value_); }

    void OnDocumentStart(YAML::Mark const&) override {}
    void OnDocumentEnd() override {}
    void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override { leaf(mark, anchor, nullptr, "null"); }
    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  std::string const& text) override {
        bool plain = tag == "?";
        if (!plain && tag != "!" && tag != "tag:yaml.org,2002:str")
            refuse(mark, "the tag " + tag + " is not supported");
        leaf(mark, anchor, plain ? plain_scalar(text) : json(text), text);
    }
    void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, json::array());
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, json::object());
    }
    void OnMapEnd() override { close(); }
    void OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) override {
        auto found = anchors_.find(anchor);
        if (found == anchors_.end()) refuse(mark, "the alias refers to something that it is part of");
        if (expects_key()) refuse(mark, "an alias cannot be a key");
        if (open_.size() + found->second.depth > Document::depth_max) too_deep(mark);
        count(mark, found->second.cost);
        begin_value(mark);
        add(found->second.value, found->second.depth);
    }

private:
    struct Frame {
        json value;
        std::size_t path_length; // of the path of the container itself
        TextPosition key_at;
        std::optional<std::string> key; // read, its value not yet
        bool skipped = false;           // the key is a duplicate: its value is dropped
        YAML::anchor_t anchor;
        std::size_t cost_before;
        std::size_t depth = 1; // of the tree under it, itself included
    };
    struct Anchored {
        json value;
        std::size_t cost, depth;
    };

    [[noreturn]] static void refuse(YAML::Mark const& mark, std::string sentence) {
        throw Refused{position(mark), std::move(sentence)};
    }
    [[noreturn]] static void too_deep(YAML::Mark const& mark) {
        refuse(mark, fmt::format("nested deeper than {} levels", Document::depth_max));
    }
    void count(YAML::Mark const& mark, std::size_t cost) {
        cost_ += cost;
        if (cost_ > Document::values_max)
            refuse(mark, fmt::format("more than {} values, aliases followed", Document::values_max));
    }
    bool expects_key() const { return !open_.empty() && open_.back().value.is_object() && !open_.back().key; }

    // Extends the path by the value that begins here and notes its place; a mapping or list under a key stands where its key does.
    void begin_value(YAML::Mark const& mark, bool container = false) {
        if (!open_.empty()) {
            Frame& parent = open_.back();
            path_.resize(parent.path_length);
            if (parent.value.is_object())
                append_key(path_, *parent.key);
            else
                append_index(path_, parent.value.size());
            if (parent.skipped) return;
            if (container && parent.key) return builder_.place(path_, parent.key_at);
        }
        builder_.place(path_, position(mark));
    }

    void key(YAML::Mark const& mark, std::string const& text) {
        Frame& parent = open_.back();
        if (text == "<<") refuse(mark, "merge keys (<<) are not supported; use an alias for the whole value");
        parent.key = text;
        parent.key_at = position(mark);
        parent.skipped = parent.value.contains(text);
        if (!parent.skipped) return;
        path_.resize(parent.path_length);
        append_key(path_, text);
        builder_.given_twice(path_, position(mark));
    }

    void leaf(YAML::Mark const& mark, YAML::anchor_t anchor, json value, std::string const& text) {
        if (expects_key()) return key(mark, text);
        std::size_t cost = 1 + text.size() / 64;
        count(mark, cost);
        begin_value(mark);
        if (anchor != 0) anchors_.insert_or_assign(anchor, Anchored{value, cost, 0});
        add(std::move(value), 0);
    }

    void open(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor, json empty) {
        if (tag != "?" && tag != "!") refuse(mark, "the tag " + tag + " is not supported");
        if (expects_key()) refuse(mark, "a key must be plain text");
        if (open_.size() >= Document::depth_max) too_deep(mark);
        begin_value(mark, true);
        open_.push_back({std::move(empty), path_.size(), {}, std::nullopt, false, anchor, cost_});
        count(mark, 1);
    }

    void close() {
        Frame done = std::move(open_.back());
        open_.pop_back();
        if (done.anchor != 0)
            anchors_.insert_or_assign(done.anchor, Anchored{done.value, cost_ - done.cost_before, done.depth});
        add(std::move(done.value), done.depth);
    }

    void add(json value, std::size_t depth) {
        if (open_.empty()) {
            value_ = std::move(value);
            return;
        }
        Frame& parent = open_.back();
        parent.depth = std::max(parent.depth, depth + 1);
        if (!parent.value.is_object()) return parent.value.push_back(std::move(value));
        if (!parent.skipped) parent.value.emplace(*parent.key, std::move(value));
        parent.key.reset();
    }

    DocumentBuilder& builder_;
    json value_;
    std::vector<Frame> open_;
    std::map<YAML::anchor_t, Anchored> anchors_;
    std::string path_;
    std::size_t cost_ = 0;
};

/// yaml-cpp guesses encodings and takes some control characters for its own marks, so only clean UTF-8 goes in.
std::optional<std::size_t> first_unclean(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        auto c = static_cast<unsigned char>(text[at]);
        std::size_t length = utf8_character(text.substr(at, 4));
        if (length == 0 || (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f) return at;
        at += length;
    }
    return std::nullopt;
}

} // namespace

Result<Document> Document::from_yaml(std::string_view text, std::string name) {
    auto refused = [&](TextPosition at, std::string_view sentence) {
        return fail(ErrorCode::invalid, fmt::format("{}:{}:{}: {}", name, at.line, at.column, sentence));
    };
    if (text.size() > bytes_max)
        return fail(ErrorCode::too_large, fmt::format("{}: is larger than {} bytes", name, bytes_max));
    if (auto at = first_unclean(text)) return refused(position_of(text, *at), "not UTF-8 text, or a control character");
    try {
        // yaml-cpp 0.7 takes a quote that is never closed for a text up to the end of the file; it does see this end.
        std::istringstream in{std::string{text} + (text.ends_with('\n') ? "...\n" : "\n...\n")};
        YAML::Parser parser{in};
        DocumentBuilder builder{name};
        YamlReader reader{builder};
        parser.HandleNextDocument(reader);
        DocumentBuilder ignored{name};
        YamlReader rest{ignored};
        if (parser.HandleNextDocument(rest))
            return fail(ErrorCode::invalid, fmt::format("{}: has more than one YAML document (---)", name));
        return builder.finish(reader.take_value());
    } catch (Refused const& reason) {
        return refused(reason.at, reason.sentence);
    } catch (YAML::Exception const& reason) {
        return refused(position(reason.mark), fmt::format("is not YAML: {}", reason.msg));
    }
}

} // namespace almd
