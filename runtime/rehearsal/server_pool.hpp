// Values that a column takes, as the server itself says.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "planner/catalog.hpp"
#include "runtime/rehearsal/literals.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

struct Statistics;

// Everything that there is to try for a column, not yet asked for: edges, constants in the CHECKs
// that name it, ordinary shapes.
TypeValues candidates(const planner::Catalog& catalog, const planner::Table& table,
                      const planner::Column& column);

// Runs statements one by one, each in a subtransaction of its own, in one round trip: "ok 1", or
// what PostgreSQL said. Makes two functions in pg_temp. Inside a transaction only.
class Tries {
 public:
  explicit Tries(Session& session);
  ~Tries() = default;
  std::vector<std::string> run(const std::vector<std::string>& statements);
  // Whether each SELECT of one boolean neither fails nor says false.
  std::vector<bool> hold(const std::vector<std::string>& queries);
  // The functions are gone then.
  void finish();

 private:
  Session& session_;
};

// Asks once for each type and set of CHECKs.
class ServerPool {
 public:
  ServerPool(Session& session, Tries& tries, const planner::Catalog& catalog)
      : session_(session), tries_(tries), catalog_(catalog) {}

  // `more`: values to try besides (bounds of partitions, common values of a live database).
  const TypeValues& accepted(const planner::Table& table, const planner::Column& column,
                             const TypeValues& more);
  // Those of `values` that the column takes.
  std::vector<std::string> accepted_of(const planner::Table& table, const planner::Column& column,
                                       const std::vector<std::string>& values);

 private:
  std::string question(const planner::Table& table, const planner::Column& column,
                       const std::string& value) const;
  TypeValues of_composite(const std::string& type);

  Session& session_;
  Tries& tries_;
  const planner::Catalog& catalog_;
  std::map<std::string, TypeValues> known_;
};

}  // namespace segue::runtime::rehearsal
