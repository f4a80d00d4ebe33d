// The pieces that introspection queries share; inside the runtime only.
#pragma once

#include <string>

namespace segue::runtime {

// server_version_num of the releases whose catalogues differ.
inline constexpr int pg14 = 140000;
inline constexpr int pg15 = 150000;
inline constexpr int pg18 = 180000;

// What a catalogue holds: neither the system's schemas nor segue's own, no temporary objects.
inline constexpr const char* user_schemas =
    "(SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' "
    "AND nspname NOT IN ('information_schema', 'segue'))";

inline constexpr const char* user_tables =
    "(SELECT c.* FROM pg_class c WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' "
    "AND c.relnamespace IN "
    "(SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' "
    "AND nspname NOT IN ('information_schema', 'segue')))";

// Column names of a key, by its array of attribute numbers.
std::string names_of(const char* relation, const char* numbers);

// Columns of a relation that a stored expression names. pg_depend alone cannot say it where the
// object also names columns outside of the expression (an index on (email, lower(email))), and the
// node tree says it for the server's own versions alike. Number 0 is the whole row. For expressions
// without subqueries.
std::string columns_in(const char* relation, const std::string& tree);

// Columns of a relation that an object depends on.
std::string columns_depended_on(const char* object_class, const char* object, const char* relation);

// Relations and columns that an object depends on; the column is "" where it needs a relation as a
// whole.
std::string uses_of(const char* object_class, const char* object, const char* itself);

std::string extension_of(const char* object_class, const char* object);

std::string comment_of(const char* object_class, const char* object, const char* part = "0");

// Domains that refuse some values of their base type, or bring a default; also through the domains
// that they are made of. In a WITH RECURSIVE.
inline constexpr const char* constrained_domains = R"sql(
  chain AS (
    SELECT t.oid, t.oid AS part FROM pg_type t WHERE t.typtype = 'd'
    UNION
    SELECT chain.oid, t.typbasetype FROM chain JOIN pg_type t ON t.oid = chain.part
     WHERE t.typtype = 'd'),
  constrained AS (
    SELECT DISTINCT chain.oid FROM chain JOIN pg_type t ON t.oid = chain.part AND t.typtype = 'd'
     WHERE t.typnotnull OR t.typdefault IS NOT NULL
        OR EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')))sql";

// The larger ones of table_list_queries().
std::string columns_sql(int version);
std::string indexes_sql(int version);
std::string constraints_sql(int version);
std::string types_sql(int version);

}  // namespace segue::runtime
