// PgBouncer in transaction mode in front of a throwaway server.
#pragma once

#include <memory>
#include <string>

#include "runtime/server.hpp"
#include "support/process.hpp"

namespace segue::test {

class Pooler {
 public:
  static bool installed();

  // Throws std::runtime_error where it does not start.
  explicit Pooler(const runtime::ThrowawayServer& server);
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;

  std::string conninfo(const std::string& database) const;

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<Process> process_;
};

}  // namespace segue::test
