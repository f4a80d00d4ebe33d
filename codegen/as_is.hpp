// A plan's directory as somebody left it, checksums or not: for a rehearsal, never for an apply.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "codegen/plan_files.hpp"

namespace segue::codegen {

struct PlanAsIs {
  // Steps do what the files say now, in their order; the checksums are those of the files now.
  ReviewedPlan plan;
  std::vector<std::string> edited;    // file names whose bytes are not those that were planned
  std::vector<std::string> notes;     // what of an edit only psql runs; sentences
  std::vector<std::string> unplayed;  // ids of those steps
};

// Throws PlanDirectoryError: incomplete, not JSON, of another version.
PlanAsIs read_as_is(const std::filesystem::path& directory);

}  // namespace segue::codegen
