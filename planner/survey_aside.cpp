// A table that steps aside is a view up to contract: nothing else of the file can change it.
#include <fmt/format.h>

#include <variant>

#include "dsl/sql_create.hpp"
#include "planner/context.hpp"
#include "planner/created.hpp"

namespace segue::planner {

namespace {

class Aside {
 public:
  explicit Aside(Context& context) : context_(context) {}

  void run() {
    for (const dsl::Statement& statement : context_.change().statements) {
      if (statement.options.via == dsl::Via::view) continue;
      std::visit(
          [&](const auto& intent) {
            if constexpr (requires { intent.column.table; }) needs_table(intent.column.table);
            if constexpr (requires { intent.table; }) needs_table(intent.table);
            if constexpr (requires { intent.constraint.table; })
              needs_table(intent.constraint.table);
            if constexpr (requires { intent.target.table; }) needs_table(intent.target.table);
            if constexpr (requires { intent.references->table; }) {
              if (intent.references) needs_table(intent.references->table);
            }
            if constexpr (requires { intent.index.name; }) needs_index(intent.index);
            if constexpr (requires { intent.sql.text; }) needs_references(statement, intent);
          },
          statement.intent);
    }
  }

 private:
  void needs_table(const dsl::TableName& name) {
    const Table* table = name.schema ? context_.catalog.table({name.schema->name, name.name.name})
                                     : context_.catalog.table_by_search_path(name.name.name);
    if (table != nullptr) needs(name.span, table->name);
  }

  void needs_index(const dsl::TableName& name) {
    for (const auto& [table, renames] : context_.two_names()) {
      if (context_.catalog.table(table)->index(name.name.name) != nullptr) needs(name.span, table);
    }
  }

  void needs_references(const dsl::Statement& statement, const dsl::CreateObject& intent) {
    const auto parsed = dsl::sql::parse_create(intent.sql.text);
    const auto* created = std::get_if<dsl::sql::Created>(&parsed);
    if (created == nullptr) return;
    const Table* table = context_.catalog.table(
        created_name(context_.catalog.catalog(), created->name.schema, created->name.name));
    if (table == nullptr) return;
    for (const Constraint& constraint : table->constraints) {
      if (constraint.kind == ConstraintKind::foreign_key) needs(statement.span, constraint.target);
    }
  }

  void needs(dsl::Span span, const QualifiedName& table) {
    const auto found = context_.two_names().find(table);
    if (found == context_.two_names().end()) return;
    context_.error(span,
                   fmt::format("{} steps aside in this file: up to contract a view has its place",
                               quoted(table)),
                   "write this in a change of its own, or take `via copy`",
                   {{found->second.front().span, "here"}});
  }

  Context& context_;
};

}  // namespace

void survey_aside(Context& context) {
  if (!context.two_names().empty()) Aside(context).run();
}

}  // namespace segue::planner
