#include "planner/created.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "dsl/sql_create.hpp"
#include "planner/catalog_index.hpp"
#include "planner/names.hpp"

namespace segue::planner {

namespace {

using dsl::sql::CreatedConstraint;
using dsl::sql::CreatedConstraintKind;
using dsl::sql::CreatedTable;
using dsl::sql::CreatedType;

std::string_view label_of(CreatedConstraintKind kind) {
  switch (kind) {
    case CreatedConstraintKind::primary_key:
      return "pkey";
    case CreatedConstraintKind::unique:
      return "key";
    case CreatedConstraintKind::foreign_key:
      return "fkey";
    case CreatedConstraintKind::exclude:
      return "excl";
    case CreatedConstraintKind::check:
      return "check";
  }
  return "";
}

ConstraintKind kind_of(CreatedConstraintKind kind) {
  switch (kind) {
    case CreatedConstraintKind::primary_key:
      return ConstraintKind::primary_key;
    case CreatedConstraintKind::unique:
      return ConstraintKind::unique;
    case CreatedConstraintKind::foreign_key:
      return ConstraintKind::foreign_key;
    case CreatedConstraintKind::exclude:
      return ConstraintKind::exclude;
    case CreatedConstraintKind::check:
      return ConstraintKind::check;
  }
  return ConstraintKind::check;
}

class Builder {
 public:
  Builder(const Catalog& catalog, const dsl::Change& change) : before_(catalog), change_(change) {
    out_.catalog = catalog;
  }

  WithCreated run() {
    for (const dsl::Statement& statement : change_.statements) {
      const auto* create = std::get_if<dsl::CreateObject>(&statement.intent);
      if (create == nullptr) continue;
      const auto parsed = dsl::sql::parse_create(create->sql.text);
      const auto* created = std::get_if<dsl::sql::Created>(&parsed);
      if (created == nullptr) continue;  // said when the file was read
      const QualifiedName name =
          created_name(out_.catalog, created->name.schema, created->name.name);
      const dsl::Span span{create->sql.span.begin + static_cast<std::uint32_t>(created->name_begin),
                           create->sql.span.begin + static_cast<std::uint32_t>(created->name_end)};
      if (!free(name, span)) continue;
      if (const auto* table = std::get_if<CreatedTable>(&created->what)) add(name, *table, span);
      if (const auto* type = std::get_if<CreatedType>(&created->what)) add(name, *type);
    }
    for (const auto& [name, span] : spans_) level(name);
    return std::move(out_);
  }

 private:
  bool free(const QualifiedName& name, dsl::Span span) {
    const auto& schemas = out_.catalog.schemas;
    if (std::find(schemas.begin(), schemas.end(), name.schema) == schemas.end()) {
      error(span, fmt::format("unknown schema \"{}\"", name.schema));
      return false;
    }
    const bool type = std::any_of(out_.catalog.types.begin(), out_.catalog.types.end(),
                                  [&](const Type& one) { return one.name == name; });
    if (before_.relation_exists(name) || (type && !made_.contains(name))) {
      error(span, fmt::format("the name {} is taken", quoted(name)),
            "tables, views, indexes, sequences and types share one set of names");
      return false;
    }
    const auto [place, fresh] = made_.try_emplace(name, span);
    if (!fresh) {
      out_.diagnostics.push_back({dsl::Severity::error,
                                  span,
                                  fmt::format("two statements create {}", quoted(name)),
                                  "one file leads to one end state: leave one of them out",
                                  {{place->second, "the other one"}}});
    }
    return fresh;
  }

  void add(const QualifiedName& name, const CreatedTable& created, dsl::Span span) {
    Table table;
    table.name = name;
    table.kind = created.partitioned ? TableKind::partitioned : TableKind::plain;
    for (const auto& column : created.columns) {
      Column one;
      one.name = column.name;
      one.type = column.type;
      one.not_null = column.not_null;
      table.columns.push_back(std::move(one));
    }
    std::set<std::string> taken;
    for (const CreatedConstraint& constraint : created.constraints) add(table, constraint, taken);
    out_.tables.emplace(name, -1);
    spans_.emplace(name, span);
    out_.catalog.tables.push_back(std::move(table));
  }

  void add(Table& table, const CreatedConstraint& created, std::set<std::string>& taken) {
    Constraint constraint;
    constraint.kind = kind_of(created.kind);
    constraint.columns = created.columns;
    constraint.deferrable = created.deferrable;
    const bool key = created.kind == CreatedConstraintKind::primary_key ||
                     created.kind == CreatedConstraintKind::unique;
    const std::string middle = created.kind == CreatedConstraintKind::primary_key
                                   ? ""
                                   : index_name_addition(created.columns);
    constraint.name = created.name.empty()
                          ? choose_name(table.name.name, middle, label_of(created.kind),
                                        [&](const std::string& one) { return taken.contains(one); })
                          : created.name;
    taken.insert(constraint.name);
    if (created.kind == CreatedConstraintKind::foreign_key) {
      constraint.target = target(created);
      constraint.target_columns = created.target_columns;
    }
    if (key) {
      Index index;
      index.name = constraint.name;
      index.unique = true;
      index.primary = created.kind == CreatedConstraintKind::primary_key;
      index.constraint = constraint.name;
      for (const std::string& column : created.columns) {
        IndexKeyPart part;
        part.column = column;
        index.keys.push_back(std::move(part));
      }
      table.indexes.push_back(std::move(index));
    }
    table.constraints.push_back(std::move(constraint));
  }

  void add(const QualifiedName& name, const CreatedType& created) {
    Type type;
    type.name = name;
    type.kind = created.kind == CreatedType::Kind::enumeration ? TypeKind::enumeration
                : created.kind == CreatedType::Kind::composite ? TypeKind::composite
                                                               : TypeKind::range;
    type.labels = created.labels;
    out_.catalog.types.push_back(std::move(type));
  }

  // A table that is there already comes first in search_path's order, then one of this file.
  QualifiedName target(const CreatedConstraint& created) const {
    if (!created.target.schema.empty()) return {created.target.schema, created.target.name};
    if (const Table* known = before_.table_by_search_path(created.target.name)) return known->name;
    return created_name(out_.catalog, "", created.target.name);
  }

  // One more than the highest of those that it references.
  int level(const QualifiedName& name) {
    const auto place = out_.tables.find(name);
    if (place == out_.tables.end()) return -1;  // there already
    if (place->second >= 0) return place->second;
    if (!open_.insert(name).second) {
      error(spans_.at(name),
            fmt::format("{} and another new table reference each other", quoted(name)),
            "create one without the foreign key, and add it by a `reference` statement");
      return 0;
    }
    int highest = -1;
    const auto table = std::find_if(out_.catalog.tables.begin(), out_.catalog.tables.end(),
                                    [&](const Table& one) { return one.name == name; });
    for (const Constraint& constraint : table->constraints) {
      if (constraint.kind == ConstraintKind::foreign_key && constraint.target != name)
        highest = std::max(highest, level(constraint.target));
    }
    open_.erase(name);
    return place->second = highest + 1;
  }

  void error(dsl::Span span, std::string message, std::string hint = {}) {
    out_.diagnostics.push_back(
        {dsl::Severity::error, span, std::move(message), std::move(hint), {}});
  }

  CatalogIndex before_;
  const dsl::Change& change_;
  WithCreated out_;
  std::map<QualifiedName, dsl::Span> made_;
  std::map<QualifiedName, dsl::Span> spans_;
  std::set<QualifiedName> open_;
};

}  // namespace

bool creates_anything(const dsl::Change& change) {
  return std::any_of(change.statements.begin(), change.statements.end(),
                     [](const dsl::Statement& statement) {
                       return std::holds_alternative<dsl::CreateObject>(statement.intent);
                     });
}

WithCreated with_created(const Catalog& catalog, const dsl::Change& change) {
  return Builder(catalog, change).run();
}

QualifiedName created_name(const Catalog& catalog, const std::string& schema,
                           const std::string& name) {
  if (!schema.empty()) return {schema, name};
  return {catalog.search_path.empty() ? "public" : catalog.search_path.front(), name};
}

}  // namespace segue::planner
