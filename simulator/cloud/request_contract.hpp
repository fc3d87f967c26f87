// Requests held against proto/openapi/standin.yaml while the stand-in runs.
#pragma once

#include "proto/http/message.hpp"
#include "proto/schema/openapi.hpp"
#include "simulator/cloud/cloud_operation.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace almd {

/// The operations whose payload is a proposal of this project (marks O and the Registration). Published ones have refusals
/// of their own, in SAP's words, and token calls those of a UAA. What the door words itself is not asked here: the token, the
/// path, Content-Type and Idempotency-Key. A text that is no JSON and lists that are too long are left to the decoders.
class RequestContract {
public:
    /// Compiled at the first call, then shared by every stand-in of the process: it never changes.
    static RequestContract const& standin();

    struct Violation {
        bool in_body = false;
        std::string target;  ///< "transports[3].tasks[0]", or the name of a header or query parameter
        std::string message; ///< "is 7; allowed: ..."
    };
    /// The first one.
    std::optional<Violation> check(CloudOperation operation, HttpRequest const& request, std::string_view query) const;
    bool covers(CloudOperation operation) const { return operations_[index(operation)].has_value(); }

private:
    RequestContract();
    PerCloudOperation<std::optional<ContractOperation>> operations_;
};

std::string_view standin_requests(); ///< JSON: the requests of standin.yaml, as they were when the program was built

} // namespace almd
