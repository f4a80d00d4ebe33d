#include "planner/journal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "dsl/sql.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

std::string journal_columns(const Journal& journal) {
  std::string columns;
  for (const std::string& column : journal.key) columns += quote_identifier(column) + ", ";
  for (std::size_t i = 0; i < journal.columns.size(); ++i) {
    const std::string column = quote_identifier(journal.columns[i]);
    columns += fmt::format("{}{} AS old_{}, {} AS new_{}", i == 0 ? "" : ", ", column, i + 1,
                           column, i + 1);
  }
  return columns;
}

}  // namespace

std::string create_journal(const QualifiedName& table, const Journal& journal) {
  std::vector<std::string> key;
  for (const std::string& column : journal.key) key.push_back(quote_identifier(column));
  return fmt::format(
      "CREATE TABLE {0} AS\n  SELECT {1}\n    FROM {2} WITH NO DATA;\nALTER TABLE {0} ADD PRIMARY "
      "KEY ({3});\n",
      quoted(journal.table), journal_columns(journal), quoted(table), fmt::join(key, ", "));
}

}  // namespace segue::planner
