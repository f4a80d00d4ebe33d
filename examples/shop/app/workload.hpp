// The shop's application, twice: the release that knows users.full_name, and the next one that
// knows users.display_name and users.phone. Both run at once against one database, and a model
// beside them holds what each row was last acknowledged to be, so that a lost write is seen.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace shop {

struct WorkloadOptions {
  std::string conninfo;
  int old_sessions = 2;
  int new_sessions = 2;
  double rate = 300;  // statements per second and session; 0: as many as it can
  std::uint64_t seed = 1;
};

// What the sessions met since the report before.
struct Report {
  double seconds = 0;
  std::uint64_t statements = 0;
  std::uint64_t errors = 0;
  std::uint64_t lost_writes = 0;  // answers that differ from the model
  double longest_ms = 0;          // the longest that one statement took
  std::uint64_t old_statements = 0;
  std::uint64_t new_statements = 0;
  std::vector<std::string> messages;  // the first few of errors and lost writes

  bool clean() const { return errors == 0 && lost_writes == 0; }
  void add(const Report& other);
  void keep(const std::string& message);  // if it is one of the first
  std::string json() const;               // one line
};

// Which releases run, by the phase of the change that is complete (or, for 4, about to come):
//   0, 1  old          2  old, and new that writes but does not read the new columns
//   3     old and new  4  new alone
class Workload {
 public:
  // Reads the table as it is before phase 2 for its model. Throws pqxx's exceptions.
  explicit Workload(const WorkloadOptions& options);
  ~Workload();
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;

  // Returns when no session runs by the rules of the phase before.
  void enter(int phase);
  Report take_report();
  // Every row of the table against the model, while the sessions wait.
  Report check_all();
  std::size_t rows() const;  // that the model holds

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shop
