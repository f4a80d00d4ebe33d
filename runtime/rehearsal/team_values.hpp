// Values for the parameters of the team's own statements.
#pragma once

#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "runtime/rehearsal/team_statements.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

class TeamValues {
 public:
  // `before` and `after`: sessions of databases with that release's schema, rows and all.
  TeamValues(const Shapes& shapes, Session& before, Session& after, std::uint64_t seed);

  // SQL literals, in the order of $1, $2, …; `types` are the parameters' own.
  std::vector<std::string> values_for(const TeamStatement& statement,
                                      const std::vector<std::string>& types);

 private:
  struct Pool {
    std::vector<std::string> there;   // that rows have
    std::vector<std::string> others;  // that the column takes
  };
  const planner::Table* table_of(const TeamStatement& statement,
                                 const dsl::sql::ParameterUse& use) const;
  const Pool& pool(Release release, const planner::Table& table, const planner::Column& column);
  std::string any(const std::vector<std::string>& list) { return list[random_() % list.size()]; }

  const Shapes& shapes_;
  Session& before_;
  Session& after_;
  std::uint64_t seed_;
  std::mt19937_64 random_;
  std::map<std::tuple<Release, std::string, std::string>, Pool> pools_;
};

}  // namespace segue::runtime::rehearsal
