// Constraints of partitioned tables, which PostgreSQL lets nobody put on without reading the rows:
// put on each partition beside the traffic, then taken over by the table.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "planner/context.hpp"

namespace segue::planner {

std::string constraint_words(const Constraint& constraint);  // PRIMARY KEY, UNIQUE

// The table's index and its copies on the partitions, by table; `tree` begins with the table.
std::map<QualifiedName, const Index*> indexes_below(const std::vector<const Table*>& tree,
                                                    const Index& index);

// Complains where a unique constraint or primary key of a partitioned table cannot be carried.
bool may_go_by_partition(Context& context, const Table& table, const Constraint& constraint,
                         const dsl::sql::ColumnMap& renames);
// `definition` is that of the index, over the new columns.
void carry_constraint_by_partition(Context& context, TableDraft& draft, const Table& table,
                                   const Constraint& constraint, const Index& index,
                                   const std::string& definition,
                                   const std::vector<Rename>& replaced);

// The foreign key `key` of partitioned `child` under a temporary name, on it and all below it.
void carry_foreign_key_by_partition(Context& context, const Table& child, const Constraint& key,
                                    const std::string& temporary, const std::string& definition);

// What a partition's column has of its own, which the table's column does not: NOT NULL and a
// default. `default_of`: that of a column, for the new one.
void carry_column_by_partition(Context& context, TableDraft& draft, const Rename& rename,
                               const std::function<std::string(const Column&)>& default_of);

}  // namespace segue::planner
