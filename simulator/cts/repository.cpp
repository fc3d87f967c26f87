// The object directory of one system.
#include "simulator/cts/repository.hpp"

namespace almd {

namespace {

/// A table's package does not depend on the key that is transported.
std::string_view directory_name(ObjectView object) {
    auto const text = object.text();
    auto const key = object.table_key();
    return key.empty() ? text : text.substr(0, text.size() - key.size() - 1);
}

} // namespace

ObjectFacts const* Repository::find(ObjectView object) const {
    auto const found = objects_.find(directory_name(object));
    return found == objects_.end() ? nullptr : &found->second;
}

ObjectFacts& Repository::facts(ObjectView object) {
    auto const name = directory_name(object);
    auto const found = objects_.find(name);
    return found == objects_.end() ? objects_[std::string{name}] : found->second;
}

std::size_t Repository::bytes() const {
    std::size_t sum = sizeof *this;
    for (auto const& [name, facts] : objects_)
        sum += sizeof name + sizeof facts + 40 + name.capacity() + facts.package.capacity() +
               facts.function_group.capacity();
    return sum;
}

bool is_local(PackageSpec const& package) {
    return package.layer.empty() || package.name.starts_with('$');
}

} // namespace almd
