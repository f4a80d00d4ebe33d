#include "planner/renamed_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <variant>

#include "dsl/sql.hpp"
#include "planner/catalog_index.hpp"
#include "planner/plan.hpp"
#include "planner/wording.hpp"

namespace segue::planner {

namespace {

class Renamer {
 public:
  Renamer(const QualifiedName& from, const QualifiedName& to) : from_(from), to_(to) {}

  void run(Catalog& catalog) {
    for (Table& table : catalog.tables) rename(table);
    for (View& view : catalog.views) {
      const bool reads = std::any_of(view.uses.begin(), view.uses.end(),
                                     [&](const ColumnUse& use) { return use.table == from_; });
      if (!reads) continue;
      statement(view.definition);
      uses(view.uses);
    }
    for (Function& function : catalog.functions) uses(function.uses);
    const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
    std::sort(catalog.tables.begin(), catalog.tables.end(), by_name);
  }

 private:
  void name(QualifiedName& one) const {
    if (one == from_) one = to_;
  }

  void names(std::vector<QualifiedName>& all) const {
    for (QualifiedName& one : all) name(one);
    std::sort(all.begin(), all.end());
  }

  void uses(std::vector<ColumnUse>& all) const {
    for (ColumnUse& use : all) name(use.table);
    std::sort(all.begin(), all.end());
  }

  void statement(std::string& text, std::string_view prefix = {}) const {
    if (text.find(from_.name) != std::string::npos)
      text = dsl::sql::rename_relation(text, from_.schema, from_.name, to_.name, prefix);
  }

  void rename(Table& table) const {
    name(table.name);
    if (table.partition_of) name(*table.partition_of);
    names(table.partitions);
    names(table.inherits);
    names(table.inherited_by);
    for (Column& column : table.columns) {
      if (column.type == quoted(from_)) column.type = quoted(to_);
      if (column.type == quoted(from_) + "[]") column.type = quoted(to_) + "[]";
    }
    for (Constraint& constraint : table.constraints) {
      if (constraint.kind != ConstraintKind::foreign_key || constraint.target != from_) continue;
      constraint.target = to_;
      statement(constraint.definition, "ALTER TABLE t ADD ");
    }
    for (Trigger& trigger : table.triggers) statement(trigger.definition);
    for (Rule& rule : table.rules) {
      statement(rule.definition);
      uses(rule.uses);
    }
    for (ExtendedStatistics& statistics : table.statistics) statement(statistics.definition);
    for (Policy& policy : table.policies) {
      statement(policy.using_expr, "SELECT ");
      statement(policy.check_expr, "SELECT ");
      uses(policy.uses);
    }
  }

  const QualifiedName from_;
  const QualifiedName to_;
};

class Builder {
 public:
  Builder(const Catalog& catalog, const dsl::Change& change) : before_(catalog), change_(change) {
    out_.catalog = catalog;
  }

  WithRenamed run() {
    for (const dsl::Statement& statement : change_.statements) {
      if (const auto* rename = std::get_if<dsl::RenameTable>(&statement.intent))
        take(statement, *rename);
    }
    for (const auto& [to, old] : out_.tables) {
      rename_in_catalog(out_.catalog, old.name, to);
      View stand_in;  // the old name is taken until contract
      stand_in.name = old.name;
      out_.catalog.views.push_back(std::move(stand_in));
    }
    return std::move(out_);
  }

 private:
  void take(const dsl::Statement& statement, const dsl::RenameTable& rename) {
    const dsl::TableName& given = rename.table;
    const Table* table = given.schema ? before_.table({given.schema->name, given.name.name})
                                      : before_.table_by_search_path(given.name.name);
    if (table == nullptr || !table->extension.empty() || table->kind == TableKind::foreign)
      return;  // the recipe says so
    const QualifiedName to{table->name.schema, rename.to.name};
    if (const auto [other, fresh] = olds_.try_emplace(table->name, statement.span); !fresh) {
      error(statement.span, fmt::format("table {} is renamed twice", quoted(table->name)),
            "one file leads to one end state: leave one of them out",
            {{other->second, "the other one"}});
      return;
    }
    if (to == table->name) {
      error(rename.to.span, fmt::format("{} has that name already", quoted(to)), "");
      return;
    }
    const bool type = std::any_of(out_.catalog.types.begin(), out_.catalog.types.end(),
                                  [&](const Type& one) { return one.name == to; });
    if (before_.relation_exists(to) || type) {
      error(rename.to.span, fmt::format("the name {} is taken", quoted(to)),
            "the new name has to be free from the start: until contract a view bears the old one");
      return;
    }
    if (const auto [other, fresh] =
            out_.tables.try_emplace(to, WithRenamed::Old{table->name, statement.span});
        !fresh) {
      error(statement.span, fmt::format("two statements call a table {}", quoted(to)),
            "one file leads to one end state: leave one of them out",
            {{other->second.span, "the other one"}});
    }
  }

  void error(dsl::Span span, std::string message, std::string hint,
             std::vector<dsl::Related> related = {}) {
    out_.diagnostics.push_back(
        {dsl::Severity::error, span, std::move(message), std::move(hint), std::move(related)});
  }

  CatalogIndex before_;
  const dsl::Change& change_;
  WithRenamed out_;
  std::map<QualifiedName, dsl::Span> olds_;
};

}  // namespace

void rename_in_catalog(Catalog& catalog, const QualifiedName& from, const QualifiedName& to) {
  Renamer(from, to).run(catalog);
}

bool renames_any_table(const dsl::Change& change) {
  return std::any_of(change.statements.begin(), change.statements.end(),
                     [](const dsl::Statement& statement) {
                       return std::holds_alternative<dsl::RenameTable>(statement.intent);
                     });
}

WithRenamed with_renamed(const Catalog& catalog, const dsl::Change& change) {
  return Builder(catalog, change).run();
}

std::map<QualifiedName, QualifiedName> moved_tables(const std::vector<OwnedObject>& owned) {
  std::map<QualifiedName, QualifiedName> moved;
  for (const OwnedObject& object : owned) {
    if (object.kind == ObjectKind::table && object.name != object.table.name)
      moved.emplace(object.table, QualifiedName{object.table.schema, object.name});
  }
  return moved;
}

}  // namespace segue::planner
