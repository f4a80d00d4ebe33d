#include "dsl/sql_scope.hpp"

#include <algorithm>

namespace segue::dsl::sql {

bool RangeEntry::has(std::string_view column) const {
  return columns && std::ranges::find(*columns, column) != columns->end();
}

const std::optional<std::vector<std::string>>* CteScope::find(const std::string& name) const {
  for (const auto* scope = this; scope != nullptr; scope = scope->parent) {
    if (const auto found = scope->queries.find(name); found != scope->queries.end()) {
      return &found->second;
    }
  }
  return nullptr;
}

}  // namespace segue::dsl::sql
