#include "planner/catalog.hpp"

#include "dsl/sql.hpp"

namespace segue::planner {

namespace {

template <typename Item>
const Item* find_named(const std::vector<Item>& items, std::string_view name) {
  for (const Item& item : items) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

}  // namespace

const Column* Table::column(std::string_view column_name) const {
  return find_named(columns, column_name);
}

const Index* Table::index(std::string_view index_name) const {
  return find_named(indexes, index_name);
}

const Constraint* Table::constraint(std::string_view constraint_name) const {
  return find_named(constraints, constraint_name);
}

const Constraint* Table::primary_key() const {
  for (const Constraint& candidate : constraints) {
    if (candidate.kind == ConstraintKind::primary_key) return &candidate;
  }
  return nullptr;
}

std::string to_whom(const ColumnGrant& grant) {
  return (grant.grantee.empty() ? "PUBLIC" : dsl::sql::quote_identifier(grant.grantee)) +
         (grant.grantable ? " WITH GRANT OPTION" : "");
}

std::string quoted(const QualifiedName& name) {
  const std::string own = dsl::sql::quote_identifier(name.name);
  return name.schema.empty() ? own : dsl::sql::quote_identifier(name.schema) + '.' + own;
}

}  // namespace segue::planner
