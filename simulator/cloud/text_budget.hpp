// How many bytes of what clients and persons write down are kept: one account for all boards of the cloud.
#pragma once

#include "simulator/kernel/result.hpp"

#include <string>
#include <vector>

namespace almd {

/// Limits on counts alone let a few clients fill the memory of a stand-in that is there for systems. What is counted are bytes
/// of memory, so that many small rows are bounded as well as a few long texts.
class TextBudget {
public:
    static constexpr std::size_t row_bytes = 192, ///< of a row beside its struct: nodes of the maps that find it
        allocation_bytes = 16;                    ///< of a text beside its characters

    explicit TextBudget(std::size_t bytes_max)
        : max_{bytes_max} {}

    /// A row of `before` bytes becomes one of `after`; 0: there was none, or it goes. What shrinks is always taken. Error full:
    /// nothing was changed; the sentence says how full it is and what helps.
    Result<void> change(std::size_t before, std::size_t after);
    void give_back(std::size_t bytes) { used_ -= bytes; }

    std::size_t used() const { return used_; }
    std::size_t max() const { return max_; }

private:
    std::size_t max_, used_ = 0;
};

/// Bytes on the heap: short texts need none.
inline std::size_t heap_bytes(std::string const& text) {
    constexpr std::size_t inside_max = 15;
    return text.size() <= inside_max ? 0 : text.size() + TextBudget::allocation_bytes;
}

/// Of a list that grows by doubling, without what its elements have on the heap.
template <class T>
std::size_t list_bytes(std::vector<T> const& list) {
    return 2 * list.size() * sizeof(T);
}

inline std::size_t heap_bytes(std::vector<std::string> const& texts) {
    auto bytes = list_bytes(texts);
    for (auto const& text : texts) bytes += heap_bytes(text);
    return bytes;
}

} // namespace almd
