// The cloud's part of the admin API: pages over the state, and the person's verbs as routes below /api/v1/cloud/.
#pragma once

#include "proto/http/router.hpp"

namespace almd {

class Cloud;
struct CloudState;

/// Both outlive the router's use.
void mount_cloud_admin(Router& router, Cloud& cloud, CloudState& state);

} // namespace almd
