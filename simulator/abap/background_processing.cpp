// Simulated background processing: what SM37 shows.
#include "simulator/abap/background_processing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace almd {

namespace {

/// The last two places of a JOBCOUNT: those from here on are for event jobs.
constexpr std::uint32_t chain_places = 90;

std::uint64_t run_key(SystemSlot system, std::uint32_t count) {
    return (static_cast<std::uint64_t>(system) << 32) | count;
}

std::uint32_t hhmmss(TimePoint at) {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count() % 86'400;
    return static_cast<std::uint32_t>(seconds / 3600 * 10'000 + seconds / 60 % 60 * 100 + seconds % 60);
}

JobStart start_of(JobSlot slot, SystemSlot system, Client client, std::uint8_t program, std::uint32_t owner,
                  std::uint32_t count, TimePoint planned) {
    JobStart start;
    start.slot = slot;
    start.program = program;
    start.owner = owner;
    start.system = system;
    start.client = client;
    start.count = count;
    start.planned = planned;
    return start;
}

} // namespace

std::string job_count_text(std::uint32_t count) {
    return fmt::format("{:08}", count);
}

BackgroundProcessing::BackgroundProcessing(Shard& shard, JobPrograms& programs, std::size_t history_max)
    : shard_{shard}
    , programs_{programs}
    , history_max_{history_max}
    , born_{shard.clock().now()} {
    shard_.set_sink(*this);
}

void BackgroundProcessing::add_systems(std::size_t count, std::uint16_t total, std::uint16_t for_class_a) {
    assert(total <= work_processes_max && for_class_a <= work_processes_max);
    WorkProcesses processes;
    processes.total = total & 0x3ffu;
    processes.for_class_a = for_class_a & 0x3ffu;
    work_processes_.resize(work_processes_.size() + count, processes);
}

void BackgroundProcessing::set_work_processes(SystemSlot system, std::uint16_t total) {
    assert(total <= work_processes_max);
    work_processes_.at(system).total = total & 0x3ffu;
    start_waiting(system);
}

void BackgroundProcessing::reserve_for_class_a(SystemSlot system, std::uint16_t count) {
    assert(count <= work_processes_max);
    work_processes_.at(system).for_class_a = count & 0x3ffu;
    start_waiting(system);
}

bool BackgroundProcessing::may_start(SystemSlot system, JobClass job_class) const {
    int const reserved = job_class == JobClass::a ? 0 : static_cast<int>(work_processes_[system].for_class_a);
    return free_work_processes(system) > reserved;
}

void BackgroundProcessing::wait(JobStart const& start, std::uint32_t period_minutes) {
    ++counters_.waited;
    auto& queue = ready_[start.system];
    auto const place =
        std::ranges::upper_bound(queue, programs_.job_class(start.program), {},
                                 [this](Active const& other) { return programs_.job_class(other.start.program); });
    queue.insert(place, Active{start, period_minutes});
}

void BackgroundProcessing::start_waiting(SystemSlot system) {
    auto waiting = ready_.find(system);
    while (waiting != ready_.end() && may_start(system, programs_.job_class(waiting->second.front().start.program))) {
        Active next = waiting->second.front();
        waiting->second.pop_front();
        if (waiting->second.empty()) ready_.erase(waiting);
        begin(next.start, next.period_minutes);
        waiting = ready_.find(system);
    }
}

int BackgroundProcessing::free_work_processes(SystemSlot system) const {
    auto const& processes = work_processes_.at(system);
    return static_cast<int>(processes.total) - static_cast<int>(processes.busy);
}

/// The time of day and two places. These differ between the chains of a system, move on each day, and go up by one when a
/// chain releases two runs in one second: a JOBCOUNT comes again after ninety days.
std::uint32_t BackgroundProcessing::next_count(JobSlot slot) const {
    auto const now = shard_.clock().now();
    auto const days = std::chrono::floor<std::chrono::days>(now.time_since_epoch()).count();
    auto const before = chains_[slot].count;
    auto const places = before != 0 && before / 100 == hhmmss(now)
                            ? before % 100 + 1
                            : slot * 7 + static_cast<std::uint32_t>(days % chain_places) * 13;
    return hhmmss(now) * 100 + places % chain_places;
}

std::uint32_t BackgroundProcessing::count_of(EventJob const& job) const {
    auto const found = event_counts_.find(run_key(job.system, job.place));
    return found != event_counts_.end() ? found->second : hhmmss(born_) * 100 + chain_places + job.place % 10u;
}

std::uint32_t BackgroundProcessing::raise(EventJob const& job) {
    auto const now = shard_.clock().now();
    auto const count = count_of(job);
    auto next = hhmmss(now) * 100 + chain_places + job.place % 10u;
    if (next == count) next = hhmmss(now + Duration{1s}) * 100 + chain_places + job.place % 10u;
    event_counts_[run_key(job.system, job.place)] = next;
    auto const start = start_of(no_job, job.system, job.client, job.program, job.owner, count, now);
    if (may_start(job.system, programs_.job_class(job.program)))
        begin(start, 0);
    else
        wait(start, 0);
    return count;
}

EventRun BackgroundProcessing::state_of_run(SystemSlot system, std::uint32_t count) const {
    if (active_.contains(run_key(system, count))) return EventRun::active;
    auto const queue = ready_.find(system);
    auto const it_is = [&](Active const& waiting) { return waiting.start.count == count; };
    bool const waits = queue != ready_.end() && std::ranges::any_of(queue->second, it_is);
    return waits ? EventRun::waits : EventRun::ended;
}

void BackgroundProcessing::finish(SystemSlot system, std::uint32_t count, JobEnd outcome) {
    if (auto const run = active_.find(run_key(system, count)); run != active_.end()) {
        auto const [start, period_minutes] = run->second;
        active_.erase(run);
        end(start, period_minutes, std::move(outcome));
    } else if (auto const queue = ready_.find(system); queue != ready_.end()) {
        std::erase_if(queue->second, [&](Active const& waiting) { return waiting.start.count == count; });
        if (queue->second.empty()) ready_.erase(queue);
    }
}

std::optional<JobRow> BackgroundProcessing::waiting_row(EventJob const& job) const {
    auto const queue = ready_.find(job.system);
    auto const it_is = [&](Active const& waiting) {
        return waiting.start.program == job.program && waiting.start.client == job.client;
    };
    if (queue != ready_.end() && std::ranges::any_of(queue->second, it_is)) return std::nullopt;
    auto const start = start_of(no_job, job.system, job.client, job.program, job.owner, count_of(job), born_);
    return row_of(start, JobStatus::released, 0);
}

JobSlot BackgroundProcessing::release(SystemSlot system, Client client, std::uint8_t program, std::uint32_t owner,
                                      TimePoint first, std::chrono::minutes period) {
    JobSlot slot;
    if (free_chains_.empty()) {
        slot = static_cast<JobSlot>(chains_.size());
        chains_.emplace_back();
    } else {
        slot = free_chains_.back();
        free_chains_.pop_back();
    }
    Chain& chain = chains_[slot];
    chain.planned = first;
    chain.system = system;
    chain.owner = owner;
    chain.count = next_count(slot);
    chain.period_minutes = static_cast<std::uint32_t>(period.count());
    chain.client = client.number();
    chain.program = program;
    chain.released = chain.used = true;
    chain.event = shard_.arm(first, slot);
    ++released_;
    return slot;
}

void BackgroundProcessing::remove(JobSlot slot) {
    Chain& chain = chains_.at(slot);
    if (!chain.used) return;
    if (chain.released) {
        shard_.cancel(chain.event);
        --released_;
    }
    chain = Chain{};
    free_chains_.push_back(slot);
}

void BackgroundProcessing::due(std::uint32_t payload, TimePoint planned) {
    JobSlot slot = payload;
    Chain const chain = chains_[slot];
    assert(chain.used && chain.released);
    JobStart start =
        start_of(slot, chain.system, Client{chain.client}, chain.program, chain.owner, chain.count, planned);
    chains_[slot].released = false;
    chains_[slot].event = TimingWheel::no_event;
    --released_;
    if (may_start(chain.system, programs_.job_class(chain.program)))
        begin(start, chain.period_minutes);
    else
        wait(start, chain.period_minutes);
}

void BackgroundProcessing::release_successor(JobSlot slot) {
    Chain& chain = chains_[slot];
    if (chain.period_minutes == 0) {
        chain = Chain{};
        free_chains_.push_back(slot);
        return;
    }
    Duration const period = std::chrono::minutes{chain.period_minutes};
    TimePoint const now = shard_.clock().now();
    chain.planned += period;
    if (chain.planned <= now) { // starts were missed: the late run that begins now takes their place
        auto missed = (now - chain.planned) / period + 1;
        counters_.skipped += static_cast<std::uint64_t>(missed);
        chain.planned += missed * period;
    }
    chain.count = next_count(slot);
    chain.released = true;
    chain.event = shard_.arm(chain.planned, slot);
    ++released_;
}

void BackgroundProcessing::begin(JobStart start, std::uint32_t period_minutes) {
    start.started = shard_.clock().now();
    ++counters_.started;
    digest_.add(start.started, (static_cast<std::uint64_t>(start.system) << 16) | start.client.number(), start.program,
                start.owner);
    if (start.slot != no_job) {
        Chain const& chain = chains_[start.slot];
        if (chain.used && !chain.released && chain.owner == start.owner && chain.program == start.program)
            release_successor(start.slot);
    }
    if (auto refused = programs_.refuse(start)) {
        record(start, period_minutes, std::move(*refused));
        return;
    }
    work_processes_[start.system].busy = (work_processes_[start.system].busy + 1u) & 0x3ffu;
    if (start.slot == no_job) {
        active_.emplace(run_key(start.system, start.count), Active{start, period_minutes});
        return;
    }
    if (auto ended = programs_.run_at_once(start)) {
        end(start, period_minutes, std::move(*ended));
        return;
    }
    active_.emplace(run_key(start.system, start.count), Active{start, period_minutes});
    shard_.tasks().spawn(run_program(start, period_minutes));
}

/// The job door: a program's exception cancels its job, as a short dump does, and nothing else.
Async<void> BackgroundProcessing::run_program(JobStart start, std::uint32_t period_minutes) {
    JobEnd outcome;
    try {
        outcome = co_await programs_.run(start);
    } catch (std::exception const& dump) {
        outcome.canceled = true;
        outcome.log.push_back(job_line(shard_.clock().now(), 'A', Text::job_cancelled_by_dump, dump.what()));
    }
    active_.erase(run_key(start.system, start.count));
    end(start, period_minutes, std::move(outcome));
}

void BackgroundProcessing::end(JobStart const& start, std::uint32_t period_minutes, JobEnd outcome) {
    work_processes_[start.system].busy = (work_processes_[start.system].busy - 1u) & 0x3ffu;
    record(start, period_minutes, std::move(outcome));
    if (!ready_.empty()) start_waiting(start.system);
}

void BackgroundProcessing::record(JobStart const& start, std::uint32_t period_minutes, JobEnd outcome) {
    auto const cancels = [](JobLogLine const& line) { return handled(line.type) != line.type; };
    if (!outcome.canceled && std::ranges::any_of(outcome.log, cancels)) {
        outcome.canceled = true;
        outcome.cause = CancelCause::message;
    }
    ++(outcome.canceled ? counters_.canceled : counters_.finished);
    if (history_max_ > 0) {
        if (history_.size() == history_max_) {
            history_.pop_front();
            ++counters_.dropped;
        }
        history_.push_back(Record{start, outcome.canceled ? JobStatus::canceled : JobStatus::finished, outcome.cause,
                                  period_minutes, shard_.clock().now(), std::move(outcome.log)});
    }
}

JobRow BackgroundProcessing::row_of(JobStart const& start, JobStatus status, std::uint32_t period_minutes) const {
    JobRow row;
    row.system = start.system;
    row.client = start.client;
    row.name = programs_.job_name(start.program, start.owner);
    row.program = start.program;
    row.owner = start.owner;
    row.status = status;
    row.job_class = programs_.job_class(start.program);
    row.count = start.count;
    row.planned = start.planned;
    row.by_event = start.slot == no_job;
    row.period = std::chrono::minutes{period_minutes};
    if (status != JobStatus::released && status != JobStatus::ready) row.started = start.started;
    return row;
}

std::optional<TimePoint> BackgroundProcessing::next_start(JobSlot slot) const {
    if (slot >= chains_.size() || !chains_[slot].used) return std::nullopt;
    return chains_[slot].planned;
}

std::vector<JobRow> BackgroundProcessing::open_rows() const {
    std::vector<JobRow> rows;
    for (JobSlot slot = 0; slot < chains_.size(); ++slot) {
        Chain const& chain = chains_[slot];
        if (!chain.used || !chain.released) continue;
        auto start =
            start_of(slot, chain.system, Client{chain.client}, chain.program, chain.owner, chain.count, chain.planned);
        rows.push_back(row_of(start, JobStatus::released, chain.period_minutes));
    }
    for (auto const& [system, queue] : ready_)
        for (auto const& waiting : queue)
            rows.push_back(row_of(waiting.start, JobStatus::ready, waiting.period_minutes));
    for (auto const& [key, run] : active_) rows.push_back(row_of(run.start, JobStatus::active, run.period_minutes));
    return rows;
}

JobRow BackgroundProcessing::ended_row(std::size_t index) const {
    Record const& record = history_[history_.size() - 1 - index];
    JobRow row = row_of(record.start, record.status, record.period_minutes);
    row.ended = record.ended;
    return row;
}

/// A user that cannot log on fails "when starting a step": the job has started, no step has (I).
std::vector<JobLogLine> BackgroundProcessing::job_log(SystemSlot system, std::uint32_t count) const {
    std::vector<JobLogLine> lines;
    JobStart start;
    Record const* ended = nullptr;
    if (auto run = active_.find(run_key(system, count)); run != active_.end()) {
        start = run->second.start;
    } else {
        for (auto record = history_.rbegin(); record != history_.rend() && !ended; ++record)
            if (record->start.system == system && record->start.count == count) ended = &*record;
        if (!ended) return lines;
        start = ended->start;
    }
    lines.push_back(job_line(start.started, 'S', Text::job_started));
    if (!ended || ended->cause != CancelCause::logon)
        lines.push_back(job_line(start.started, 'S', Text::job_step_started, "001", programs_.report(start.program), "",
                                 programs_.user(start.program, start.owner, start.started)));
    if (!ended) return lines;
    lines.insert(lines.end(), ended->log.begin(), ended->log.end());
    bool const canceled = ended->status == JobStatus::canceled;
    auto const last = !canceled                              ? Text::job_finished
                      : ended->cause == CancelCause::message ? Text::job_cancelled_by_message
                                                             : Text::job_cancelled;
    lines.push_back(job_line(ended->ended, canceled ? 'A' : 'S', last));
    return lines;
}

std::size_t BackgroundProcessing::bytes() const {
    return chains_.capacity() * sizeof(Chain) + work_processes_.capacity() * sizeof(WorkProcesses) +
           history_.size() * sizeof(Record) + event_counts_.size() * 32 + free_chains_.capacity() * sizeof(JobSlot);
}

} // namespace almd
