// Who may talk to an admin listener: keeps web pages of other hosts out, which a browser on this machine would let in.
#pragma once

#include "simulator/kernel/result.hpp"

#include <string_view>

namespace almd {

/// `bound`: the host of --admin. A name of somebody else's that was made to lead to loopback (DNS rebinding) shows in Host: on loopback
/// only loopback and `bound` itself are let in. A page of another host shows in Origin, which must name the host (and port) that is asked.
/// No Origin: no browser, or a page of our own.
Result<void> allow_caller(std::string_view bound, std::string_view host, std::string_view origin);

} // namespace almd
