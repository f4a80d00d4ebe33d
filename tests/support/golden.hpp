// The folders of tests/golden, for tests that take their plans to a server of any major.
#pragma once

#include <filesystem>
#include <string>

#include "codegen/plan_files.hpp"

namespace segue::test {

std::filesystem::path golden_folder(const std::string& name);

// Of the expected files: a plan names its server's major, and makes use of what that one can do.
inline constexpr int golden_major = 15;

// The major of the servers that tests start.
int server_major();

// "its schema or its change needs PostgreSQL 14"; empty: that server can have it.
std::string needs_newer_server(const std::string& golden);

// The expected plan where it is one for that server, else the one that segue makes for it. Throws
// std::runtime_error with what segue said where it makes none.
codegen::ReviewedPlan golden_plan(const std::string& name);

}  // namespace segue::test
