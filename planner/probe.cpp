#include "planner/probe.hpp"

#include <fmt/format.h>

#include "dsl/sql.hpp"

namespace segue::planner::probe {

namespace {

using dsl::sql::quote_literal;

std::string attribute(const QualifiedName& table, const std::string& column,
                      std::string_view condition) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = {} AND attname = {} AND NOT "
      "attisdropped{})",
      relation(table), quote_literal(column), condition);
}

std::string constraint(const QualifiedName& table, const std::string& name,
                       std::string_view condition) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = {} AND conname = {}{})",
      relation(table), quote_literal(name), condition);
}

// Whether an object of `catalogue` (its oid being `object`) depends on a column.
std::string depends(std::string_view catalogue, const std::string& object,
                    const QualifiedName& table, const std::string& column) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a"
      " ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
      " WHERE d.classid = 'pg_catalog.{}'::pg_catalog.regclass AND d.objid IN ({})"
      " AND d.refobjid = {} AND a.attname = {})",
      catalogue, object, relation(table), quote_literal(column));
}

}  // namespace

std::string relation(const QualifiedName& name) {
  return fmt::format("pg_catalog.to_regclass({})", quote_literal(quoted(name)));
}

std::string column_exists(const QualifiedName& table, const std::string& column) {
  return attribute(table, column, "");
}

std::string column_missing(const QualifiedName& table, const std::string& column) {
  return "NOT " + attribute(table, column, "");
}

std::string column_not_null(const QualifiedName& table, const std::string& column) {
  return attribute(table, column, " AND attnotnull");
}

std::string column_nullable(const QualifiedName& table, const std::string& column) {
  return attribute(table, column, " AND NOT attnotnull");
}

std::string column_has_default(const QualifiedName& table, const std::string& column) {
  return attribute(table, column, " AND atthasdef");
}

std::string constraint_exists(const QualifiedName& table, const std::string& name) {
  return constraint(table, name, "");
}

std::string constraint_missing(const QualifiedName& table, const std::string& name) {
  return "NOT " + constraint(table, name, "");
}

std::string constraint_valid(const QualifiedName& table, const std::string& name) {
  return constraint(table, name, " AND convalidated");
}

std::string index_valid(const QualifiedName& index) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = {} AND indisvalid)",
      relation(index));
}

std::string relation_exists(const QualifiedName& name) {
  return relation(name) + " IS NOT NULL";
}

std::string view_exists(const QualifiedName& name) {
  return fmt::format("EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = {} AND relkind = 'v')",
                     relation(name));
}

std::string relation_missing(const QualifiedName& name) {
  return relation(name) + " IS NULL";
}

std::string enum_has(const QualifiedName& type, const std::string& label) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype({}) AND "
      "enumlabel = {})",
      quote_literal(quoted(type)), quote_literal(label));
}

std::string trigger_enabled_always(const QualifiedName& table, const std::string& trigger) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = {} AND tgname = {} AND tgenabled "
      "= 'A')",
      relation(table), quote_literal(trigger));
}

std::string trigger_exists(const QualifiedName& table, const std::string& trigger) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = {} AND tgname = {})",
      relation(table), quote_literal(trigger));
}

std::string view_reads(const QualifiedName& view, const QualifiedName& table,
                       const std::string& column) {
  return depends(
      "pg_rewrite",
      fmt::format("SELECT oid FROM pg_catalog.pg_rewrite WHERE ev_class = {}", relation(view)),
      table, column);
}

std::string policy_reads(const QualifiedName& table, const std::string& policy,
                         const std::string& column) {
  return depends(
      "pg_policy",
      fmt::format("SELECT oid FROM pg_catalog.pg_policy WHERE polrelid = {} AND polname = {}",
                  relation(table), quote_literal(policy)),
      table, column);
}

std::string statistics_exist(const QualifiedName& name) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_statistic_ext WHERE stxname = {} AND stxnamespace ="
      " pg_catalog.to_regnamespace({}))",
      quote_literal(name.name), quote_literal(dsl::sql::quote_identifier(name.schema)));
}

std::string both(const std::string& a, const std::string& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return a + "\n   AND " + b;
}

std::string either(const std::string& a, const std::string& b) {
  return fmt::format("({}\n    OR {})", a, b);
}

}  // namespace segue::planner::probe
