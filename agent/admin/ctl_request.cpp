// From a verb and its parameters to the request: path, query, body.
#include "agent/admin/ctl_command.hpp"
#include "proto/http/router.hpp"
#include "proto/schema/nearest_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

namespace almd {

namespace {

using nlohmann::json;

constexpr std::uintmax_t file_bytes_max = 1024 * 1024;

Result<std::string> file_text(std::string const& name) {
    std::error_code problem;
    auto const size = std::filesystem::file_size(name, problem);
    if (problem) return fail(ErrorCode::invalid, fmt::format("{}: {}", name, problem.message()));
    if (size > file_bytes_max)
        return fail(ErrorCode::invalid, fmt::format("{}: larger than {} bytes", name, file_bytes_max));
    std::ifstream file{name, std::ios::binary};
    std::string text(size, '\0');
    if (!file.read(text.data(), static_cast<std::streamsize>(size)))
        return fail(ErrorCode::invalid, fmt::format("{}: cannot be read", name));
    return text;
}

template <class T>
Result<json> number_of(CtlParameter const& parameter, std::string_view value) {
    T number{};
    auto const end = value.data() + value.size();
    if (value.empty() || std::from_chars(value.data(), end, number).ptr != end)
        return fail(ErrorCode::invalid, fmt::format("{}: a number is needed, not {}", parameter.name, value));
    return json(number);
}

class RequestBuilder {
public:
    explicit RequestBuilder(CtlCommand const& command)
        : command_{command}
        , verb_{*command.verb}
        , path_{verb_.path} {
        if (!verb_.fixed_body.empty()) body_ = json::parse(verb_.fixed_body);
    }

    Result<HttpRequest> run() {
        if (auto given = give_all(); !given) return std::unexpected<Error>(std::move(given.error()));
        for (std::size_t i = 0; i < verb_.parameters.size(); ++i)
            if (verb_.parameters[i].required && !is_given(verb_.parameters[i]) && !is_in_file(verb_.parameters[i]))
                return fail(ErrorCode::invalid,
                            fmt::format("{} {} needs {}: {}; example: {}", verb_.resource, verb_.verb,
                                        verb_.parameters[i].name, verb_.parameters[i].help, verb_.example));
        HttpRequest request{std::string{verb_.method}, path_ + query_};
        if (!body_.is_null()) {
            request.body = body_.dump(-1, ' ', false, json::error_handler_t::replace);
            request.headers.emplace_back("Content-Type", "application/json");
        }
        return request;
    }

private:
    Result<void> give_all() {
        std::size_t next = 0;
        for (auto const& value : command_.positional) {
            while (next < verb_.parameters.size() && !verb_.parameters[next].positional) ++next;
            if (next == verb_.parameters.size())
                return fail(ErrorCode::invalid,
                            fmt::format("{} is one word too many; example: {}", value, verb_.example));
            auto const& parameter = verb_.parameters[next];
            if (auto given = give(parameter, value); !given) return given;
            if (parameter.kind != CtlKind::list) ++next;
        }
        for (auto const& [name, value] : command_.named) {
            auto const* parameter = find(name);
            if (parameter == nullptr) return unknown(name);
            if (auto given = give(*parameter, value); !given) return given;
        }
        return {};
    }

    CtlParameter const* find(std::string_view name) const {
        for (auto const& parameter : verb_.parameters)
            if (parameter.name == name) return &parameter;
        return nullptr;
    }

    bool is_given(CtlParameter const& parameter) const {
        for (auto const* one : given_)
            if (one == &parameter) return true;
        return false;
    }

    /// A file with the whole body holds it too, or the server says what is missing.
    bool is_in_file(CtlParameter const& parameter) const {
        return parameter.key.starts_with('/') &&
               std::ranges::any_of(given_, [](auto const* one) { return one->key.empty(); });
    }

    Result<void> unknown(std::string_view name) const {
        std::vector<std::string_view> known;
        for (auto const& parameter : verb_.parameters) known.push_back(parameter.name);
        auto const near = nearest_name(name, known);
        return fail(ErrorCode::invalid,
                    fmt::format("{} {} takes no {}{}; it takes: {}", verb_.resource, verb_.verb, name,
                                near ? fmt::format(", did you mean {}?", *near) : "", fmt::join(known, " ")));
    }

    Result<void> give(CtlParameter const& parameter, std::string value) {
        bool const again = is_given(parameter);
        if (again && parameter.kind != CtlKind::list && parameter.kind != CtlKind::pairs)
            return fail(ErrorCode::invalid, fmt::format("{} is given twice", parameter.name));
        given_.push_back(&parameter);
        if (!parameter.remove_suffix.empty() && value.ends_with(parameter.remove_suffix))
            value.erase(value.size() - parameter.remove_suffix.size());
        value += parameter.add_suffix;
        if (parameter.key.starts_with('{') || parameter.key.starts_with('?')) return put_in_target(parameter, value);
        return put_in_body(parameter, value);
    }

    Result<void> put_in_target(CtlParameter const& parameter, std::string const& value) {
        if (value.empty()) return fail(ErrorCode::invalid, fmt::format("{} is empty", parameter.name));
        if (parameter.key.front() == '?') {
            query_ +=
                fmt::format("{}{}={}", query_.empty() ? '?' : '&', parameter.key.substr(1), percent_encode(value));
        } else {
            path_.replace(path_.find(parameter.key), parameter.key.size(), percent_encode(value));
        }
        return {};
    }

    Result<void> put_in_body(CtlParameter const& parameter, std::string const& value) {
        if (body_.is_null()) body_ = json::object();
        if (parameter.kind == CtlKind::list) return add_to_list(parameter, value);
        if (parameter.kind == CtlKind::pairs) return add_pair(parameter, value);
        auto converted = convert(parameter, value);
        if (!converted) return std::unexpected<Error>(std::move(converted.error()));
        if (parameter.key.empty()) {
            if (!converted->is_object())
                return fail(ErrorCode::invalid, fmt::format("{}: holds no JSON object", value));
            body_.update(*converted);
            return {};
        }
        body_[json::json_pointer{std::string{parameter.key}}] = std::move(*converted);
        return {};
    }

    Result<void> add_to_list(CtlParameter const& parameter, std::string_view value) {
        auto& list = body_[json::json_pointer{std::string{parameter.key}}];
        for (;;) {
            auto const comma = value.find(',');
            if (auto const item = value.substr(0, comma); !item.empty()) list.push_back(item);
            if (comma == std::string_view::npos) return {};
            value.remove_prefix(comma + 1);
        }
    }

    Result<void> add_pair(CtlParameter const& parameter, std::string_view value) {
        auto const equals = value.find('=');
        if (equals == std::string_view::npos || equals == 0)
            return fail(ErrorCode::invalid, fmt::format("{}: key=value is needed, not {}", parameter.name, value));
        body_[json::json_pointer{std::string{parameter.key}}][std::string{value.substr(0, equals)}] =
            value.substr(equals + 1);
        return {};
    }

    static Result<json> convert(CtlParameter const& parameter, std::string const& value) {
        switch (parameter.kind) {
        case CtlKind::integer: return number_of<std::int64_t>(parameter, value);
        case CtlKind::number: return number_of<double>(parameter, value);
        case CtlKind::flag:
            if (value == "true" || value == "false") return json(value == "true");
            return fail(ErrorCode::invalid, fmt::format("{}: true or false is needed, not {}", parameter.name, value));
        case CtlKind::json_file: {
            auto text = file_text(value);
            if (!text) return std::unexpected<Error>(std::move(text.error()));
            auto parsed = json::parse(*text, nullptr, false);
            if (parsed.is_discarded()) return fail(ErrorCode::invalid, fmt::format("{}: is not JSON", value));
            return parsed;
        }
        case CtlKind::secret_file: {
            auto text = file_text(value);
            if (!text) return std::unexpected<Error>(std::move(text.error()));
            return json(text->substr(0, text->find_first_of("\r\n")));
        }
        default: return json(value);
        }
    }

    CtlCommand const& command_;
    CtlVerb const& verb_;
    std::string path_, query_;
    json body_;
    std::vector<CtlParameter const*> given_;
};

} // namespace

Result<HttpRequest> request_of_verb(CtlCommand const& command) {
    return RequestBuilder{command}.run();
}

} // namespace almd
