// Tables of a schema that is made again; inside codegen only.
#pragma once

#include <string>
#include <vector>

#include "codegen/schema_sql.hpp"

namespace segue::codegen {

// Tables with their columns, keys, indexes and partitions.
void write_tables(const planner::Catalog& catalog, SchemaSql& out);
// What hangs on them and may speak of views and functions: triggers, rules, policies, statistics,
// grants.
void write_table_objects(const planner::Catalog& catalog, SchemaSql& out);

std::string sequence_options(const planner::OwnedSequence& sequence);
// " (fillfactor = '70')", and with WITH in front; both empty for none.
std::string in_parentheses(const std::vector<std::string>& options);
std::string with_options(const std::vector<std::string>& options);
// " (a, b)"; empty for none.
std::string column_list(const std::vector<std::string>& columns);

}  // namespace segue::codegen
