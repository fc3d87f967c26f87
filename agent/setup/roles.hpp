// Which role a background user needs for what, by the level of ST-PI: one table.
#pragma once

#include "agent/setup/generated_jobs.hpp"
#include "proto/task_catalogue.hpp"
#include "simulator/abap/system_spec.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace almd {

/// Who runs /SDF/ALM_SETUP needs it, with S_BTCH_NAM for the background user (V).
inline constexpr std::string_view role_of_setup = "SAP_SDF_ALM_SETUP";

StPiLevel st_pi_level(std::span<ComponentVersion const> components);

using Roles = std::span<std::string_view const>;

/// All of them are needed; the views live for ever.
Roles roles_of(StPiLevel level, Program program);
Roles roles_of(StPiLevel level, TaskKind task);
/// Uses of roles beside jobs and tasks.
enum class RoleUse : std::uint8_t { certificate_rotation, data_volume_management, rfc_of_checks, rfc_of_retrofit };
struct OtherRole {
    RoleUse use;
    std::string_view role;
    StPiLevel from; ///< first level that has it
    bool of_background_user() const { return use <= RoleUse::data_volume_management; }
};
std::span<OtherRole const> other_roles();

/// What a background user has of which the configuration says nothing: every role that anything needs.
std::vector<std::string> every_role(StPiLevel level);

} // namespace almd
