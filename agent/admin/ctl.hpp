// `almd ctl`: looks at a running almd and changes it, over its admin API.
#pragma once

#include "proto/http/message.hpp"
#include "simulator/kernel/shard.hpp"

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace almd {

inline constexpr std::string_view ctl_admin_default = "http://127.0.0.1:8100";

/// How ctl gets to the API; tests hand it a service in process.
using CtlConnect = std::function<Result<std::unique_ptr<HttpClient>>(Shard& shard, std::string const& admin_url)>;

/// args: what stands behind "almd ctl". Data goes to `out`, talk to `err`. Exit codes: 0 good, 1 the daemon refused,
/// 2 usage, also when only the daemon can tell (400), 3 nothing answers.
int run_ctl(std::vector<std::string> const& args, CtlConnect const& connect, std::FILE* out, std::FILE* err);

/// The same over a socket.
int ctl_main(std::vector<std::string> args, std::FILE* out, std::FILE* err);

/// All resources and verbs, from the tables; or those of one resource.
std::string ctl_help(std::string_view resource = {});

} // namespace almd
