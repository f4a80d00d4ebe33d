// How far a backfill has come, as rows of segue.cursor.
#pragma once

#include <string>
#include <vector>

#include "runtime/backfill.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

// A share of a leaf's blocks: those below `position` are done.
struct Part {
  std::string relation;  // the leaf, quoted and qualified
  int number = 0;
  int pass = 0;  // 0: the fill, 1 and on: the sweeps
  std::uint64_t position = 0;
  std::uint64_t upper = 0;
  std::uint64_t rows = 0;  // filled in this leaf's part, all passes together

  bool complete() const { return position >= upper; }
};

class BackfillCursor {
 public:
  BackfillCursor(std::string change, std::string step)
      : change_(std::move(change)), step_(std::move(step)) {}

  std::vector<Part> load(Session& session, const std::string& relation) const;
  // Begins a pass: one row for each part. What earlier passes filled stays counted.
  std::vector<Part> begin(Session& session, const std::string& relation, int pass,
                          const std::vector<BlockRange>& ranges) const;
  // In the transaction of the batch that it speaks of.
  void save(Session& session, const Part& part, unsigned next_stripe) const;

 private:
  std::string change_;
  std::string step_;
};

}  // namespace segue::runtime
