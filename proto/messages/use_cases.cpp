// Codec of the use-case selection and of what the system switched itself.
#include "proto/messages/use_cases.hpp"

#include "proto/messages/json_fields.hpp"
#include "proto/messages/json_writer.hpp"

namespace almd {

namespace {

constexpr int interval_minutes_max =
    7 * 24 * 60; // 0: the task has a scheduler of its own (Business Process Monitoring)

} // namespace

std::string encode(UseCaseSelection const& message) {
    JsonWriter out{48 + message.tasks.size() * 144};
    out.begin_object();
    out.field("version", message.version);
    out.objects("tasks", message.tasks, [&](UseCaseSelection::Task const& task) {
        out.field("task", task.task);
        out.field("client", task.client);
        out.field("active", task.active);
        out.field("intervalMinutes", task.interval_minutes);
        out.field("intervalEditable", task.interval_editable);
        out.field("leading", task.cloud_leads ? "cloud" : "system");
    });
    out.end_object();
    return out.take();
}

Result<UseCaseSelection> decode_use_case_selection(std::string_view json) {
    return decode(json, Speaker::cloud, UseCaseSelection{}, [](Fields& in, UseCaseSelection& message) {
        message.version = in.integer<std::int64_t>("version");
        message.tasks = in.objects("tasks", [](Fields& fields) {
            UseCaseSelection::Task task;
            task.task = fields.text("task");
            task.client = fields.parsed<Client>("client", client_000);
            task.active = fields.boolean("active");
            task.interval_minutes = fields.integer<int>("intervalMinutes", 0, interval_minutes_max);
            task.interval_editable = fields.boolean("intervalEditable");
            task.cloud_leads = fields.one_of("leading", {"cloud", "system"}) == "cloud";
            return task;
        });
    });
}

std::string encode(UseCaseActivation const& message) {
    JsonWriter out{64};
    out.begin_object();
    out.field("client", message.client);
    out.field("active", message.active);
    out.field("intervalMinutes", message.interval_minutes);
    out.end_object();
    return out.take();
}

Result<UseCaseActivation> decode_use_case_activation(std::string_view json) {
    return decode(json, Speaker::agent, UseCaseActivation{}, [](Fields& in, UseCaseActivation& message) {
        message.client = in.parsed<Client>("client", client_000);
        message.active = in.boolean("active");
        message.interval_minutes = in.integer<int>("intervalMinutes", 0, interval_minutes_max);
    });
}

} // namespace almd
