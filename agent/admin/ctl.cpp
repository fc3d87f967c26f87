// Runs one ctl command: fetch or do, print, exit code.
#include "agent/admin/ctl.hpp"

#include "agent/admin/ctl_output.hpp"
#include "proto/http/client.hpp"
#include "proto/messages/api_error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <unistd.h>
#include <variant>

namespace almd {

namespace {

using nlohmann::json;

constexpr int good = 0, refused = 1, usage = 2, not_there = 3;
constexpr std::size_t page_rows = 2'000; ///< of some hundred bytes each: well below what the client takes

struct Outcome {
    int code = good;
    std::string talk; ///< for standard error
};

Outcome failed(Error const& error, std::string const& admin) {
    bool const nobody = error.code == ErrorCode::unreachable || error.code == ErrorCode::timed_out ||
                        error.code == ErrorCode::closed || error.code == ErrorCode::tls;
    if (nobody)
        return {
            not_there,
            fmt::format("nothing answers at {} ({}); start `almd run`, or name a running one with --admin HOST:PORT",
                        admin, error.context)};
    return {refused, fmt::format("{}: {}", admin, error.context)};
}

/// A good answer as JSON, or what the daemon said.
std::variant<json, Outcome> body_of(Result<HttpResponse> const& answer, std::string const& admin) {
    if (!answer) return failed(answer.error(), admin);
    if (answer->status >= 300) {
        auto const said = decode_api_error(answer->body);
        auto const target = said.target.empty() ? "" : fmt::format(" ({})", said.target);
        auto talk = fmt::format("{}{}{}{}", said.code.empty() ? fmt::format("HTTP {}", answer->status) : said.code,
                                said.message.empty() ? "" : ": ", said.message, target);
        auto lines = message_lines(json::parse(answer->body, nullptr, false));
        if (lines.ends_with('\n')) lines.pop_back();
        if (!lines.empty()) talk += "\n" + lines;
        return Outcome{answer->status == 400 ? usage : refused, std::move(talk)};
    }
    if (answer->body.empty()) return json::object();
    auto body = json::parse(answer->body, nullptr, false);
    if (body.is_discarded())
        return Outcome{refused, fmt::format("{} answers no JSON; is it the admin address of an almd?", admin)};
    return body;
}

/// A question that was answered with no: `almd ctl journal verify`.
bool is_mismatch(json const& body) {
    return body.is_object() && body.contains("satisfied") && body["satisfied"] == false;
}

class CtlRun {
public:
    CtlRun(HttpClient& client, CtlCommand const& command, std::FILE* out, bool colours)
        : client_{client}
        , command_{command}
        , out_{out}
        , colours_{colours} {}

    Async<Outcome> run() {
        if (command_.verb == nullptr) return list();
        return verb();
    }

private:
    Async<Outcome> list() {
        CtlListPrinter printer{command_, out_, colours_};
        auto const wanted = command_.limit.value_or(std::numeric_limits<std::size_t>::max());
        bool skips = command_.limit && command_.resource->last && command_.sort.empty();
        std::size_t first = 0;
        for (;;) {
            auto const asked = skips ? 1 : std::min(page_rows, wanted - printer.rows());
            HttpRequest request = request_of_page(command_, first + printer.rows(), asked);
            auto const answer = co_await client_.send(std::move(request));
            auto page = body_of(answer, command_.admin);
            if (auto const* outcome = std::get_if<Outcome>(&page)) co_return *outcome;
            auto& body = std::get<json>(page);
            if (!body.is_object() || !body.contains("items") || !body["items"].is_array())
                co_return Outcome{
                    refused, fmt::format("{} answers no list; is it the admin address of an almd?", command_.admin)};
            auto const items = std::move(body["items"]);
            auto const total = body.value("total", items.size());
            if (std::exchange(skips, false) && total > wanted) { // now it is known where the last ones begin
                first = total - wanted;
                continue;
            }
            printer.page(items);
            if (!items.empty() && printer.rows() < std::min(total, wanted)) continue;
            body.erase("items");
            body.erase("total");
            printer.end(total, body);
            co_return end_of_list(printer.rows(), total);
        }
    }

    Outcome end_of_list(std::size_t rows, std::size_t total) const {
        if (command_.output == CtlCommand::Output::json) return {};
        if (rows == 0) return {good, fmt::format("no {}", command_.resource->name)};
        if (rows < total) return {good, fmt::format("{} of {}", rows, total)};
        return {};
    }

    Async<Outcome> verb() {
        auto request = request_of_verb(command_);
        if (!request) co_return Outcome{usage, std::move(request.error().context)};
        auto const answer = co_await client_.send(std::move(*request));
        auto told = body_of(answer, command_.admin);
        if (auto const* outcome = std::get_if<Outcome>(&told)) co_return *outcome;
        auto const& body = std::get<json>(told);
        auto const show = command_.verb->show;
        if (show == CtlShow::list || show == CtlShow::one) co_return show_rows(body);
        bool const as_json = show == CtlShow::json || command_.output == CtlCommand::Output::json;
        auto const text = as_json                     ? body.dump() + "\n"
                          : show == CtlShow::document ? document_text(body, colours_)
                                                      : answer_text(body);
        std::fwrite(text.data(), 1, text.size(), out_);
        co_return Outcome{is_mismatch(body) ? refused : good, {}};
    }

    Outcome show_rows(json const& body) const {
        auto items = body.is_object() ? body.value("items", json::array()) : json::array();
        if (items.empty() && command_.verb->show == CtlShow::one)
            return {refused, fmt::format("there is no such row; `almd ctl {}` lists them", command_.resource->name)};
        if (command_.verb->show == CtlShow::one) items = json::array({items.front()}); // SIDs of a fleet repeat
        CtlListPrinter printer{command_, out_, colours_};
        printer.page(items);
        printer.end(items.size(), json::object());
        return {};
    }

    HttpClient& client_;
    CtlCommand const& command_;
    std::FILE* out_;
    bool colours_;
};

Async<void> run_and_stop(CtlRun* run, Shard* shard, Outcome* outcome) {
    *outcome = co_await run->run();
    shard->stop();
}

int say(std::FILE* err, Outcome const& outcome) {
    if (!outcome.talk.empty()) fmt::print(err, "{}{}\n", outcome.code == good ? "" : "almd ctl: ", outcome.talk);
    return outcome.code;
}

bool wants_colours(std::FILE* out) {
    return std::getenv("NO_COLOR") == nullptr && isatty(fileno(out)) == 1;
}

} // namespace

int run_ctl(std::vector<std::string> const& args, CtlConnect const& connect, std::FILE* out, std::FILE* err) {
    auto const command = parse_ctl(args);
    if (!command) return say(err, {usage, command.error().context + "\n`almd ctl --help` shows all"});
    if (command->help) {
        fmt::print(out, "{}", ctl_help(command->resource ? command->resource->name : std::string_view{}));
        return good;
    }
    Shard shard{Shard::RealTime{}};
    auto client = connect(shard, command->admin);
    if (!client) return say(err, {usage, client.error().context});
    CtlRun run{**client, *command, out, wants_colours(out)};
    Outcome outcome{refused, "interrupted"};
    shard.tasks().spawn(run_and_stop(&run, &shard, &outcome));
    shard.run();
    return say(err, outcome);
}

int ctl_main(std::vector<std::string> args, std::FILE* out, std::FILE* err) {
    auto const connect = [](Shard& shard, std::string const& url) -> Result<std::unique_ptr<HttpClient>> {
        // As run and cloud say it: HOST:PORT.
        auto origin = Origin::parse(url.contains("://") ? url : "http://" + url);
        if (!origin)
            return std::unexpected<Error>(Error{ErrorCode::invalid, "--admin " + url + ": " + origin.error().context});
        ClientSettings settings;
        settings.origin = std::move(*origin);
        settings.body_bytes_max = 64 * 1024 * 1024;
        settings.request_timeout = 5min; // register and unregister take as long as their repeats
        return make_socket_client(shard, std::move(settings));
    };
    return run_ctl(args, connect, out, err);
}

} // namespace almd
