// A catalogue of one table, and what a change makes of it.
#pragma once

#include <string>
#include <vector>

#include "dsl/parser.hpp"
#include "planner/planner.hpp"

namespace segue::planner {

// users(id integer primary key, a text, b text) on PostgreSQL 15.
inline Catalog one_table() {
  Catalog catalog;
  catalog.server_version = 150018;
  catalog.search_path = {"public"};
  catalog.schemas = {"public"};
  catalog.builtin_types = {"text", "int4", "int8"};
  Table table;
  table.name = {"public", "users"};
  table.columns.resize(3);
  table.columns[0].name = "id";
  table.columns[0].type = "integer";
  table.columns[0].not_null = true;
  table.columns[1].name = "a";
  table.columns[1].type = "text";
  table.columns[2].name = "b";
  table.columns[2].type = "text";
  Constraint key;
  key.name = "users_pkey";
  key.kind = ConstraintKind::primary_key;
  key.columns = {"id"};
  table.constraints = {key};
  catalog.tables = {table};
  return catalog;
}

inline PlanResult plan(const std::string& text, const Catalog& catalog,
                       const PlanOptions& options = {}) {
  const dsl::Source source("change.segue", text);
  const dsl::ParseResult parsed = dsl::parse(source);
  return make_plan(source, *parsed.change, catalog, options);
}

// "object: message" of each hazard of that code, whether or not it stopped the plan.
inline std::vector<std::string> messages(const PlanResult& result, const std::string& code) {
  std::vector<std::string> found;
  const auto& hazards = result.plan ? result.plan->hazards : result.refusals;
  for (const Hazard& hazard : hazards) {
    if (hazard.code == code) found.push_back(hazard.object + ": " + hazard.message);
  }
  return found;
}

}  // namespace segue::planner
