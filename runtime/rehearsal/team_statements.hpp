// The team's own statements: what the releases of an app really send.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dsl/sql_statement.hpp"
#include "runtime/rehearsal/shape.hpp"

namespace segue::runtime::rehearsal {

struct TeamStatement {
  Release release = Release::before;
  std::string place;  // "old.sql:12"; of an export: "old.csv, query 3"
  std::string sql;    // with $1 where the app gives values
  dsl::sql::AppStatement shape;

  bool writes() const { return shape.kind != dsl::sql::AppStatement::Kind::select; }
};

struct TeamStatements {
  std::vector<TeamStatement> statements;
  std::vector<std::string> notes;  // what was left out, and why
};

// Plain SQL; or an export of pg_stat_statements, CSV with a header or JSON, by the ending of the
// file's name. Only SELECT, INSERT, UPDATE, DELETE and MERGE are taken. Throws std::runtime_error,
// which names the file: it is neither, or it has no column `query`.
TeamStatements read_team_statements(Release release, const std::string& file,
                                    const std::string& text);

}  // namespace segue::runtime::rehearsal
