// Tolerant reading: what cannot be read is skipped, what can be read and is wrong gets a note.
#include "agent/settings/node.hpp"

#include "proto/schema/json_path.hpp"
#include "proto/schema/json_text.hpp"
#include "proto/schema/nearest_name.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace almd {

namespace {

constexpr std::size_t names_shown_max = 16;
constexpr std::size_t found_shown_max = 80;

} // namespace

Node Node::operator[](std::string_view key) const {
    std::string path = path_;
    append_key(path, key);
    if (!value_ || !value_->is_object()) return {nullptr, std::move(path), mistakes_};
    auto const found = value_->find(key);
    return {found == value_->end() ? nullptr : &*found, std::move(path), mistakes_};
}

std::vector<Node> Node::items() const {
    std::vector<Node> out;
    if (!value_ || !value_->is_array()) return out;
    for (std::size_t i = 0; i < value_->size(); ++i) {
        std::string path = path_;
        append_index(path, i);
        out.push_back(Node{&(*value_)[i], std::move(path), mistakes_});
    }
    return out;
}

Node Node::below(std::string_view path) const {
    Node node = *this;
    while (!path.empty()) {
        bool const index = path.starts_with('[');
        if (index || path.starts_with('.')) path.remove_prefix(1);
        auto const end = std::min(path.find_first_of(index ? "]" : ".["), path.size());
        std::string_view const part = path.substr(0, end);
        path.remove_prefix(std::min(end + (index ? 1 : 0), path.size()));
        node = index ? node.item(part) : node[part];
    }
    return node;
}

Node Node::item(std::string_view digits) const {
    std::size_t index = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), index);
    std::string path = path_;
    append_index(path, index);
    bool const there = value_ && value_->is_array() && index < value_->size();
    return {there ? &(*value_)[index] : nullptr, std::move(path), mistakes_};
}

std::string Node::upper_case(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

std::optional<std::string> Node::text() const {
    if (!value_ || !value_->is_string()) return std::nullopt;
    return value_->get<std::string>();
}

std::optional<bool> Node::flag() const {
    if (!value_ || !value_->is_boolean()) return std::nullopt;
    return value_->get<bool>();
}

std::optional<std::int64_t> Node::integer() const {
    if (!value_ || !value_->is_number()) return std::nullopt;
    if (value_->is_number_unsigned()) {
        auto const number = value_->get<std::uint64_t>();
        return std::in_range<std::int64_t>(number) ? std::optional{static_cast<std::int64_t>(number)} : std::nullopt;
    }
    if (value_->is_number_integer()) return value_->get<std::int64_t>();
    double const number = value_->get<double>();
    if (!is_integer(number)) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

std::optional<double> Node::number() const {
    if (!value_ || !value_->is_number()) return std::nullopt;
    return value_->get<double>();
}

std::optional<Duration> Node::duration(Duration least, Duration most) const {
    auto const found = text();
    if (!found) return std::nullopt;
    auto const span = kept(parse_duration(*found));
    if (span && (*span < least || *span > most)) {
        wrong(fmt::format("{} is out of range: {} to {} is allowed", *found, to_text(least), to_text(most)));
        return std::nullopt;
    }
    return span;
}

void Node::read(std::string_view key, std::string& into) const {
    if (auto found = (*this)[key].text()) into = *std::move(found);
}

void Node::read(std::string_view key, bool& into) const {
    if (auto const found = (*this)[key].flag()) into = *found;
}

void Node::read(std::string_view key, double& into) const {
    if (auto const found = (*this)[key].number()) into = *found;
}

void Node::read(std::string_view key, std::vector<std::string>& into) const {
    Node const list = (*this)[key];
    if (!list) return;
    into.clear();
    for (Node const& item : list.items())
        if (auto found = item.text()) into.push_back(*std::move(found));
}

void Node::wrong(std::string message) const {
    mistakes_->push_back({path_, std::move(message), value_ && (value_->is_primitive() || value_->empty())});
}

std::string unknown_name(std::string_view what, std::string_view found, std::vector<std::string> const& known) {
    std::string out = fmt::format("\"{}\" is {}", found.substr(0, found_shown_max), what);
    if (known.empty()) return out + "; there is none";
    out += "; there " + std::string{known.size() == 1 ? "is " : "are "};
    for (std::size_t i = 0; i < known.size() && i < names_shown_max; ++i) out += (i ? ", " : "") + known[i];
    if (known.size() > names_shown_max) out += fmt::format(" and {} more", known.size() - names_shown_max);
    std::vector<std::string_view> const names{known.begin(), known.end()};
    if (auto const near = nearest_name(found, names)) out += fmt::format("; did you mean {}?", *near);
    return out;
}

} // namespace almd
