// Keeping the account of written texts.
#include "simulator/cloud/text_budget.hpp"

#include <fmt/format.h>

namespace almd {

Result<void> TextBudget::change(std::size_t before, std::size_t after) {
    auto const others = used_ - before;
    if (after > before && others + after > max_)
        return fail(
            ErrorCode::full,
            fmt::format("the stand-in keeps {} bytes of features, tasks, references, projects, plans and events, "
                        "{} are taken and this needs {} more; delete some of them, or raise stand_in.text_bytes "
                        "(almd cloud --text-bytes)",
                        max_, used_, after - before));
    used_ = others + after;
    return {};
}

} // namespace almd
