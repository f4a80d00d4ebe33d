// The project's own rules about its files, as functions over text: each gives one sentence for each
// breach, so that a test can feed them bad samples.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace segue::architecture {

struct File {
  std::string path;  // from the top of the tree, '/' between
  std::string text;
};

// Includes go only backwards along dsl <- planner <- codegen <- runtime <- cli.
std::vector<std::string> include_direction(const File& file);

// Libraries stay where they belong: PEGTL and libpg_query in dsl, libpqxx and libpq in
// runtime's sources, nlohmann::json in sources only (its declarations in headers too), not in
// planner.
std::vector<std::string> library_borders(const File& file);

// The top directory holds the stages and what goes with them, and nothing else.
std::vector<std::string> top_directory(const std::vector<std::string>& paths);

// No path of the machine that a file was written on, and no host of a package registry.
std::vector<std::string> machine_traces(const File& file);

// Every header of a stage is in its target's FILE_SET or is private to it: a header that another
// folder includes must be in the set.
std::vector<std::string> unlisted_headers(const std::vector<File>& files);

// What git tracks; without git, all files but build trees.
std::vector<std::string> tracked_files(const std::filesystem::path& top);
File read_file(const std::filesystem::path& top, const std::string& path);

}  // namespace segue::architecture
