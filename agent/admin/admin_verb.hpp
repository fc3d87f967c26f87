// What the verbs of the admin API have in common: a row of their table, their body, their refusals.
#pragma once

#include "agent/jobs/agent.hpp"
#include "proto/http/router.hpp"

#include <nlohmann/json_fwd.hpp>

#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace almd {

struct AdminVerb {
    std::string_view method, pattern;
    Async<HttpResponse> (*body)(Agent&, HttpRequest, std::vector<std::string> path_values);
};

// One table for each noun; delete a file and its line in agent_admin.cpp, and its verbs are gone.
std::span<AdminVerb const> setup_verbs();       ///< /SDF/ALM_SETUP: destinations and use cases
std::span<AdminVerb const> request_verbs();     ///< CTS by hand
std::span<AdminVerb const> object_verbs();      ///< the object directory
std::span<AdminVerb const> job_verbs();         ///< SM37
std::span<AdminVerb const> landscape_verbs();   ///< STMS: systems, routes, versions, QA approval
std::span<AdminVerb const> queue_verbs();       ///< STMS_IMPORT by hand
std::span<AdminVerb const> system_verbs();      ///< users, work processes, components, notes, profile parameters
std::span<AdminVerb const> activity_verbs();    ///< people at work
std::span<AdminVerb const> customizing_verbs(); ///< SM30, SE16, SM59

/// How a refusal looks on the wire; CLOUD_...: the cloud is to blame.
struct AdminRefusal {
    ErrorCode code;
    int status;
    std::string_view name;
};
std::span<AdminRefusal const> admin_refusals();
/// A refusal in SAP's words has their class and number as its code, as far as they are known. `about` is its target.
HttpResponse answer_of(Error const& error, std::string_view about = {});
HttpResponse done();
HttpResponse done(nlohmann::json const& body);

/// The body of a verb: an object with known keys only, so that a misspelt key is told and not ignored.
class AdminBody {
public:
    static Result<AdminBody> parse(HttpRequest const& request, std::initializer_list<std::string_view> allowed);
    Result<std::string> text(std::string_view key) const;
    /// A text; none: it is missing (or no text).
    std::optional<std::string> text_if_any(std::string_view key) const;
    nlohmann::json const* find(std::string_view key) const; ///< null: missing, or JSON's null
    /// A text that a rule of agent/settings/names.hpp allows; none: it is missing. Errors begin with the key.
    using Rule = Result<void> (*)(std::string_view);
    Result<std::optional<std::string>> name_if_any(std::string_view key, Rule rule) const;
    Result<std::string> name(std::string_view key, Rule rule) const;
    Result<std::string> name_or(std::string_view key, Rule rule, std::string_view otherwise) const;
    /// true or false.
    Result<bool> flag(std::string_view key, bool if_missing = false) const;
    /// An array of texts; empty: it is missing.
    Result<std::vector<std::string>> texts(std::string_view key, std::string_view example) const;

private:
    std::shared_ptr<nlohmann::json const> json_; ///< null: there was no body
};

template <class T>
Result<T> parsed(Result<std::string> text) {
    if (!text) return std::unexpected(text.error());
    return T::parse(*text);
}

/// Two names of a path or body as their types: names_of<TransportTarget, TrRequest>(path[0], body.text("request")).
/// The first that is wrong is the error.
template <class First, class Second>
Result<std::pair<First, Second>> names_of(Result<std::string> first, Result<std::string> second) {
    auto one = parsed<First>(std::move(first));
    if (!one) return std::unexpected(one.error());
    auto other = parsed<Second>(std::move(second));
    if (!other) return std::unexpected(other.error());
    return std::pair{*std::move(one), *std::move(other)};
}

/// Error not_found: no such system in the (first) landscape.
Result<SystemSlot> system_of(AgentParts& parts, std::string_view text);
/// For what is done in CTS by hand: only in one landscape, because a fleet is computed and would forget it.
Result<Landscape*> landscape_of(Agent& agent, SystemId system);

} // namespace almd
