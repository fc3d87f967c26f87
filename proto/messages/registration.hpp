// Rows 4 and 5 of the cloud dialogue: a system makes itself known and gets its LMS ID.
#pragma once

#include "proto/ids.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct ComponentLevel {
    std::string name, release;
    int support_package = 0;
    friend bool operator==(ComponentLevel const&, ComponentLevel const&) = default;
};

struct InstanceInfo {
    std::string host;
    int number = 0;
    std::vector<std::string> services;
};

struct Registration {
    SystemId system_id;
    Client client;
    std::string description, system_number, installation_number, db_host, db_type, service_type, role, root_url,
        external_id;
    std::vector<ComponentLevel> components;
    std::vector<InstanceInfo> instances;
};

struct RegistrationAnswer {
    LmsId lms_id;
};

std::string encode(Registration const& message);
Result<Registration> decode_registration(std::string_view json);
std::string encode(RegistrationAnswer const& message);
Result<RegistrationAnswer> decode_registration_answer(std::string_view json);

} // namespace almd
