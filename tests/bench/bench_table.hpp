// A table with a rename under way: phases 1 and 2 are applied, no row is filled yet.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "codegen/plan_files.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::bench {

struct TableOptions {
  std::uint64_t rows = 1'000'000;
  bool random_key = false;      // uuid instead of bigint
  bool secondary_index = true;  // on a column in random order
  int fillfactor = 100;
};

// A server with everything that durability costs, and no autovacuum that comes when it likes.
runtime::ServerOptions server_options(const std::string& shared_buffers = "512MB");

// One server, one loaded table; each fill gets a fresh copy of its database.
class BenchTable {
 public:
  BenchTable(runtime::ThrowawayServer& server, const TableOptions& options);

  // A copy, read once so that it is as cached as it can be; the copy before it is dropped.
  std::string fresh();
  const codegen::ReviewedPlan& plan() const { return plan_; }
  const planner::Step& fill_step() const;
  std::uint64_t rows() const { return options_.rows; }

 private:
  runtime::ThrowawayServer& server_;
  TableOptions options_;
  codegen::ReviewedPlan plan_;
  std::string template_;
  int copies_ = 0;
};

struct Sizes {
  std::uint64_t heap = 0;
  std::uint64_t indexes = 0;
  std::uint64_t wal = 0;  // a position
};
Sizes sizes(runtime::Session& session);

}  // namespace segue::bench
