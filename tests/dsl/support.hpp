// What the tests of the language share.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace segue::dsl::testing_support {

inline std::filesystem::path source_dir() {
  return SEGUE_SOURCE_DIR;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Every ```segue block of grammar.md.
inline std::vector<std::string> examples_of_reference(const std::string& fence = "```segue\n") {
  const auto text = read_file(source_dir() / "grammar.md");
  std::vector<std::string> examples;
  for (auto at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    const auto end = text.find("```", at);
    examples.push_back(text.substr(at, end - at));
    at = end + 3;
  }
  return examples;
}

// The change files of the tree: the diagnostics' cases, the examples, and the reference's blocks.
inline std::vector<std::string> corpus() {
  std::vector<std::string> texts = examples_of_reference();
  for (const auto* folder : {"tests/dsl", "examples", "tests/golden"}) {
    const auto path = source_dir() / folder;
    if (!std::filesystem::exists(path)) continue;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.path().extension() == ".segue") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) texts.push_back(read_file(file));
  }
  return texts;
}

}  // namespace segue::dsl::testing_support
