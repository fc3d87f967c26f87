// Which calls are meant, by what stands in their first line: for faults and for questions to the journal.
#pragma once

#include "proto/ids.hpp"

#include <string>
#include <string_view>

namespace almd {

/// Finer than an operation, of which a published API has one for all of its paths.
struct CallPattern {
    std::string method; ///< "POST"; empty: any
    /// Without a query, compared decoded; `*` stands for any characters: "/api/calm-features/v1/Features/*"; empty: any.
    std::string path;

    bool is_empty() const { return method.empty() && path.empty(); }
    bool fits(std::string_view called_method, std::string_view target) const; ///< a query in the target is passed over
    std::string text() const;                                                 ///< "POST /api/*", with "*" for any path
};

/// Errors say what a method or a path may be.
Result<void> check_call_method(std::string_view method);
Result<void> check_call_path(std::string_view path);

} // namespace almd
