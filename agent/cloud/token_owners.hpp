// Which source owns the token of a credential, when several shards use it.
#pragma once

#include "agent/cloud/token_source.hpp"
#include "proto/messages/service_key.hpp"

#include <map>
#include <string>
#include <utility>

namespace almd {

/// A client ID is unique in its own cloud only: two tenants may have given the same one, so the token's URL belongs to the name.
class TokenOwners {
public:
    /// `owner` must outlive whoever asks for it.
    void add(ServiceKey const& key, OwnedTokenSource& owner) { owners_[name_of(key)] = &owner; }
    /// The key must have been added.
    OwnedTokenSource& of(ServiceKey const& key) const { return *owners_.at(name_of(key)); }

private:
    using Name = std::pair<std::string, std::string>;
    static Name name_of(ServiceKey const& key) { return {key.token_endpoint, key.client_id}; }

    std::map<Name, OwnedTokenSource*> owners_;
};

} // namespace almd
