// Finds the operation of an exchange and checks everything that the description says about it.
#include "tests/support/contract/contract_checker.hpp"

#include "proto/http/router.hpp"
#include "proto/schema/openapi.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

using nlohmann::json;

std::string media_type(std::string_view content_type) {
    std::string type{content_type.substr(0, content_type.find(';'))};
    while (type.ends_with(' ')) type.pop_back();
    return type;
}

json form_value(std::string_view body) {
    json form = json::object();
    Query const query = Query::parse(body);
    for (auto const& [name, value] : query.all()) form.emplace(name, value);
    return form;
}

/// Collects violations of one exchange under one heading.
class Verdict {
public:
    Verdict(std::string_view operation, HttpRequest const& request)
        : heading_{fmt::format("{} ({} {})", operation.empty() ? "?" : operation, request.method, request.target)} {}

    void violation(std::string_view sentence) { violations_.push_back(fmt::format("{}: {}", heading_, sentence)); }
    void mistakes(std::string_view what, std::vector<Mistake> const& mistakes) {
        for (Mistake const& one : mistakes) violation(fmt::format("{}: {}", what, to_text(one)));
    }
    std::vector<std::string> take() { return std::move(violations_); }

private:
    std::string heading_;
    std::vector<std::string> violations_;
};

void check_content(Verdict& verdict, std::string_view what, ContractContent const& content,
                   std::string_view content_type, std::string const& body) {
    auto found = content.find(media_type(content_type));
    if (found == content.end())
        return verdict.violation(fmt::format("{}: Content-Type {} is not described", what, content_type));
    if (found->first == "application/x-protobuf") return; // bytes; who decodes them checks them
    if (found->first != "application/json") return verdict.mistakes(what, found->second.check(form_value(body)));
    auto document = Document::from_json(body, "");
    if (!document) return verdict.violation(fmt::format("{}{}", what, document.error().context));
    std::vector<Mistake> mistakes = found->second.check(*document);
    for (Mistake& one : mistakes) one.where.clear();
    verdict.mistakes(what, mistakes);
}

void check_parameters(Verdict& verdict, ContractOperation const& operation, HttpRequest const& request,
                      std::vector<std::string> const& path_values) {
    std::size_t mark = request.target.find('?');
    Query const query =
        Query::parse(mark == std::string::npos ? "" : std::string_view{request.target}.substr(mark + 1));
    std::size_t in_path = 0;
    std::vector<std::string_view> known;
    // Path parameters are described in the order in which they stand in the path.
    for (ContractParameter const& parameter : operation.parameters) {
        std::optional<std::string> value;
        if (parameter.in == "path")
            value = path_values.at(in_path++);
        else if (parameter.in == "query")
            value = query.get(parameter.name), known.emplace_back(parameter.name);
        else if (auto header = find_header(request.headers, parameter.name); !header.empty())
            value = std::string{header};
        std::string const what = fmt::format("{} parameter {}", parameter.in, parameter.name);
        if (value)
            verdict.mistakes(what, parameter.schema.check(parameter_value(parameter.type, *value)));
        else if (parameter.required)
            verdict.violation(what + " is missing");
    }
    for (auto const& [name, value] : query.all())
        if (std::ranges::find(known, name) == known.end())
            verdict.violation(fmt::format("query parameter {} is not described", name));
}

void check_request_of(Verdict& verdict, ContractOperation const& operation, HttpRequest const& request,
                      std::vector<std::string> const& path_values) {
    check_parameters(verdict, operation, request, path_values);
    auto authorization = find_header(request.headers, "Authorization");
    if (operation.needs_bearer && (!authorization.starts_with("Bearer ") || authorization.size() < 8))
        verdict.violation("the header Authorization must be \"Bearer <token>\"");
    if (request.body.empty() && operation.body_required) verdict.violation("the request body is missing");
    if (request.body.empty()) return;
    if (operation.body.empty()) return verdict.violation("a request body is not described");
    check_content(verdict, "request body", operation.body, find_header(request.headers, "Content-Type"), request.body);
}

void check_answer_of(Verdict& verdict, ContractOperation const& operation, HttpResponse const& response) {
    auto found = operation.answers.find(std::to_string(response.status));
    if (found == operation.answers.end()) found = operation.answers.find("default");
    if (found == operation.answers.end())
        return verdict.violation(fmt::format("status {} is not described", response.status));
    std::string const what = fmt::format("body of {}", response.status);
    for (std::string const& name : found->second.required_headers)
        if (find_header(response.headers, name).empty())
            verdict.violation(fmt::format("{} without the header {}", response.status, name));
    if (!found->second.content.empty())
        check_content(verdict, what, found->second.content, find_header(response.headers, "Content-Type"),
                      response.body);
    else if (!response.body.empty())
        verdict.violation(what + " must be empty");
}

} // namespace

struct ContractChecker::Description {
    std::vector<ContractOperation> operations;
    std::map<std::string, std::size_t, std::less<>> by_id;
    Router router;

    struct Found {
        ContractOperation const* operation = nullptr;
        std::vector<std::string> path_values;
    };
    Found find(HttpRequest const& request) const {
        std::string_view path = std::string_view{request.target}.substr(0, request.target.find('?'));
        if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1); // "/oauth/token/" is taken too
        auto match = router.match(request.method, path);
        if (!match) return {};
        return {&operations[by_id.find(match->operation)->second], std::move(match->path_values)};
    }
};

ContractChecker::ContractChecker(std::unique_ptr<Description const> description)
    : description_{std::move(description)} {
}
ContractChecker::ContractChecker(ContractChecker&&) noexcept = default;
ContractChecker& ContractChecker::operator=(ContractChecker&&) noexcept = default;
ContractChecker::~ContractChecker() = default;

Result<ContractChecker> ContractChecker::load(std::string const& file) {
    auto document = Document::load(file);
    if (!document) return std::unexpected{document.error()};
    if (!document->mistakes().empty()) return fail(ErrorCode::invalid, to_text(document->mistakes().front()));
    auto operations = read_openapi(document->value());
    if (!operations) return fail(ErrorCode::invalid, fmt::format("{}: {}", file, operations.error().context));
    auto description = std::make_unique<Description>();
    description->operations = *std::move(operations);
    for (std::size_t i = 0; i < description->operations.size(); ++i) {
        ContractOperation const& operation = description->operations[i];
        if (!description->by_id.emplace(operation.id, i).second)
            return fail(ErrorCode::invalid, fmt::format("{}: operation {} is there twice", file, operation.id));
        description->router.add(operation.method, operation.pattern, operation.id,
                                [](RoutedRequest const&) { return HttpResponse{}; });
    }
    return ContractChecker{std::move(description)};
}

std::vector<std::string> ContractChecker::check_request(HttpRequest const& request) const {
    auto const found = description_->find(request);
    Verdict verdict{found.operation != nullptr ? found.operation->id : "", request};
    if (found.operation == nullptr)
        verdict.violation("method and path are not described");
    else
        check_request_of(verdict, *found.operation, request, found.path_values);
    return verdict.take();
}

std::vector<std::string> ContractChecker::check(HttpRequest const& request, HttpResponse const& response) const {
    auto violations = check_request(request);
    auto const found = description_->find(request);
    if (found.operation == nullptr) return violations;
    Verdict verdict{found.operation->id, request};
    // A refusal is how the other side should meet a request that breaks the contract.
    check_answer_of(verdict, *found.operation, response);
    for (std::string& one : verdict.take()) violations.push_back(std::move(one));
    return violations;
}

std::string ContractChecker::operation_of(HttpRequest const& request) const {
    auto const found = description_->find(request);
    return found.operation != nullptr ? found.operation->id : std::string{};
}

std::vector<std::string> ContractChecker::operations() const {
    std::vector<std::string> ids;
    for (auto const& [id, index] : description_->by_id) ids.push_back(id);
    return ids;
}

void ContractRecord::note(HttpRequest const& request, HttpResponse const* response) {
    ++checked_[contract_.operation_of(request)];
    auto found = response != nullptr ? contract_.check(request, *response) : contract_.check_request(request);
    for (std::string& violation : found) {
        ++violation_count_;
        if (violations_.size() < violations_max) violations_.push_back(std::move(violation));
    }
}

Async<Result<HttpResponse>> CheckingClient::send(HttpRequest request) {
    HttpRequest const sent = request;
    Result<HttpResponse> answer = co_await inner_.send(std::move(request));
    record_.note(sent, answer && sides_ == CheckedSides::both ? &*answer : nullptr);
    co_return answer;
}

Async<HttpResponse> CheckingService::serve(HttpRequest request) {
    HttpRequest const received = request;
    HttpResponse answer = co_await inner_.serve(std::move(request));
    bool whole = answer.delivery == Delivery::normal && sides_ == CheckedSides::both;
    record_.note(received, whole ? &answer : nullptr);
    co_return answer;
}

} // namespace almd
