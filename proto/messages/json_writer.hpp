// Writes a message as JSON straight into one string: no tree, no intermediate copies. Private to the codecs.
#pragma once

#include "simulator/kernel/time.hpp"

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace almd {

/// Ids, clients, requests and targets: whatever has a text() of its own.
template <class T>
concept HasText = requires(T const& value) {
    { value.text() } -> std::convertible_to<std::string_view>;
};

class JsonWriter {
public:
    explicit JsonWriter(std::size_t expected_bytes) { out_.reserve(expected_bytes); }

    void begin_object() { separate(), out_ += '{'; }
    void end_object() { out_ += '}'; }
    void begin_array() { separate(), out_ += '['; }
    void end_array() { out_ += ']'; }
    /// `key` is a literal of ours and needs no escaping.
    void name(std::string_view key) {
        separate();
        out_ += '"';
        out_ += key;
        out_ += "\":";
    }

    /// A member whose name is data.
    void entry(std::string_view key, std::string_view text) {
        value(key);
        out_ += ':';
        value(text);
    }

    void value(std::string_view text); ///< bytes that are not UTF-8 become U+FFFD
    void value(std::string const& text) { value(std::string_view{text}); }
    void value(char const* text) { value(std::string_view{text}); }
    void value(bool flag) { raw(flag ? "true" : "false"); }
    void value(char letter) { value(std::string_view{&letter, 1}); }
    void value(TimePoint at) { plain(rfc3339(at)); }
    template <std::integral T>
        requires(!std::same_as<T, bool> && !std::same_as<T, char>)
    void value(T number) {
        char digits[24];
        raw({digits, std::to_chars(digits, digits + sizeof digits, number).ptr});
    }
    /// The shortest text that reads back as the same number. JSON has none for what is not finite: null.
    void value(double number) {
        char digits[32];
        raw(std::isfinite(number) ? std::string_view{digits, std::to_chars(digits, digits + sizeof digits, number).ptr}
                                  : "null");
    }
    template <HasText T>
    void value(T const& id) {
        plain(id.text());
    }
    template <class T>
    void value(std::optional<T> const& maybe) {
        if (maybe)
            value(*maybe);
        else
            raw("null");
    }
    template <class T>
    void value(std::vector<T> const& items) {
        begin_array();
        for (T const& item : items) value(item);
        end_array();
    }

    template <class T>
    void field(std::string_view key, T const& content) {
        name(key);
        value(content);
    }
    /// An array of objects: `write(item)` writes the fields of one.
    template <class T, class Write>
    void objects(std::string_view key, std::vector<T> const& items, Write write) {
        name(key);
        begin_array();
        for (T const& item : items) {
            begin_object();
            write(item);
            end_object();
        }
        end_array();
    }

    std::string take() { return std::move(out_); }

private:
    // The last byte tells whether a comma is due: a finished value never ends in one of these.
    void separate() {
        if (!out_.empty() && out_.back() != '{' && out_.back() != '[' && out_.back() != ':') out_ += ',';
    }
    void raw(std::string_view text) { separate(), out_ += text; }
    void plain(std::string_view text) {
        separate();
        out_ += '"';
        out_ += text;
        out_ += '"';
    }

    std::string out_;
};

} // namespace almd
