// What the routes of the person's verbs share: reading a body with known keys, and answering.
#pragma once

#include "proto/http/router.hpp"

#include <fmt/format.h>
#include <nlohmann/json_fwd.hpp>

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

class Cloud;
struct CloudState;

/// not_found 404; conflict, full and too_large 409; refused 422, everything else 400.
HttpResponse refuse(Error const& error, std::string_view target = {});
HttpResponse good(int status, nlohmann::json const& body);

/// The body of a verb: one object with known keys. The first mistake is kept with its key.
class VerbBody {
public:
    VerbBody(RoutedRequest const& request, std::initializer_list<std::string_view> keys);
    ~VerbBody();
    VerbBody(VerbBody const&) = delete;
    VerbBody& operator=(VerbBody const&) = delete;

    bool has(std::string_view key) const;
    std::string text(std::string_view key, bool required = true);
    std::vector<std::string> texts(std::string_view key, bool required = true);
    bool flag(std::string_view key);
    int number(std::string_view key, int max); ///< from 1; 0: it is not there
    std::map<std::string, std::string> text_map(std::string_view key);

    /// A value with a parse(text) of its own.
    template <class T>
    std::optional<T> value(std::string_view key, bool required = true) {
        if (!required && !has(key)) return std::nullopt;
        return parsed<T>(key, text(key));
    }

    template <class T>
    std::vector<T> values(std::string_view key, bool required = true) {
        std::vector<T> list;
        for (auto const& word : texts(key, required))
            if (auto const one = parsed<T>(key, word)) list.push_back(*one);
        return list;
    }

    void wrong(std::string_view key, std::string_view sentence);
    std::optional<HttpResponse> const& mistake() const { return mistake_; }

private:
    template <class T>
    std::optional<T> parsed(std::string_view key, std::string const& word) {
        if (mistake_) return std::nullopt;
        auto one = T::parse(word);
        if (!one) return wrong(key, one.error().context), std::nullopt;
        return *one;
    }

    std::unique_ptr<nlohmann::json> json_;
    std::optional<HttpResponse> mistake_;
};

/// A route below /api/v1/cloud/ that a member of `verbs` answers.
template <class Verbs>
void add_verb(Router& router, std::string method, std::string_view rest, std::string_view operation, Verbs verbs,
              HttpResponse (Verbs::*member)(RoutedRequest const&) const) {
    router.add(std::move(method), fmt::format("/api/v1/cloud/{}", rest), fmt::format("cloud.{}", operation),
               [verbs, member](RoutedRequest const& request) { return (verbs.*member)(request); });
}

// One for each screen; both outlive the router's use.
void mount_order_verbs(Router& router, Cloud& cloud, CloudState& state);
void mount_key_verbs(Router& router, CloudState& state);
void mount_note_verbs(Router& router, CloudState& state);
void mount_project_verbs(Router& router, CloudState& state);

} // namespace almd
