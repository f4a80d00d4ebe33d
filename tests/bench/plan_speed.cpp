// How long it takes to plan: 5,000 tables, 10,000 statements, and how that grows.
//
// Prints a table; the figures are of one run on one machine, the ratio is what counts.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "codegen/plan_files.hpp"
#include "dsl/diagnostic.hpp"
#include "dsl/parser.hpp"
#include "planner/planner.hpp"

namespace {

using namespace segue;

planner::Column column(std::string name, std::string type) {
  planner::Column made;
  made.name = std::move(name);
  made.type = std::move(type);
  return made;
}

planner::Catalog catalog_of(int tables) {
  planner::Catalog catalog;
  catalog.server_version = 150018;
  catalog.search_path = {"public"};
  catalog.schemas = {"public"};
  catalog.builtin_types = {"text", "int4", "int8", "varchar"};
  for (int i = 0; i < tables; ++i) {
    planner::Table table;
    table.name = {"public", fmt::format("t{:05}", i)};
    table.columns = {column("id", "bigint"), column("full_name", "text"), column("email", "text")};
    table.columns[0].not_null = true;
    planner::Index key;
    key.name = table.name.name + "_pkey";
    key.unique = key.primary = true;
    key.keys.resize(1);
    key.keys[0].column = "id";
    key.constraint = key.name;
    planner::Index by_name = key;
    by_name.name = table.name.name + "_full_name_idx";
    by_name.unique = by_name.primary = false;
    by_name.keys[0].column = "full_name";
    by_name.constraint.clear();
    table.indexes = {by_name, key};
    planner::Constraint primary;
    primary.name = key.name;
    primary.kind = planner::ConstraintKind::primary_key;
    primary.columns = {"id"};
    table.constraints = {primary};
    catalog.tables.push_back(std::move(table));
  }
  return catalog;
}

std::string change_of(int tables) {
  std::string text = "change large\n\n";
  for (int i = 0; i < tables; ++i) {
    text += fmt::format(
        "rename t{0:05}.full_name -> display_name\nadd t{0:05}.phone varchar(20) required backfill "
        "lower(email)\n",
        i);
  }
  return text;
}

struct Timing {
  double parse = 0;
  double plan = 0;
  double render = 0;
};

double milliseconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - since)
      .count();
}

Timing run(const planner::Catalog& catalog, int tables) {
  const dsl::Source source("large.segue", change_of(tables));
  Timing timing;
  auto start = std::chrono::steady_clock::now();
  const dsl::ParseResult parsed = dsl::parse(source);
  timing.parse = milliseconds(start);
  if (!parsed.change) {
    fmt::print(stderr, "{}", dsl::render(source, parsed.diagnostics));
    std::exit(1);
  }
  start = std::chrono::steady_clock::now();
  const planner::PlanResult planned = planner::make_plan(source, *parsed.change, catalog);
  timing.plan = milliseconds(start);
  if (!planned.plan) {
    fmt::print(stderr, "{}", dsl::render(source, planned.diagnostics));
    std::exit(1);
  }
  start = std::chrono::steady_clock::now();
  const auto files = codegen::render(*planned.plan);
  timing.render = milliseconds(start);
  return timing;
}

}  // namespace

int main() {
  const planner::Catalog catalog = catalog_of(5000);
  fmt::print("{:>12} {:>10} {:>10} {:>10}   ms, over 5,000 tables\n", "statements", "parse", "plan",
             "render");
  double before = 0;
  for (const int tables : {1250, 2500, 5000}) {
    const Timing timing = run(catalog, tables);
    const double all = timing.parse + timing.plan;
    fmt::print("{:>12} {:>10.0f} {:>10.0f} {:>10.0f}", 2 * tables, timing.parse, timing.plan,
               timing.render);
    if (before > 0) fmt::print("   parse + plan: {:.2f} times half of them", all / before);
    fmt::print("\n");
    before = all;
  }
}
