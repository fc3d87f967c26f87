// Simulated background processing: what SM37 shows. Job chains, work processes, job history, for all systems of a shard.
#pragma once

#include "proto/ids.hpp"
#include "simulator/abap/texts.hpp"
#include "simulator/kernel/event_digest.hpp"
#include "simulator/kernel/shard.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace almd {

/// Number of an ABAP system inside its shard.
using SystemSlot = std::uint32_t;
/// Number of a job chain inside its shard; reused after the chain ended.
using JobSlot = std::uint32_t;
inline constexpr JobSlot no_job = 0xffffffff;

/// SM37's letters (V: BTCPSTATUS).
enum class JobStatus : char {
    scheduled = 'P',
    released = 'S',
    ready = 'Y',
    active = 'R',
    finished = 'F',
    canceled = 'A'
};

/// Job classes (V): work processes can be reserved for class A; a waiting A job goes before B, B before C.
enum class JobClass : char { a = 'A', b = 'B', c = 'C' };

/// What a program knows about its own run.
struct JobStart {
    JobSlot slot = no_job; ///< none: an event started it
    std::uint8_t program = 0;
    std::uint32_t owner = 0;
    SystemSlot system = 0;
    Client client = client_000;
    std::uint32_t count = 0;
    TimePoint planned{}, started{};
};

/// What canceled a job decides over the end of its log.
enum class CancelCause : std::uint8_t {
    program, ///< itself, or its short dump
    message, ///< a message of type E or A
    logon,   ///< its user could not log on: no step began
};

/// A message of a job log. Types E and A cancel the job (V): a program that goes on writes them as I.
struct JobLogLine {
    TimePoint at{};
    char type = 'S';             ///< A E W I S
    std::optional<Text> message; ///< none: the catalogue does not have it
    std::string text;
    /// MSGID and MSGNO; empty where none is known.
    std::string_view message_class() const { return message ? entry_of(*message).message_class : ""; }
    std::string_view number() const { return message ? entry_of(*message).number : ""; }
};
/// Of a message that the program writes down and does not end with.
constexpr char handled(char type) {
    return type == 'E' || type == 'A' ? 'I' : type;
}
template <class... Arguments>
JobLogLine job_line(TimePoint at, char type, Text message, Arguments const&... arguments) {
    return {at, type, message, text_of(message, arguments...)};
}

struct JobEnd {
    bool canceled = false;
    CancelCause cause = CancelCause::program;
    /// Lines between "Job started" and "Job finished"; one of type E or A cancels the job.
    std::vector<JobLogLine> log;
};

/// A job that waits for an event and is released anew when it starts, so that SM37 shows exactly one that waits. It costs
/// nothing until the event comes: the entry that waits is computed.
struct EventJob {
    SystemSlot system = 0;
    Client client = client_000;
    std::uint8_t program = 0;
    std::uint32_t owner = 0;
    std::uint8_t place = 0; ///< tells the event jobs of a system apart: 0 to 9
};
enum class EventRun : std::uint8_t { waits, active, ended };

/// What background processing asks of those who own the programs.
class JobPrograms {
public:
    virtual ~JobPrograms() = default;
    virtual std::string job_name(std::uint8_t program, std::uint32_t owner) const = 0;
    virtual std::string_view report(std::uint8_t program) const = 0; ///< the ABAP report of step 1
    virtual std::string user(std::uint8_t program, std::uint32_t owner, TimePoint at) const = 0; ///< whose run it was
    virtual JobClass job_class(std::uint8_t) const { return JobClass::c; } ///< what /SDF/ALM_SETUP generates (I)
    /// The end of a job whose user cannot log on or lacks a role: it is canceled before it takes a work process.
    virtual std::optional<JobEnd> refuse(JobStart const&) { return std::nullopt; }
    /// A run that has to wait for nothing ends here, and costs no coroutine; none: run() has to do it.
    virtual std::optional<JobEnd> run_at_once(JobStart const& start) = 0;
    /// The step itself. It holds a background work process until it returns.
    virtual Async<JobEnd> run(JobStart start) = 0;
};

/// One row of SM37.
struct JobRow {
    SystemSlot system = 0;
    Client client = client_000;
    std::string name;
    std::uint8_t program = 0;
    std::uint32_t owner = 0;
    JobStatus status = JobStatus::released;
    JobClass job_class = JobClass::c;
    std::uint32_t count = 0;
    TimePoint planned{}; ///< of an event job: when the event came
    bool by_event = false;
    std::optional<TimePoint> started, ended;
    std::chrono::minutes period{0};
};

/// Rules: a due job becomes Ready and starts when its system has a free background work process; the successor of a
/// periodic job is Released when its predecessor starts (V), one period after the predecessor's planned start; missed
/// starts are not repeated, one late run takes their place (I).
class BackgroundProcessing : public TimerSink {
public:
    /// Ended jobs are kept in one ring of `history_max` rows for the whole shard; older rows go, dropped() counts them.
    BackgroundProcessing(Shard& shard, JobPrograms& programs, std::size_t history_max);

    static constexpr std::uint16_t work_processes_max = 500;
    struct WorkProcesses { // 4 bytes: one of these per system
        std::uint32_t total : 10 = 0, busy : 10 = 0;
        std::uint32_t for_class_a : 10 = 0; ///< kept free for class A: others start only if more than these are free
    };

    /// The next `count` systems have `total` background work processes each, `for_class_a` of them reserved.
    void add_systems(std::size_t count, std::uint16_t total, std::uint16_t for_class_a = 0);
    /// Also 0: then every job waits. At most work_processes_max; a job that is active keeps the one it has.
    void set_work_processes(SystemSlot system, std::uint16_t total);
    void reserve_for_class_a(SystemSlot system, std::uint16_t count);
    WorkProcesses work_processes(SystemSlot system) const { return work_processes_.at(system); }
    int free_work_processes(SystemSlot system) const;

    /// Releases a job; period 0: it runs once. The first start may lie in the past: it is due at once.
    JobSlot release(SystemSlot system, Client client, std::uint8_t program, std::uint32_t owner, TimePoint first,
                    std::chrono::minutes period);
    /// Deletes the Released entry of a chain; a run that is active ends by itself.
    void remove(JobSlot slot);

    void due(std::uint32_t payload, TimePoint planned) override;

    /// The event has come: the job takes a work process, or is Ready until one is free. It is active until finish().
    /// Answers its count.
    std::uint32_t raise(EventJob const& job);
    EventRun state_of_run(SystemSlot system, std::uint32_t count) const;
    /// What it was started for is over; a run that still waits is given up, one that has ended stays as it is.
    void finish(SystemSlot system, std::uint32_t count, JobEnd outcome);
    /// The entry that waits for the event; none: the event has come, and a work process is missing.
    std::optional<JobRow> waiting_row(EventJob const& job) const;

    /// When the chain starts next, or should have started; none: it has ended.
    std::optional<TimePoint> next_start(JobSlot slot) const;
    std::chrono::minutes period(JobSlot slot) const { return std::chrono::minutes{chains_.at(slot).period_minutes}; }

    /// Released, Ready and Active jobs.
    std::vector<JobRow> open_rows() const;
    /// Ended jobs, index 0 is the newest.
    std::size_t ended_rows() const { return history_.size(); }
    JobRow ended_row(std::size_t index) const;
    /// The job log as SM37 shows it: started, step, the program's own lines, finished or cancelled. Empty: no such job.
    std::vector<JobLogLine> job_log(SystemSlot system, std::uint32_t count) const;
    struct Counters {
        std::uint64_t started = 0, finished = 0, canceled = 0, waited = 0, skipped = 0, dropped = 0;
    };
    Counters const& counters() const { return counters_; }
    EventDigest const& digest() const { return digest_; }
    std::size_t bytes() const;

private:
    struct Chain { // 40 bytes: one of these per sleeping job
        TimePoint planned{};
        TimingWheel::Handle event = TimingWheel::no_event;
        SystemSlot system = 0;
        std::uint32_t owner = 0, count = 0;
        std::uint32_t period_minutes = 0;
        std::uint16_t client = 0;
        std::uint8_t program = 0;
        bool released = false, used = false;
    };
    struct Record {
        JobStart start;
        JobStatus status;
        CancelCause cause = CancelCause::program;
        std::uint32_t period_minutes = 0;
        TimePoint ended{};
        std::vector<JobLogLine> log;
    };
    struct Active {
        JobStart start;
        std::uint32_t period_minutes = 0;
    };

    bool may_start(SystemSlot system, JobClass job_class) const;
    void wait(JobStart const& start, std::uint32_t period_minutes);
    void start_waiting(SystemSlot system);
    void begin(JobStart start, std::uint32_t period_minutes);
    void end(JobStart const& start, std::uint32_t period_minutes, JobEnd outcome);
    void record(JobStart const& start, std::uint32_t period_minutes, JobEnd outcome);
    void release_successor(JobSlot slot);
    Async<void> run_program(JobStart start, std::uint32_t period_minutes);
    std::uint32_t next_count(JobSlot slot) const;
    std::uint32_t count_of(EventJob const& job) const;
    JobRow row_of(JobStart const& start, JobStatus status, std::uint32_t period_minutes) const;

    Shard& shard_;
    JobPrograms& programs_;
    std::size_t history_max_;
    std::vector<Chain> chains_;
    std::vector<JobSlot> free_chains_;
    std::size_t released_ = 0;
    std::vector<WorkProcesses> work_processes_;
    std::unordered_map<SystemSlot, std::deque<Active>> ready_; ///< only systems where jobs wait; A before B before C
    std::unordered_map<std::uint64_t, Active> active_;         ///< by system and job count
    std::unordered_map<std::uint64_t, std::uint32_t> event_counts_; ///< of event jobs that ran: the one that waits now
    TimePoint born_;
    std::deque<Record> history_;
    Counters counters_;
    EventDigest digest_;
};

/// "08563401": the eight places of JOBCOUNT.
std::string job_count_text(std::uint32_t count);

} // namespace almd
