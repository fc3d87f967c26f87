// Checks HTTP exchanges against an OpenAPI description: the same contract for the agent's side and for the stand-in's.
#pragma once

#include "proto/http/message.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

class ContractChecker {
public:
    /// Errors when the file is not an OpenAPI 3.0 description in the part that is understood here.
    static Result<ContractChecker> load(std::string const& file);

    /// Empty: in order. Each line begins with operation, method and target.
    std::vector<std::string> check_request(HttpRequest const& request) const;
    std::vector<std::string> check(HttpRequest const& request, HttpResponse const& response) const;

    /// operationId, or empty when method and path are not described.
    std::string operation_of(HttpRequest const& request) const;
    /// All operationIds, sorted.
    std::vector<std::string> operations() const;

    ContractChecker(ContractChecker&&) noexcept;
    ContractChecker& operator=(ContractChecker&&) noexcept;
    ~ContractChecker();

private:
    struct Description;
    explicit ContractChecker(std::unique_ptr<Description const> description);
    std::unique_ptr<Description const> description_;
};

/// What a checked run was: how many exchanges of each operation, and everything that was against the contract.
class ContractRecord {
public:
    static constexpr std::size_t violations_max = 200; ///< later ones are only counted

    explicit ContractRecord(ContractChecker const& contract)
        : contract_{contract} {}
    /// `response` null: none came; only the request is checked.
    void note(HttpRequest const& request, HttpResponse const* response);

    std::vector<std::string> const& violations() const { return violations_; }
    std::uint64_t violation_count() const { return violation_count_; }
    std::map<std::string, std::uint64_t> const& checked() const { return checked_; } ///< by operationId

private:
    ContractChecker const& contract_;
    std::vector<std::string> violations_;
    std::uint64_t violation_count_ = 0;
    std::map<std::string, std::uint64_t> checked_;
};

/// Answers of a cloud with faults (malformed, oversized) break the contract on purpose: check only what the agent says.
enum class CheckedSides : std::uint8_t { both, requests_only };

/// Wraps the client that a part under test uses.
class CheckingClient : public HttpClient {
public:
    CheckingClient(HttpClient& inner, ContractChecker const& contract, CheckedSides sides = CheckedSides::both)
        : inner_{inner}
        , record_{contract}
        , sides_{sides} {}
    Async<Result<HttpResponse>> send(HttpRequest request) override;

    ContractRecord const& record() const { return record_; }
    std::vector<std::string> const& violations() const { return record_.violations(); }
    std::map<std::string, std::uint64_t> const& checked() const { return record_.checked(); }

private:
    HttpClient& inner_;
    ContractRecord record_;
    CheckedSides sides_;
};

/// Wraps the service that a server or an in-process client calls.
class CheckingService : public HttpService {
public:
    CheckingService(HttpService& inner, ContractChecker const& contract, CheckedSides sides = CheckedSides::both)
        : inner_{inner}
        , record_{contract}
        , sides_{sides} {}
    Async<HttpResponse> serve(HttpRequest request) override;

    ContractRecord const& record() const { return record_; }
    std::vector<std::string> const& violations() const { return record_.violations(); }
    std::map<std::string, std::uint64_t> const& checked() const { return record_.checked(); }

private:
    HttpService& inner_;
    ContractRecord record_;
    CheckedSides sides_;
};

#ifdef ALMD_SOURCE_DIR
/// The cloud dialogue. Loaded once; safe to share between threads.
inline ContractChecker const& standin_contract() {
    static ContractChecker const contract =
        ContractChecker::load(ALMD_SOURCE_DIR "/proto/openapi/standin.yaml").value();
    return contract;
}
#endif

} // namespace almd
