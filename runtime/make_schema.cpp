#include "runtime/make_schema.hpp"

#include <fmt/format.h>

#include "codegen/schema_sql.hpp"
#include "runtime/tablespaces.hpp"

namespace segue::runtime {

namespace {

struct Failure {
  codegen::SchemaStatement statement;
  std::string message;
};

// One round; what failed, in order.
std::vector<Failure> run(Session& session,
                         const std::vector<codegen::SchemaStatement>& statements) {
  std::vector<Failure> failures;
  for (const codegen::SchemaStatement& statement : statements) {
    try {
      session.exec(statement.sql);
    } catch (const DatabaseError& error) {
      if (error.connection_lost()) throw;
      // It is there when the next round comes.
      make_missing_tablespace(session, error);
      const std::string message = error.what();
      failures.push_back({statement, message.substr(0, message.find('\n'))});
    }
  }
  return failures;
}

}  // namespace

std::vector<std::string> make_schema(Session& session, const planner::Catalog& catalog) {
  codegen::SchemaSql schema = codegen::schema_of(catalog);
  session.exec("SET search_path = ''; SET client_min_messages = error");
  std::vector<Failure> failures = run(session, schema.statements);
  while (!failures.empty()) {
    std::vector<codegen::SchemaStatement> again;
    for (Failure& failure : failures) again.push_back(std::move(failure.statement));
    failures = run(session, again);
    if (failures.size() == again.size()) break;
  }
  for (const Failure& failure : failures) {
    schema.notes.push_back(
        fmt::format("{}: left out: {}", failure.statement.object, failure.message));
  }
  return std::move(schema.notes);
}

}  // namespace segue::runtime
