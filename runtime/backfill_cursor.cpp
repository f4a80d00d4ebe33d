#include "runtime/backfill_cursor.hpp"

#include <cstdlib>

namespace segue::runtime {

namespace {

std::uint64_t number(const Value& value) {
  return std::strtoull(value.value_or("0").c_str(), nullptr, 10);
}

}  // namespace

std::vector<Part> BackfillCursor::load(Session& session, const std::string& relation) const {
  std::vector<Part> parts;
  const Rows rows = session.exec(
      "SELECT part, pass, position, upper, rows FROM segue.cursor WHERE change = $1 AND step = $2 "
      "AND "
      "relation = $3 ORDER BY part",
      {change_, step_, relation});
  for (const auto& row : rows.rows) {
    parts.push_back({relation, static_cast<int>(number(row[0])), static_cast<int>(number(row[1])),
                     number(row[2]), number(row[3]), number(row[4])});
  }
  return parts;
}

std::vector<Part> BackfillCursor::begin(Session& session, const std::string& relation, int pass,
                                        const std::vector<BlockRange>& ranges) const {
  TransactionScope transaction(session);
  const std::string filled =
      session
          .exec(
              "SELECT coalesce(sum(rows), 0) FROM segue.cursor WHERE change = $1 "
              "AND step = $2 AND relation = $3",
              {change_, step_, relation})
          .scalar();
  session.exec("DELETE FROM segue.cursor WHERE change = $1 AND step = $2 AND relation = $3",
               {change_, step_, relation});
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    session.exec(
        "INSERT INTO segue.cursor (change, step, relation, part, pass, position, upper, rows) "
        "VALUES ($1, "
        "$2, $3, $4, $5, $6, $7, $8)",
        {change_, step_, relation, std::to_string(i), std::to_string(pass),
         std::to_string(ranges[i].from), std::to_string(ranges[i].to), i == 0 ? filled : "0"});
  }
  transaction.commit();
  return load(session, relation);
}

void BackfillCursor::save(Session& session, const Part& part, unsigned next_stripe) const {
  session.exec(
      "UPDATE segue.cursor SET position = $5, stripe = $6, rows = $7, at = "
      "pg_catalog.clock_timestamp() "
      "WHERE change = $1 AND step = $2 AND relation = $3 AND part = $4",
      {change_, step_, part.relation, std::to_string(part.number), std::to_string(part.position),
       std::to_string(next_stripe), std::to_string(part.rows)});
}

}  // namespace segue::runtime
