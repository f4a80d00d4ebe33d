// A database's catalogue as the planner's value.
#pragma once

#include <string>
#include <vector>

#include "planner/catalog.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

// Reads everything in one repeatable-read transaction with search_path = ''. Leaves out the system
// schemas, schema segue, temporary objects. Throws DatabaseError; a server below PostgreSQL 13 is a
// std::runtime_error that says so.
planner::Catalog read_catalog(Session& session);

// The same from a schema file (plain SQL or pg_dump's output), through a throwaway server.
// Throws SchemaLoadError.
struct SchemaLoadError : std::runtime_error {
  SchemaLoadError(const std::string& what, std::uint32_t line_)
      : std::runtime_error(what), line(line_) {}
  std::uint32_t line;
};
planner::Catalog read_schema_file(const std::string& path);

// Runs a whole schema file in a session: pg_dump's psql-only lines (\restrict, \connect) are left
// out, COPY … FROM stdin data is refused with a hint.
void load_schema(Session& session, const std::string& path, const std::string& text);

}  // namespace segue::runtime
