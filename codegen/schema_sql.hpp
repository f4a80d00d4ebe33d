// A catalogue as the statements that make it again, in an empty database.
#pragma once

#include <string>
#include <vector>

#include "planner/catalog.hpp"

namespace segue::codegen {

struct SchemaStatement {
  std::string object;  // what it makes, for a note: "view public.user_card"
  std::string sql;     // one statement, without ';'
};

struct SchemaSql {
  // In an order that most schemas take; a statement that needs a later one fails and may be run
  // again behind it. Everything is qualified: search_path is to be empty.
  std::vector<SchemaStatement> statements;
  // What a catalogue does not say, so that it was left out or made up; sentences.
  std::vector<std::string> notes;
};

// Owners, privileges on whole tables, and the values of sequences are not in a catalogue.
SchemaSql schema_of(const planner::Catalog& catalog);

}  // namespace segue::codegen
