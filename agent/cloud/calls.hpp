// Rows 4 to 15 of the cloud dialogue as typed calls: encode, send, decode.
#pragma once

#include "agent/cloud/cloud_connection.hpp"
#include "proto/messages/discovery.hpp"
#include "proto/messages/heartbeat.hpp"
#include "proto/messages/landscape.hpp"
#include "proto/messages/registration.hpp"
#include "proto/messages/transports.hpp"
#include "proto/messages/use_cases.hpp"
#include "proto/messages/work.hpp"

#include <optional>
#include <string>
#include <vector>

namespace almd {

/// Who calls. Has a constructor on purpose: safe as a temporary inside co_await (style.md 1.1).
struct Caller {
    std::uint32_t registration;
    LmsId lms_id;
    Caller(std::uint32_t registration_, LmsId lms_id_)
        : registration{registration_}
        , lms_id{lms_id_} {}
};

struct UseCasesAnswer {
    UseCaseSelection selection;
    std::string etag; ///< send it with the next question
};

/// An answer that is not JSON or not the contract is ErrorCode::protocol with operation and URL. Keys: call_key().
class CloudCalls {
public:
    explicit CloudCalls(CloudConnection& connection)
        : connection_{connection} {}

    Async<CallResult<RegistrationAnswer>> register_system(std::uint32_t registration, Registration message, Uuid key);
    Async<CallResult<void>> unregister(Caller caller, Uuid key);
    Async<CallResult<HeartbeatAnswer>> heartbeat(Caller caller, Heartbeat message, Uuid key);
    /// nullopt: nothing changed since `etag` (empty: never asked).
    Async<CallResult<std::optional<UseCasesAnswer>>> use_cases(Caller caller, std::string etag);
    /// conflict with api_code CLOUD_IS_LEADING: only the cloud may switch it on again.
    Async<CallResult<void>> report_activation(Caller caller, std::string task, UseCaseActivation message, Uuid key);
    Async<CallResult<void>> discovery(Caller caller, Discovery message, Uuid key);
    Async<CallResult<void>> diagnostics(Caller caller, Diagnostics message, Uuid key);
    Async<CallResult<void>> put_landscape(Caller caller, LandscapePush message, Uuid key);
    /// At most transports_per_push_max records.
    Async<CallResult<TransportsAnswer>> post_transports(Caller caller, TransportsPush message, Uuid key);
    Async<CallResult<WorkList>> poll_work(Caller caller, std::vector<WorkKind> kinds, Client client, int max);
    Async<CallResult<void>> post_work_result(Caller caller, WorkId work, WorkResult message, Uuid key);
    Async<CallResult<void>> post_check_result(Caller caller, WorkId work, CheckResult message, Uuid key);
    /// SM59's connection test: GET of the root URL, of which HTTP 400 is the good end (V).
    Async<CallResult<void>> connection_test(std::uint32_t registration);

private:
    Async<CallResult<void>> tell(CallSpec spec);
    template <class T>
    Async<CallResult<T>> ask(CallSpec spec, Result<T> (*decode)(std::string_view));

    CloudConnection& connection_;
};

} // namespace almd
