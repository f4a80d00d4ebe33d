// segue as a user runs it, in a directory of its own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "support/process.hpp"

namespace segue::test {

class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
    // Whoever runs the tests may have a database of their own in mind.
    for (const char* variable :
         {"DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE", "PGDATABASE", "PGUSER"}) {
      unsetenv(variable);
    }
  }

  Finished segue(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), SEGUE_PROGRAM);
    return run(arguments, directory_.path());
  }
  void write(const std::string& name, const std::string& text) const {
    write_text(directory_.path() / name, text);
  }
  std::string read(const std::string& name) const { return read_text(directory_.path() / name); }
  bool exists(const std::string& name) const {
    return std::filesystem::exists(directory_.path() / name);
  }

  TemporaryDirectory directory_;
};

}  // namespace segue::test
