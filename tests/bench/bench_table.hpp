// A table with a rename under way: phases 1 and 2 are applied, no row is filled yet.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "codegen/plan_files.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::bench {

enum class Key : std::uint8_t { serial, random, none };

// On a column in random order. Built over the rows its pages are nine tenths full, as after a
// restore or a REINDEX; grown by inserts they are seven tenths full, some of them wholly.
enum class SecondIndex : std::uint8_t { built, grown, none };

struct TableOptions {
  std::uint64_t rows = 1'000'000;
  Key key = Key::serial;
  SecondIndex index = SecondIndex::built;
  int fillfactor = 100;
  bool long_value = false;  // the new column makes its row a fifth wider, not a twentieth
};

// A server with everything that durability costs (where it is asked for: a test of the bench does
// without), and no autovacuum that comes when it likes.
runtime::ServerOptions server_options(bool durable, const std::string& shared_buffers = "512MB");

// One server, one loaded table; each fill gets a fresh copy of its database.
class BenchTable {
 public:
  BenchTable(runtime::ThrowawayServer& server, const TableOptions& options);

  // A copy, read once so that it is as cached as it can be; the copy before it is dropped.
  std::string fresh();
  const codegen::ReviewedPlan& plan() const { return plan_; }
  const planner::Step& fill_step() const;
  std::uint64_t rows() const { return options_.rows; }
  int server_pid() const { return server_.pid(); }

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
// Of all updates of the table so far.
double hot_share(runtime::Session& session);
// User and system time of a server: its first process, that one's children, and those that ended.
double cpu_seconds(int server_pid);

}  // namespace segue::bench
