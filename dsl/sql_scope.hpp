// What the names in one level of a query can mean.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace segue::dsl::sql {

// One item that a FROM clause brings into view.
struct RangeEntry {
  std::string alias;   // the name that qualifies its columns; empty: none
  std::string schema;  // of a relation without an alias; else empty
  std::optional<std::vector<std::string>> columns;  // none: nobody knows
  bool is_target = false;                           // the table whose columns are renamed

  bool has(std::string_view column) const;
  // It has the column, or nobody can say that it has not.
  bool may_have(std::string_view column) const { return !columns || has(column); }
};

// Output columns of the WITH queries in view; the inner ones hide the outer ones.
struct CteScope {
  const CteScope* parent = nullptr;
  std::map<std::string, std::optional<std::vector<std::string>>, std::less<>> queries;

  const std::optional<std::vector<std::string>>* find(const std::string& name) const;
};

// The FROM items of one query level, and of the levels around it.
struct QueryScope {
  const QueryScope* parent = nullptr;
  const CteScope* ctes = nullptr;
  std::vector<RangeEntry> entries;
};

}  // namespace segue::dsl::sql
