// A code that is asked for, and that `--allow` does not take, could not be passed over at all.
#include "runtime/objection_codes.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>

#include "planner/hazard_codes.hpp"

namespace segue {
namespace {

namespace fs = std::filesystem;

TEST(ObjectionCodes, AreThoseThatTheSourcesAskFor) {
  constexpr std::string_view call = "allowed.contains(\"";
  std::set<std::string> asked;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(SEGUE_SOURCE_DIR) / "runtime")) {
    if (entry.path().extension() != ".cpp") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string all = text.str();
    for (std::size_t at = all.find(call); at != std::string::npos; at = all.find(call, at + 1)) {
      const std::size_t begin = at + call.size();
      asked.insert(all.substr(begin, all.find('"', begin) - begin));
    }
  }
  // By a name of its own, or as the code that a slot's trouble bears.
  asked.insert({"own-triggers-fire", "slot-headroom", "slot-retention"});
  const std::vector<std::string>& known = runtime::passable_objections();
  EXPECT_EQ(std::set<std::string>(known.begin(), known.end()), asked);
}

}  // namespace
}  // namespace segue
