// What hangs on tables: triggers, rules, policies, statistics, grants.
#include <fmt/format.h>

#include "codegen/schema_sql_tables.hpp"
#include "dsl/sql.hpp"

namespace segue::codegen {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;
using planner::quoted;
using planner::Table;

class ObjectWriter {
 public:
  explicit ObjectWriter(SchemaSql& out) : out_(out) {}

  void write(const Table& table) {
    name_ = quoted(table.name);
    triggers(table);
    for (const planner::Rule& rule : table.rules) add("rule", rule.name, rule.definition);
    policies(table);
    for (const planner::ExtendedStatistics& one : table.statistics) {
      add("statistics", quoted(one.name), one.definition);
      if (one.target >= 0)
        add("statistics", quoted(one.name),
            fmt::format("ALTER STATISTICS {} SET STATISTICS {}", quoted(one.name), one.target));
    }
    grants(table);
    if (table.replica_identity == "full" || table.replica_identity == "nothing")
      alter(
          "replica identity of", table.replica_identity,
          "REPLICA IDENTITY " + std::string(table.replica_identity == "full" ? "FULL" : "NOTHING"));
  }

 private:
  void add(const std::string& what, const std::string& name, std::string sql) {
    out_.statements.push_back({fmt::format("{} {} of {}", what, name, name_), std::move(sql)});
  }
  void alter(const std::string& what, const std::string& name, const std::string& change) {
    add(what, name, fmt::format("ALTER TABLE {} {}", name_, change));
  }

  // Partitions get theirs from their parent.
  void triggers(const Table& table) {
    for (const planner::Trigger& trigger : table.triggers) {
      if (trigger.inherited) continue;
      add("trigger", trigger.name, trigger.definition);
      const std::string name = quote_identifier(trigger.name);
      if (trigger.enabled == "always")
        alter("trigger", trigger.name, "ENABLE ALWAYS TRIGGER " + name);
      if (trigger.enabled == "replica")
        alter("trigger", trigger.name, "ENABLE REPLICA TRIGGER " + name);
      if (trigger.enabled == "disabled") alter("trigger", trigger.name, "DISABLE TRIGGER " + name);
    }
  }

  void policies(const Table& table) {
    for (const planner::Policy& policy : table.policies) {
      std::string sql = fmt::format("CREATE POLICY {} ON {} FOR {}", quote_identifier(policy.name),
                                    name_, policy.command);
      if (!policy.using_expr.empty()) sql += fmt::format(" USING ({})", policy.using_expr);
      if (!policy.check_expr.empty()) sql += fmt::format(" WITH CHECK ({})", policy.check_expr);
      add("policy", policy.name, std::move(sql));
    }
    if (!table.policies.empty()) {
      out_.notes.push_back(fmt::format(
          "policies of {}: for everybody, and permissive; the catalogue does not say for whom",
          name_));
    }
    if (table.row_security) alter("row security", "", "ENABLE ROW LEVEL SECURITY");
    if (table.force_row_security) alter("row security", "", "FORCE ROW LEVEL SECURITY");
  }

  void grants(const Table& table) {
    for (const planner::Column& column : table.columns) {
      for (const planner::ColumnGrant& grant : column.grants) {
        add("grant on column", column.name,
            fmt::format("GRANT {} ({}) ON {} TO {}", grant.privilege, quote_identifier(column.name),
                        name_, planner::to_whom(grant)));
      }
      if (column.sequence) marks(*column.sequence);
    }
  }

  void marks(const planner::OwnedSequence& sequence) {
    const std::string name = quoted(sequence.name);
    if (!sequence.comment.empty()) {
      add("sequence", name,
          fmt::format("COMMENT ON SEQUENCE {} IS {}", name, quote_literal(sequence.comment)));
    }
    for (const planner::ColumnGrant& grant : sequence.grants) {
      add("grant on sequence", name,
          fmt::format("GRANT {} ON SEQUENCE {} TO {}", grant.privilege, name,
                      planner::to_whom(grant)));
    }
  }

  SchemaSql& out_;
  std::string name_;
};

}  // namespace

void write_table_objects(const planner::Catalog& catalog, SchemaSql& out) {
  ObjectWriter writer(out);
  for (const Table& table : catalog.tables) {
    if (table.extension.empty()) writer.write(table);
  }
}

}  // namespace segue::codegen
