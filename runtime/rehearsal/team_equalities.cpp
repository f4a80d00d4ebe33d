#include "runtime/rehearsal/team_equalities.hpp"

#include <fmt/format.h>

#include "dsl/sql.hpp"

namespace segue::runtime::rehearsal {

std::vector<Equality> equalities(const planner::Plan& plan) {
  std::vector<Equality> list;
  const auto names = [](const std::vector<std::string>& columns) {
    std::string text;
    for (const std::string& one : columns) text += (text.empty() ? "" : ", ") + one;
    return text;
  };
  const auto differs = [](const std::vector<planner::Assignment>& assignments) {
    std::string text;
    for (const planner::Assignment& one : assignments) {
      text +=
          fmt::format("{}pg_catalog.record_image_ne(ROW({}), ROW({}))", text.empty() ? "" : " OR ",
                      dsl::sql::quote_identifier(one.column), one.value);
    }
    return text;
  };
  for (const planner::Pairing& pairing : plan.meaning.pairings) {
    if (pairing.map.empty() || pairing.once || pairing.by_app || pairing.swaps) continue;
    std::string condition = fmt::format("({})", differs(pairing.map));
    if (pairing.lossy && !pairing.back.empty())
      condition += fmt::format(" AND ({})", differs(pairing.back));
    list.push_back(
        {planner::quoted(pairing.table),
         fmt::format("{} and {}", names(pairing.old_columns), names(pairing.new_columns)),
         fmt::format("SELECT count(*) FROM {} WHERE {}", planner::quoted(pairing.table),
                     condition)});
  }
  return list;
}

}  // namespace segue::runtime::rehearsal
