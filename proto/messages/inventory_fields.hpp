// Components and instances: parts that registration and discovery share. Private to the codecs.
#pragma once

#include "proto/messages/json_fields.hpp"
#include "proto/messages/json_writer.hpp"
#include "proto/messages/registration.hpp"

namespace almd {

inline constexpr int support_package_max = 9999;

void write_components(JsonWriter& out, std::vector<ComponentLevel> const& components);
std::vector<ComponentLevel> read_components(Fields& in);
void write_instances(JsonWriter& out, std::vector<InstanceInfo> const& instances);
std::vector<InstanceInfo> read_instances(Fields& in);

} // namespace almd
