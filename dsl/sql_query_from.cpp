// What stands in FROM: which columns each item brings, and under which name.
#include <algorithm>
#include <utility>

#include "dsl/sql_output_name.hpp"
#include "dsl/sql_query_renamer.hpp"

namespace segue::dsl::sql {

Entries QueryRenamer::from(const Tree& item, const QueryScope& scope) {
  if (const auto& node = child(item, "RangeVar"); !node.is_null()) return {relation(node, scope)};
  if (const auto& node = child(item, "JoinExpr"); !node.is_null()) return join(node, scope);
  if (const auto& node = child(item, "RangeTableSample"); !node.is_null()) {
    expression(child(node, "args"), scope);
    return from(child(node, "relation"), scope);
  }
  if (const auto& node = child(item, "RangeSubselect"); !node.is_null()) {
    return {subselect(node, scope)};
  }
  if (const auto& node = child(item, "RangeFunction"); !node.is_null()) {
    expression(child(node, "functions"), scope);
    return {function(node)};
  }
  if (const auto& node = child(item, "RangeTableFunc"); !node.is_null()) {
    expression(node, scope);
    return {RangeEntry{alias_of(node), "", std::nullopt, false}};
  }
  throw Doubt{"an item in FROM that is not known here"};
}

std::string QueryRenamer::alias_of(const Tree& node) {
  const auto& alias = child(node, "alias");
  return alias.is_null() ? "" : alias.value("aliasname", "");
}

Names QueryRenamer::alias_columns(const Tree& node) {
  return names_of(child(child(node, "alias"), "colnames"));
}

RangeEntry QueryRenamer::relation(const Tree& node, const QueryScope& scope) {
  const auto schema = node.value("schemaname", "");
  const auto name = node.value("relname", "");
  const auto aliases = alias_columns(node);
  RangeEntry entry{alias_of(node), "", std::nullopt, false};
  const bool aliased = !entry.alias.empty();
  if (!aliased) entry.alias = name;
  if (const auto* cte =
          schema.empty() && scope.ctes != nullptr ? scope.ctes->find(name) : nullptr) {
    entry.columns = renamed_outputs(*cte, aliases);
    return entry;
  }
  const auto found = lookup_(schema, name);
  if (!found && name == table_ && (schema.empty() || schema == schema_)) {
    throw Doubt{"relation " + in_quotes(name) + " is not in the catalogue"};
  }
  if (!found) return entry;
  if (!aliased) entry.schema = found->schema;
  entry.columns = renamed_outputs(found->columns, aliases);
  entry.is_target = found->schema == schema_ && found->table == table_;
  if (entry.is_target && !aliases.empty()) {
    throw Doubt{"a list of column aliases over " + in_quotes(name)};
  }
  return entry;
}

RangeEntry QueryRenamer::subselect(const Tree& node, const QueryScope& scope) {
  const auto& query = child(child(node, "subquery"), "SelectStmt");
  const bool lateral = node.value("lateral", false);
  auto outputs = select(query, lateral ? &scope : scope.parent, scope.ctes);
  return {alias_of(node), "", renamed_outputs(std::move(outputs), alias_columns(node)), false};
}

RangeEntry QueryRenamer::function(const Tree& node) {
  RangeEntry entry{alias_of(node), "", std::nullopt, false};
  Names columns = alias_columns(node);
  for (const auto& item : child(node, "coldeflist")) {
    columns.push_back(child(item, "ColumnDef").value("colname", ""));
  }
  if (!columns.empty()) entry.columns = std::move(columns);
  return entry;
}

Entries QueryRenamer::join(const Tree& node, const QueryScope& scope) {
  Entries left = from(child(node, "larg"), scope);
  QueryScope beside = scope;
  append(beside.entries, left);
  Entries right = from(child(node, "rarg"), beside);
  const auto shared = names_of(child(node, "usingClause"));
  check_join(left, right, shared, node.value("isNatural", false));
  QueryScope both{scope.parent, scope.ctes, left};
  append(both.entries, right);
  expression(child(node, "quals"), both);
  if (const auto alias = alias_of(node); !alias.empty()) {
    if (holds_target(both.entries)) throw Doubt{"an alias over a whole JOIN"};
    return {RangeEntry{alias, "", std::nullopt, false}};
  }
  if (const auto& alias = child(node, "join_using_alias"); !alias.is_null()) {
    both.entries.push_back({alias.value("aliasname", ""), "", Names{}, false});
  }
  return std::move(both.entries);
}

void QueryRenamer::check_join(const Entries& left, const Entries& right, const Names& shared,
                              bool natural) {
  if (!holds_target(left) && !holds_target(right)) return;
  const auto& others = holds_target(left) ? right : left;
  for (const auto& [old_name, new_name] : renames_) {
    for (const auto& name : {old_name, new_name}) {
      if (holds(shared, name)) throw Doubt{"JOIN USING (" + name + ")"};
      const auto met = [&](const RangeEntry& entry) { return entry.may_have(name); };
      if (natural && std::ranges::any_of(others, met)) {
        throw Doubt{"NATURAL JOIN over " + in_quotes(name)};
      }
    }
  }
}

}  // namespace segue::dsl::sql
