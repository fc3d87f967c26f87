// What a landscape writes into tp's logs, and into the step logs of an import.
#include "simulator/abap/texts.hpp"
#include "simulator/tms/landscape.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

constexpr std::size_t named_in_command_max = 10; ///< a row of ULOG stays readable and bounded
constexpr std::size_t remarks_max = 50;          ///< objects told in one step log

/// The option that would have written the object; of umode 3 the dialog shows none.
std::string option_against(Text why) {
    char const umode = why == Text::object_is_original        ? '2'
                       : why == Text::object_system_dependent ? '3'
                       : why == Text::object_in_repair        ? '6'
                                                              : '8';
    auto const& option = *std::ranges::find(stms_options(), umode, &StmsOption::umode);
    return text_of(Text::option_would_overwrite, option.name.empty() ? option.key : option.name, std::string(1, umode));
}

std::string client_of(TransportTarget const& target) {
    return target.client() ? fmt::format(" client={}", target.client()->text()) : std::string{};
}

} // namespace

/// ULOG: a row for each call of tp (V), with the domain's profile (form of addtobuffer V, of the others I).
void Landscape::log_command(SystemId system, std::optional<TrRequest> request, std::string command,
                            std::string const& user, TimePoint now) {
    if (!log_.keeps()) return;
    command += fmt::format(" pf=/usr/sap/trans/bin/TP_{}.PFL", domain_.name());
    log_.write({.kind = TpLogKind::user,
                .at = now,
                .system = system,
                .request = request,
                .text = std::move(command),
                .user = user});
}

/// Of tp's commands for buffers; addtobuffer V, delfrombuffer, setstopmark and delstopmark I.
void Landscape::log_queue_command(std::string_view command, std::optional<TrRequest> request,
                                  TransportTarget const& target, std::string_view user, TimePoint now) {
    if (!log_.keeps()) return;
    auto const system = *target.system();
    log_command(system, request,
                fmt::format("tp {}{}{} {}{}", command, request ? " " : "", request ? request->text() : "",
                            system.text(), client_of(target)),
                std::string{user}, now);
}

void Landscape::log_call(Run const& run, std::string const& user, TimePoint now, std::string_view word) {
    if (!log_.keeps()) return;
    auto const& target = run.outcome.target;
    log_.write({.at = now,
                .system = *target.system(),
                .client = target.client(),
                .text = fmt::format("{} {}", word, action_of_call(run.options, run.named.size())),
                .user = user});
    if (word != "START") return;
    for (auto const& message : run.outcome.messages) // what keeps requests out stands in SLOG (I)
        log_.write({.at = now,
                    .system = *target.system(),
                    .client = target.client(),
                    .text = "ERROR " + message.text,
                    .user = user});
    std::string command = "tp import";
    if (run.options.all) command += " all";
    for (std::size_t i = 0; !run.options.all && i < std::min(run.named.size(), named_in_command_max); ++i)
        command.append(" ").append(run.named[i].text());
    if (!run.options.all && run.named.size() > named_in_command_max)
        command += fmt::format(" ... ({} requests)", run.named.size());
    auto const umodes = umodes_of(run.options);
    command += fmt::format(" {}{}{}{}", target.system()->text(), client_of(target), umodes.empty() ? "" : " ", umodes);
    auto const only = run.options.all || run.named.size() != 1 ? std::nullopt : std::optional{run.named.front()};
    log_command(*target.system(), only, std::move(command), user, now);
}

/// A line of SLOG for a step of the call; it ends with the step's code if there is one.
void Landscape::log_line(Run const& run, std::string_view word, char step, std::optional<TpReturnCode> code,
                         std::string const& user, TimePoint now) {
    if (!log_.keeps()) return;
    log_.write({.at = now,
                .system = *run.outcome.target.system(),
                .client = run.outcome.target.client(),
                .step = step,
                .return_code = code,
                .text = fmt::format("{} {}", word, step_name(step)),
                .user = user});
}

/// ALOG: a row for each request, or one for ALL of a step that is run once for them; an ERROR line of SLOG repeats it (V).
void Landscape::log_step(Run const& run, char step, std::string const& user, TimePoint now) {
    if (!log_.keeps()) return;
    auto const& target = run.outcome.target;
    TpReturnCode worst;
    auto const tell = [&](std::optional<TrRequest> request, TpReturnCode code) {
        TpLogRow row{.kind = TpLogKind::action,
                     .at = now,
                     .system = *target.system(),
                     .client = target.client(),
                     .request = request,
                     .step = step,
                     .return_code = code,
                     .text = std::string{step_name(step)},
                     .user = user};
        log_.write(row);
        if (code.value() < 8) return;
        row.kind = TpLogKind::system;
        row.text = fmt::format("ERROR {}", row.text);
        log_.write(std::move(row));
    };
    bool const for_all = is_request_independent(step);
    for (auto const& request : run.requests) {
        if (request.done.empty() || request.done.back().step != step) continue;
        auto const code = request.done.back().return_code;
        worst = std::max(worst, code);
        if (!for_all) tell(request.trkorr, code);
    }
    if (for_all) tell(std::nullopt, worst);
    if (stops_call(run.profile, worst))
        log_.write({.at = now,
                    .system = *target.system(),
                    .client = target.client(),
                    .step = step,
                    .return_code = worst,
                    .text = "ERROR " + text_of(Text::tp_stopping, std::to_string(worst.value()), step_name(step)),
                    .user = user});
    log_line(run, "STOP", step, {}, user, now);
}

/// ALOG's rows that are no step of the import: < > and ! (letters V, their rows I).
void Landscape::log_mark(Run const& run, char mark, std::optional<TrRequest> request, TpReturnCode code,
                         std::optional<TransportTarget> const& to, std::string const& user, TimePoint now) {
    if (!log_.keeps()) return;
    log_.write({.kind = TpLogKind::action,
                .at = now,
                .system = *run.outcome.target.system(),
                .client = run.outcome.target.client(),
                .request = request,
                .step = mark,
                .return_code = code,
                .text = to ? fmt::format("{} TO {}", step_name(mark), to->text()) : std::string{step_name(mark)},
                .user = user});
}

/// The release calls tp in the source system.
void Landscape::log_export(Member const& member, TransportRequest const& request, TpReturnCode code,
                           std::string_view user, TimePoint now) {
    if (!log_.keeps()) return;
    auto const system = member.abap.id();
    log_command(system, request.trkorr, fmt::format("tp export {} {}", request.trkorr.text(), system.text()),
                std::string{user}, now);
    log_.write({.kind = TpLogKind::action,
                .at = now,
                .system = system,
                .client = request.source_client,
                .request = request.trkorr,
                .step = 'E',
                .return_code = code,
                .text = std::string{step_name('E')},
                .user = std::string{user}});
}

/// The first ones, and how many more there are.
template <class Objects, class Tell>
void Landscape::remark_each(Objects const& objects, Tell tell) {
    auto const told = std::min(objects.size(), remarks_max);
    for (std::size_t i = 0; i < told; ++i) tell(objects[i]);
    if (objects.size() > told) history_.remark('I', text_of(Text::more_lines, std::to_string(objects.size() - told)));
}

/// Into the logs of the request's row in the history, before its versions are brought.
void Landscape::remark(Member const& member, Run const& run, std::size_t index) {
    auto const& progress = run.requests[index];
    if (progress.ran('I') && progress.code_of('I').value() < 12) {
        auto const system = std::string{member.abap.id().text()};
        auto const& kept = run.not_written[index];
        remark_each(kept, [&](NotWritten const& one) {
            history_.remark('I', text_of(one.why, one.object, system));
            history_.remark('I', option_against(one.why));
        });
        auto const names = run.kept_objects(index);
        std::vector<ObjectVersions::Overtaken> set_back;
        if (member.versions) set_back = member.versions->overtaken(*request(progress.trkorr));
        std::erase_if(set_back, [&](auto const& one) { return std::ranges::binary_search(names, one.object); });
        remark_each(set_back, [&](ObjectVersions::Overtaken const& one) {
            history_.remark('I', text_of(Text::object_set_back, one.object, progress.trkorr.text(), one.by.text()));
        });
    }
    auto const stopped = progress.code_of(run.stopped_at);
    if (progress.ran(run.stopped_at) && stops_call(run.profile, stopped))
        history_.remark(run.stopped_at,
                        text_of(Text::tp_stopping, std::to_string(stopped.value()), step_name(run.stopped_at)));
}

} // namespace almd
