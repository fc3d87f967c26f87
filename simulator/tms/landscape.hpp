// A landscape: one TMS domain with all its systems. The unit that lives in one shard and the only thing others hold.
#pragma once

#include "simulator/abap/system.hpp"
#include "simulator/abap/transport_authority.hpp"
#include "simulator/cts/transport_organizer.hpp"
#include "simulator/kernel/clock.hpp"
#include "simulator/tms/approval.hpp"
#include "simulator/tms/configuration_change.hpp"
#include "simulator/tms/domain.hpp"
#include "simulator/tms/import_buffer.hpp"
#include "simulator/tms/import_history.hpp"
#include "simulator/tms/landscape_identity.hpp"
#include "simulator/tms/object_versions.hpp"
#include "simulator/tms/tp.hpp"
#include "simulator/tms/tp_log.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// What a developer or a work item asks CTS for; the target follows from the routes.
struct CreateRequest {
    SystemId system;
    Client client = client_000;
    TrFunction function = TrFunction::workbench; ///< K, W, or T with a target
    std::string text{}, owner{};
    std::vector<std::string> task_users{};   ///< empty: the owner
    std::optional<TransportTarget> target{}; ///< none: by the standard layer of the client (W) or the system (K)
    std::vector<ObjectEntry> objects{};      ///< recorded in it at once, in this order
    std::string package{};                   ///< of all of them; empty: what the object directory says
};

/// An object that is changed in a system, as an editor tells CTS of it.
struct RecordObject {
    ObjectEntry object;
    std::string package{};              ///< empty: what the object directory says, if it says anything
    std::optional<TrRequest> request{}; ///< or a task; a transportable object needs one (TK136)
};

/// One activated configuration of the domain (TCEVERS).
struct ConfigurationVersion {
    static constexpr std::size_t kept_max = 100; ///< older ones are forgotten
    static constexpr std::int64_t last = 9'999;  ///< VERSION has four places (V)

    std::int64_t version = 1;
    std::string author, text;
    TimePoint activated_at{};
};
struct ConfigurationActivated {
    std::int64_t version = 1;
    std::vector<std::string> warnings; ///< what Cloud ALM supports in part only
};

/// What tp asks of the target system before a step inside ABAP: is RDDIMPDP, which needs a background work process for
/// it (V), at work?
class BatchProcesses {
public:
    virtual ~BatchProcesses() = default;
    virtual bool granted(SystemId system) = 0;
};

inline constexpr std::string_view stms_user = "DDIC"; ///< who sits at STMS when nobody is named

/// Built from a specification that must outlive it and be free of findings (consistency.hpp): what contradicts itself
/// there is left out here. A pure function of (spec, identity, born) and cheap: a fleet builds one, reads it and throws
/// it away. The requests of the specification are made when somebody asks for requests, queues or locks, so that a
/// landscape of a fleet in which a user was locked keeps that difference and no copy of its requests.
class Landscape {
public:
    Landscape(LandscapeSpec const& spec, LandscapeIdentity identity, TimePoint born);
    Landscape(Landscape const&) = delete;
    Landscape& operator=(Landscape const&) = delete;
    ~Landscape();

    LandscapeSpec const& spec() const { return *spec_; }
    LandscapeIdentity const& identity() const { return identity_; }
    TimePoint born() const { return born_; }

    TransportDomain const& domain() const { return domain_; }
    /// Systems that were added while it runs come behind those of the specification; deleted ones keep their place.
    std::size_t system_count() const;
    SystemId sid(std::size_t index) const { return member(index).abap.id(); }
    bool has(SystemId system) const { return find_seat(system) != nullptr; }
    /// These three: the system must be in the landscape, ask has() about a name that comes from outside.
    AbapSystem& system(SystemId system);
    AbapSystem const& system(SystemId system) const;
    TransportOrganizer& cts(SystemId system);
    TransportOrganizer const& cts(SystemId system) const;
    ImportBuffer& buffer(SystemId system);
    ImportBuffer const& buffer(SystemId system) const;
    ImportHistory const& history() const { return history_; }
    TpProfile const& tp_profile() const { return tp_; }
    /// Counts from the next tp call on.
    void set_tp_profile(TpProfile profile) { tp_ = profile; }

    /// In its source system; null: there is none of that number.
    TransportRequest const* request(TrRequest trkorr) const;
    /// What a RequestSpec's alias became.
    std::optional<TrRequest> find_alias(std::string_view alias) const;
    /// An alias or a number that exists.
    Result<TrRequest> find_request(std::string_view alias_or_number) const;
    std::vector<ImportRow const*> imports_of(TrRequest trkorr) const; ///< those that had a result, oldest first

    /// Owner and task users must be able to log on; a system that lists no users takes any name. What is refused, be it
    /// for one of the objects, takes no number. A target that is named must be one that a request of its kind can go to.
    Result<TrRequest> create_request(CreateRequest request, TimePoint now);
    /// Into a workbench request only what goes to its target: by package, layer and consolidation route (V). The first
    /// object decides over the target of a request that still has the system's standard one. Contents of client-specific
    /// tables are for customizing requests, all else is not (V).
    Result<void> record_object(SystemId system, RecordObject what, TimePoint now);
    /// Only of users who can log on (TR809).
    Result<TrRequest> add_task(TrRequest request, std::string user, TimePoint now);
    Result<void> change_owner(TrRequest request_or_task, std::string owner, TimePoint now);
    /// May this user do that in this system, now? Errors: TR809 for one that does not exist or cannot log on (not_found,
    /// conflict), forbidden without the role. The releases, imports and approvals below ask the same.
    Result<void> authorize(SystemId system, std::string_view user, TransportActivity activity, TimePoint now) const;

    /// CTS release (tasks must be released before), then an entry in the buffer of its target; a group fans out (V).
    ReleaseReport release_request(TrRequest trkorr, std::string_view user, TimePoint now, ReleaseOptions options = {});
    /// The open tasks first, then the request.
    ReleaseReport release_with_tasks(TrRequest trkorr, std::string_view user, TimePoint now,
                                     ReleaseOptions options = {});
    /// One task alone.
    ReleaseReport release_task(TrRequest task, std::string_view user, TimePoint now);

    /// STMS "add to import queue" / "forward": by hand. import_again is umode 1. Error conflict: it is being imported.
    Result<void> add_to_buffer(TrRequest trkorr, TransportTarget target, TimePoint now, bool import_again = false,
                               std::string_view user = stms_user);

    /// TMS_MGR_FORWARD_TR_REQUEST: what waits in the source's queue, or was imported there, goes to another target too.
    /// Errors: as add_to_buffer; not_found when the source has nothing of it.
    Result<void> forward(TrRequest trkorr, SystemId source, TransportTarget target, TimePoint now,
                         bool import_again = false, std::string_view user = stms_user);

    /// Entries by hand, also in the queue of a system that has left the domain. Errors: not_found when it is not in the
    /// buffer, conflict while it is imported.
    Result<void> delete_from_buffer(TrRequest trkorr, TransportTarget target, TimePoint now,
                                    std::string_view user = stms_user);
    Result<void> set_mark(TrRequest trkorr, TransportTarget target, EntryMark mark, bool on);
    /// Error conflict: there is one already, there is none.
    Result<void> set_end_mark(SystemId system, TimePoint now, std::string_view user = stms_user);
    Result<void> delete_end_mark(SystemId system, TimePoint now, std::string_view user = stms_user);
    /// As STMS shows it, the component check included.
    EntryState entry_state(SystemId system, BufferEntry const& entry) const;
    EntryPlace entry_place(SystemId system, BufferEntry const& entry) const;
    QueueState queue_state(SystemId system) const;

    /// What the system holds by its imports; null: it imported nothing.
    ObjectVersions const* versions(SystemId system) const;
    /// Older released requests with the same objects that this target has not imported.
    std::vector<TrRequest> missing_predecessors(TransportRequest const& request, TransportTarget const& target) const;
    TpLog const& tp_log() const { return log_; }

    /// tp import of a subset into target ("QUA.200"); takes simulated time. One import per system at a time: a second
    /// call waits for its turn, first come first served (tp waits too, I). Requests run in queue order, whatever the
    /// order given. Error: unknown or virtual system, unknown client, or ErrorCode::stopped when the shard stops
    /// meanwhile (then what ran is undone: no row was written, the entries wait again). The landscape and the clock
    /// must outlive the call.
    /// While `batch` grants none, the steps inside ABAP wait, visibly running; null: there is always one.
    Async<Result<TpOutcome>> import_subset(Clock& clock, TransportTarget target, std::vector<TrRequest> transports,
                                           std::string user, ImportOptions options = {},
                                           BatchProcesses* batch = nullptr);
    /// What tp would say before it starts, and whether anything would run.
    struct ImportPreview {
        bool starts = false;
        std::vector<TpMessage> messages;
    };
    Result<ImportPreview> preview_import(TransportTarget target, std::vector<TrRequest> const& transports,
                                         ImportOptions options) const;
    /// Could tp start at all: an own, real system with that client?
    Result<void> check_import(TransportTarget const& target) const;
    /// What "import all" would take: everything importable before the end mark. Error conflict: NO_IMPORT_ALL=1.
    Result<std::vector<TrRequest>> all_for_import(TransportTarget target) const;
    /// One request with others before it in the queue: by default it stays and is imported again in its turn (V).
    bool is_preliminary(std::vector<TrRequest> const& transports, TransportTarget const& target) const;
    /// An import into that system runs or waits right now.
    bool importing(SystemId system) const;

    /// Checks, activates and distributes a changed configuration: a new version. Error: as draft_change, nothing was
    /// changed. A system that comes with it exists at once; one that is deleted runs on outside the domain.
    Result<ConfigurationActivated> change_configuration(ConfigurationChange const& change, std::string author,
                                                        TimePoint now);
    /// Oldest first; the last one is active.
    std::vector<ConfigurationVersion> configuration_versions() const;

    /// May this request be imported into that target, as far as QA approval goes?
    ApprovalState approval_of(TrRequest trkorr, TransportTarget const& target) const;
    /// A step of the procedure of a QA system, for a request that waits in one of its delivery targets. The request
    /// owner's step is decided by the request's owner only (I). Answer: what the whole procedure says now.
    Result<ApprovalState> approve(TrRequest trkorr, SystemId qa_system, ApprovalStep step, std::string_view user,
                                  TimePoint now);
    Result<ApprovalState> reject(TrRequest trkorr, SystemId qa_system, ApprovalStep step, std::string_view user,
                                 TimePoint now);

    std::size_t bytes() const; ///< estimate of all memory beyond the shared specification
    void shrink();             ///< gives back what building it took beyond need: for one that is kept

private:
    struct Member {
        AbapSystem abap;
        TransportOrganizer cts;
        ImportBuffer buffer;
        std::vector<std::uint32_t> imports{}; ///< tickets: the first one runs, the others wait
        std::uint32_t last_ticket = 0;
        TimePoint busy_until{};
        std::unique_ptr<ObjectVersions> versions{}; ///< null: nothing was imported
    };
    struct Alias {
        std::string_view name; ///< in the specification
        TrRequest trkorr;
    };
    struct NotWritten {
        std::string object;
        Text why{};
    };
    struct Run {                      ///< one tp call
        TpProfile profile;            ///< tp reads it when it starts: a change counts from the next call on
        std::vector<TrRequest> named; ///< that it was made for, whatever became of them, in queue order
        ImportPlan plan;
        std::vector<ImportProgress> requests;
        std::vector<BufferState> states_before;
        TpOutcome outcome;
        ImportOptions options{};
        std::vector<std::vector<NotWritten>> not_written{};             ///< objects of each of `requests`
        std::vector<std::string> kept_objects(std::size_t index) const; ///< those of one request, sorted
        std::optional<ImportCall> call{};                               ///< none: no step ran
        char stopped_at = 0;                                            ///< step that stopped the call (STOPONERROR)
    };

    /// What most landscapes never have.
    struct Rarities {
        std::deque<Member> added;       ///< systems that came while it runs; addresses stay
        std::deque<SystemSpec> systems; ///< theirs, and of those that replaced a virtual one
        std::deque<ConfigurationVersion> versions;
        ApprovalBook approvals;
    };
    Rarities& rarities();
    Member const& member(std::size_t index) const;
    SystemSeat seat(std::size_t index, SystemId own) const;
    void settle(SystemSpec const& system);
    Result<std::span<ApprovalStep const>> open_procedure(TrRequest trkorr, SystemId qa_system, ApprovalStep step,
                                                         std::string_view user, TimePoint now) const;
    Result<std::vector<BufferEntry*>> entries_of(TrRequest trkorr, TransportTarget const& target);
    Result<void> check_queue(TransportTarget const& target) const;

    void fill() const;
    Member* find(SystemId system);
    Member const* find(SystemId system) const;
    Member const* find_seat(SystemId system) const; ///< of its ABAP side alone: does not fill
    void replay(TimePoint born);
    std::optional<TrRequest> replay_one(RequestSpec const& request, TimePoint created, TimePoint released);
    std::optional<TransportTarget> standard_target(SystemId system) const;
    std::optional<TransportTarget> target_of(Member const& member, TrFunction function, Client client) const;
    Result<void> check_user(Member const& member, std::string_view user, TimePoint now) const;
    std::optional<ReleaseReport> may_not_release(SystemId system, std::string_view user, TimePoint now) const;
    Result<Member*> member_of(TrRequest trkorr);
    Result<void> check_way(CreateRequest const& wanted) const;
    Result<void> check_objects(Member const& member, CreateRequest const& wanted) const;
    std::optional<SystemId> imported_from(Member const& member, ObjectView object) const;
    Result<PackageSpec> package_of(Member const& member, RecordObject const& what) const;
    Result<std::optional<TransportTarget>> target_with(Member const& member, TransportRequest const& request,
                                                       RecordObject const& what, PackageSpec const& package) const;
    ReleaseOptions complete(Member const& member, ReleaseOptions options) const;
    ReleaseReport entered(Member& member, TrRequest trkorr, ReleaseReport report, std::string_view user, TimePoint now);
    Result<void> check_target(TransportTarget const& target) const;
    void enter_buffers(TransportRequest const& request, std::string_view user, TimePoint now);
    void enter_buffer(TransportRequest const& request, TransportTarget const& target, TimePoint now, bool import_again);

    Run plan_run(Member const& member, TransportTarget const& target, std::vector<TrRequest> const& transports,
                 ImportOptions options) const;
    ImportFate fate_of(TransportRequest const& request, TransportTarget const& target, std::string_view steps) const;
    static std::vector<NotWritten> not_written(Member const& member, TransportRequest const& request,
                                               ImportOptions const& options);
    SystemId spec_name_of(SystemId system) const;
    Duration duration_of(Run const& run) const;
    void set_running(Member& member, Run& run);
    void give_up(Member& member, Run const& run);
    void keep_for_later(Member& member, TrRequest trkorr, std::optional<Client> client);
    Async<bool> wait_for_batch(Clock& clock, SystemId system, BatchProcesses* batch);
    Async<bool> run_steps(Clock& clock, Member& member, Run& run, std::string user, BatchProcesses* batch);
    void log_command(SystemId system, std::optional<TrRequest> request, std::string command, std::string const& user,
                     TimePoint now);
    void log_queue_command(std::string_view command, std::optional<TrRequest> request, TransportTarget const& target,
                           std::string_view user, TimePoint now);
    void log_call(Run const& run, std::string const& user, TimePoint now, std::string_view word);
    void log_step(Run const& run, char step, std::string const& user, TimePoint now);
    void log_mark(Run const& run, char mark, std::optional<TrRequest> request, TpReturnCode code,
                  std::optional<TransportTarget> const& to, std::string const& user, TimePoint now);
    void log_export(Member const& member, TransportRequest const& request, TpReturnCode code, std::string_view user,
                    TimePoint now);
    void log_line(Run const& run, std::string_view word, char step, std::optional<TpReturnCode> code,
                  std::string const& user, TimePoint now);
    void remark(Member const& member, Run const& run, std::size_t index);
    template <class Objects, class Tell>
    void remark_each(Objects const& objects, Tell tell);
    void bring_versions(Member& member, Run const& run, std::size_t index);
    void finish(Member& member, Run& run, TimePoint now, std::string const& user);

    LandscapeSpec const* spec_;
    LandscapeIdentity identity_;
    TimePoint born_;
    TransportDomain domain_;
    TpProfile tp_;
    mutable std::vector<Member> members_; ///< in the order of the specification; never grows after construction
    std::unique_ptr<Rarities> rare_;
    mutable std::vector<Alias> aliases_;
    mutable bool filled_ = false; ///< the requests of the specification are in; one landscape alone has them from birth
    ImportHistory history_;
    TpLog log_;
};

} // namespace almd
