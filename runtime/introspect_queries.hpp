// The SQL that answers the catalogue as JSON, for every server from PostgreSQL 13 on; inside the
// runtime only.
#pragma once

#include <string>
#include <vector>

namespace segue::runtime {

// One query over all tables (or over everything of a kind), never one per table: a catalogue of
// 5,000 tables takes as many round trips as one of five.
struct ListQuery {
  std::string field;  // of Catalog, or of each Table
  // Of a table's list: rows of (relation's oid, JSON array). Otherwise: rows of (oid, JSON object).
  std::string sql;
  // A condition that is false where there is none of them. PostgreSQL takes longer to plan the
  // query than to find nothing. Empty: there always are some.
  std::string any = {};
};

// All with search_path = ''.
ListQuery tables_query(int server_version);
std::vector<ListQuery> table_list_queries(int server_version);
std::vector<ListQuery> catalog_list_queries(int server_version);

// Types of pg_catalog that a column may have, schemas, both as one JSON array of strings.
std::string builtin_types_query();
std::string schemas_query();

}  // namespace segue::runtime
