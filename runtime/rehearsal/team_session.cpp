#include "runtime/rehearsal/team_session.hpp"

#include <fmt/format.h>

#include "dsl/sql.hpp"

namespace segue::runtime::rehearsal {

namespace {

std::string name_of(const TeamStatement& statement) {
  return dsl::sql::quote_identifier(statement.place);
}

}  // namespace

std::string TeamAnswer::text() const {
  return ok ? "ok" : fmt::format("ERROR: {} ({})", message, sqlstate);
}

std::vector<std::string> TeamSession::prepare(const TeamStatement& statement) {
  if (prepared_.insert(statement.place).second) {
    try {
      session->exec(fmt::format("PREPARE {} AS {}", name_of(statement), statement.sql));
    } catch (const DatabaseError&) {
      prepared_.erase(statement.place);
      throw;
    }
  }
  std::vector<std::string> types;
  for (const auto& row :
       session
           ->exec(fmt::format("SELECT t::text FROM pg_catalog.pg_prepared_statements p, "
                              "unnest(p.parameter_types) WITH ORDINALITY u(t, n) WHERE p.name = {} "
                              "ORDER BY n",
                              dsl::sql::quote_literal(statement.place)))
           .rows)
    types.push_back(row.front().value_or("text"));
  return types;
}

TeamAnswer TeamSession::run(const TeamStatement& statement,
                            const std::vector<std::string>& values) {
  TeamAnswer answer;
  std::string list;
  for (const std::string& value : values) list += (list.empty() ? "(" : ", ") + value;
  try {
    if (!prepared_.contains(statement.place)) prepare(statement);
    session->exec(fmt::format("EXECUTE {}{}", name_of(statement), list.empty() ? "" : list + ")"));
    answer.ok = true;
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    answer.sqlstate = error.sqlstate();
    answer.message = error.what();
  }
  return answer;
}

void TeamSession::forget(const TeamStatement& statement) {
  if (prepared_.erase(statement.place) > 0) session->exec("DEALLOCATE " + name_of(statement));
}

}  // namespace segue::runtime::rehearsal
