// Journal filters and expectations as JSON, of people and of tests.
#pragma once

#include "proto/http/message.hpp"
#include "simulator/cloud/journal_verify.hpp"

#include <nlohmann/json_fwd.hpp>

#include <expected>
#include <vector>

namespace almd {

/// The error is the answer to send: 400 with the path of the first mistake.
template <class T>
using Asked = std::expected<T, HttpResponse>;

/// Keys other than those of a filter are somebody else's, unless `only` says that there are none.
Asked<JournalFilter> read_filter(nlohmann::json const& json, bool only);

/// {"operation", "method", "path", "system", "client", "status", "from", "to", "exactly", "atLeast", "atMost", "inOrder"}, all of
/// them optional. What cannot be meant is a mistake: a time that begins in the future or ends before it begins, counts that contradict each other.
Asked<std::vector<Expectation>> read_expectation(nlohmann::json const& json, TimePoint now);
/// {"sequence": [expectation, ...]}
Asked<std::vector<Expectation>> read_sequence(nlohmann::json const& json, TimePoint now);

} // namespace almd
