// One value of a configuration while it is read: it knows its path and takes notes of what is wrong with it.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/time.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace almd {

/// What reading found wrong, beside what the schema says.
struct PathMistake {
    std::string path, message;
    bool of_leaf; ///< about a text, number, flag or empty list itself: then it says it better than the schema would
};

/// A value that is missing or of a wrong type reads as nothing, without a note: the schema has reported it already. So a
/// file with mistakes is read as far as possible, and everything else that is wrong with it is found in the same run.
class Node {
public:
    Node(nlohmann::json const& document, std::vector<PathMistake>& mistakes)
        : value_{&document}
        , mistakes_{&mistakes} {}

    explicit operator bool() const { return value_ != nullptr; }
    std::string const& path() const { return path_; }
    Node operator[](std::string_view key) const;
    std::vector<Node> items() const;
    /// By a path such as "tms.delivery_routes[1].to".
    Node below(std::string_view path) const;

    std::optional<std::string> text() const;
    std::optional<bool> flag() const;
    std::optional<std::int64_t> integer() const;
    std::optional<double> number() const;
    /// Any of the types with a parse(): its error becomes the note. What is meant all the same (letters of the wrong case,
    /// a client without quotes) is the answer then, so that one slip does not hide what else is wrong.
    template <class T>
    std::optional<T> as() const {
        auto const found = text();
        if constexpr (std::is_same_v<T, Client>) {
            auto const number = integer(); // the schema asks for the quotes
            if (number && *number >= 0 && *number < 1000) return Client{static_cast<std::uint16_t>(*number)};
        }
        if (!found) return std::nullopt;
        if (auto good = kept(T::parse(*found))) return good;
        auto const meant = T::parse(upper_case(*found));
        return meant ? std::optional<T>{*meant} : std::nullopt;
    }
    /// In [least, most]; outside is a note.
    std::optional<Duration> duration(Duration least, Duration most) const;

    /// These leave `into` alone when there is nothing to read.
    void read(std::string_view key, std::string& into) const;
    void read(std::string_view key, bool& into) const;
    void read(std::string_view key, double& into) const;
    template <class Int>
        requires std::is_integral_v<Int>
    void read(std::string_view key, Int& into) const {
        if (auto const found = (*this)[key].integer(); found && std::in_range<Int>(*found))
            into = static_cast<Int>(*found);
    }
    void read(std::string_view key, std::vector<std::string>& into) const;
    template <class T>
        requires requires { T::parse(std::string_view{}); }
    void read(std::string_view key, T& into) const {
        if (auto const found = (*this)[key].template as<T>()) into = *found;
    }

    void wrong(std::string message) const;

private:
    Node(nlohmann::json const* value, std::string path, std::vector<PathMistake>* mistakes)
        : value_{value}
        , path_{std::move(path)}
        , mistakes_{mistakes} {}

    Node item(std::string_view digits) const;
    static std::string upper_case(std::string text);
    template <class T>
    std::optional<T> kept(Result<T> result) const {
        if (result) return *std::move(result);
        wrong(std::move(result.error().context));
        return std::nullopt;
    }

    nlohmann::json const* value_;
    std::string path_;
    std::vector<PathMistake>* mistakes_;
};

/// "QUX" is no system of the landscape; there are DEV, QUA, PRD; did you mean QUA? `what`: "no system of the landscape".
std::string unknown_name(std::string_view what, std::string_view found, std::vector<std::string> const& known);

} // namespace almd
