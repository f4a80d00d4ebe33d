#include "support/golden.hpp"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "runtime/server.hpp"
#include "support/process.hpp"

namespace segue::test {

namespace fs = std::filesystem;

fs::path golden_folder(const std::string& name) {
  return fs::path(SEGUE_SOURCE_DIR) / "tests" / "golden" / name;
}

int server_major() {
  static const int major = runtime::installed_servers().front().major;
  return major;
}

std::string needs_newer_server(const std::string& golden) {
  const fs::path file = golden_folder(golden) / "needs_major";
  if (!fs::exists(file)) return "";
  const int needed = std::stoi(read_text(file));
  if (server_major() >= needed) return "";
  return fmt::format("its schema or its change needs PostgreSQL {}", needed);
}

codegen::ReviewedPlan golden_plan(const std::string& name) {
  const fs::path folder = golden_folder(name);
  if (server_major() == golden_major) return codegen::read(folder / "expected");
  const TemporaryDirectory place;
  const fs::path plan = place.path() / name;
  std::vector<std::string> command{SEGUE_BINARY, "plan",  "input.segue", "--schema",
                                   "schema.sql", "--out", plan.string()};
  if (fs::exists(folder / "plan_arguments")) {
    std::istringstream words(read_text(folder / "plan_arguments"));
    for (std::string word; words >> word;) command.push_back(word);
  }
  const Finished planned = run(command, folder);
  if (planned.exit_code != 0) throw std::runtime_error(name + ": " + planned.both());
  return codegen::read(plan);
}

}  // namespace segue::test
