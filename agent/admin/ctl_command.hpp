// The words behind `almd ctl`, understood.
#pragma once

#include "agent/admin/ctl_tables.hpp"
#include "proto/http/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace almd {

struct CtlCommand {
    enum class Output { table, wide, json };
    std::string admin;
    Output output = Output::table;
    bool help = false;
    CtlResource const* resource = nullptr; ///< none only with help
    CtlVerb const* verb = nullptr;         ///< none: list
    std::string sort;
    std::optional<std::size_t> limit;
    std::vector<std::pair<std::string, std::string>> named; ///< name=value, --name value
    std::vector<std::string> positional;
};

/// Errors (ErrorCode::invalid) say what was found, what is allowed and what was probably meant.
Result<CtlCommand> parse_ctl(std::vector<std::string> const& args);

/// The request of a verb. Reads the files it names.
Result<HttpRequest> request_of_verb(CtlCommand const& command);

/// One page of a list.
HttpRequest request_of_page(CtlCommand const& command, std::size_t offset, std::size_t limit);

} // namespace almd
