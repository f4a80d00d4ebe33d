// Rows that every writer writes at once.
//
// Nobody can tell in which order their statements came, so the model cannot foretell such a row.
// What holds in any order is held: the row has what one of the writers wrote last, whole, and the
// new columns are what the change makes of the old ones.
#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "runtime/rehearsal/audit.hpp"
#include "runtime/rehearsal/crew.hpp"
#include "runtime/rehearsal/oracle.hpp"
#include "runtime/rehearsal/writer.hpp"

namespace segue::runtime::rehearsal {

class SharedRows {
 public:
  // Takes a few rows for good: nobody else is given them.
  SharedRows(const Shapes& shapes, Oracle& oracle, const Pools& pools, LiveKeys& keys,
             std::uint64_t seed);

  // Sets all columns of one side of a pairing in one row; the model accepts it, and forgets it.
  std::optional<Statement> next(const Permission& permission);
  // After the writers of a round have ended. The model then has the row as it is.
  std::optional<Mismatch> settle(const Round& round, Session& session, const Progressed& at);

 private:
  struct SharedRow {
    std::size_t table = 0;
    Key key;
    const planner::Pairing* pairing = nullptr;
  };
  std::optional<Mismatch> settle(const SharedRow& row, const std::vector<const Statement*>& last,
                                 Session& session, const Progressed& at);
  std::optional<Row> read(const SharedRow& row, Release release, Session& session);
  void adopt(const SharedRow& row, Release release, const Row& values);

  const Shapes& shapes_;
  Oracle& oracle_;
  const Pools& pools_;
  std::mt19937_64 random_;
  std::vector<SharedRow> rows_;
};

}  // namespace segue::runtime::rehearsal
