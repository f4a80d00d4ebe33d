// Whether a rehearsal that passed covers the files that are about to be applied.
#pragma once

#include <filesystem>
#include <optional>

#include "codegen/plan_files.hpp"
#include "runtime/errors.hpp"

namespace segue::runtime::rehearsal {

// Bumped when rehearsal.json changes its shape.
inline constexpr int rehearsal_version = 1;

// Why `file` (the rehearsal.json of a rehearsal) does not cover the plan; none: it does. The seal
// finds a slip of the hand, not somebody who means harm: whoever may edit the plan may also
// rehearse it.
std::optional<Objection> not_covered(const codegen::ReviewedPlan& plan,
                                     const std::filesystem::path& file);

}  // namespace segue::runtime::rehearsal
