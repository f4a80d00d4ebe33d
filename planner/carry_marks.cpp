#include "planner/carry_marks.hpp"

#include <fmt/format.h>

#include "dsl/sql.hpp"

namespace segue::planner {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

std::string marks_of(const OwnedSequence& sequence) {
  const std::string name = quoted(sequence.name);
  std::string sql;
  if (!sequence.comment.empty())
    sql += fmt::format("COMMENT ON SEQUENCE {} IS {};\n", name, quote_literal(sequence.comment));
  for (const ColumnGrant& grant : sequence.grants) {
    sql += fmt::format("GRANT {} ON SEQUENCE {} TO {};\n", grant.privilege, name, to_whom(grant));
  }
  return sql;
}

std::string marks_of(const Index& index, const std::string& schema, const Index* above) {
  const std::string name = quoted({schema, index.name});
  std::string sql;
  for (std::size_t i = 0; i < index.keys.size(); ++i) {
    const std::int32_t given = above == nullptr ? -1 : above->keys[i].statistics;
    if (index.keys[i].statistics == given) continue;
    sql += fmt::format("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {};\n", name, i + 1,
                       index.keys[i].statistics);
  }
  if (!index.comment.empty())
    sql += fmt::format("COMMENT ON INDEX {} IS {};\n", name, quote_literal(index.comment));
  return sql;
}

}  // namespace segue::planner
