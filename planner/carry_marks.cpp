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
    sql += fmt::format("GRANT {} ON SEQUENCE {} TO {}{};\n", grant.privilege, name,
                       grant.grantee.empty() ? "PUBLIC" : quote_identifier(grant.grantee),
                       grant.grantable ? " WITH GRANT OPTION" : "");
  }
  return sql;
}

}  // namespace segue::planner
