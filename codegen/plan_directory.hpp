// The files of a plan's directory, before anybody has compared them; inside codegen only.
#pragma once

#include <filesystem>
#include <string>

#include "codegen/plan_files.hpp"

namespace segue::codegen {

// Throws PlanDirectoryError: missing or not readable.
std::string file_text(const std::filesystem::path& path);

// plan.json alone, whatever its seal and its checksums say of the files.
ReviewedPlan read_unsealed(const std::filesystem::path& directory);

}  // namespace segue::codegen
