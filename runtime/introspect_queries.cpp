#include "runtime/introspect_queries.hpp"

#include <fmt/format.h>

#include <string_view>

#include "runtime/introspect_sql.hpp"

namespace segue::runtime {

namespace {

std::string triggers_sql() {
  return fmt::format(
      R"sql(SELECT g.tgrelid, json_agg(json_strip_nulls(json_build_object(
    'name', g.tgname,
    'definition', pg_get_triggerdef(g.oid),
    'timing', CASE WHEN g.tgtype & 2 <> 0 THEN 'BEFORE' WHEN g.tgtype & 64 <> 0 THEN 'INSTEAD OF'
                   ELSE 'AFTER' END,
    'for_each_row', g.tgtype & 1 <> 0,
    'on_insert', g.tgtype & 4 <> 0,
    'on_delete', g.tgtype & 8 <> 0,
    'on_update', g.tgtype & 16 <> 0,
    'on_truncate', g.tgtype & 32 <> 0,
    'update_of', {update_of},
    'when_columns', CASE WHEN g.tgqual IS NOT NULL THEN {when_columns} END,
    'function', (SELECT json_build_array(n.nspname, p.proname) FROM pg_proc p
                   JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = g.tgfoid),
    'enabled', CASE g.tgenabled WHEN 'O' THEN 'origin' WHEN 'A' THEN 'always'
                                WHEN 'R' THEN 'replica' ELSE 'disabled' END,
    'inherited', g.tgparentid <> 0
  )) ORDER BY g.tgname)
  FROM {tables} c
  JOIN pg_trigger g ON g.tgrelid = c.oid
 -- Before 15 the partitions' clones of an ordinary trigger are called internal too.
 WHERE NOT g.tgisinternal OR (g.tgparentid <> 0 AND g.tgconstraint = 0)
 GROUP BY g.tgrelid)sql",
      fmt::arg("update_of", names_of("g.tgrelid", "g.tgattr")),
      fmt::arg("when_columns", columns_in("g.tgrelid", "g.tgqual::text")),
      fmt::arg("tables", user_tables));
}

std::string policies_sql() {
  return fmt::format(
      R"sql(SELECT p.polrelid, json_agg(json_strip_nulls(json_build_object(
    'name', p.polname,
    'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                             WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    'using_expr', pg_get_expr(p.polqual, p.polrelid),
    'check_expr', pg_get_expr(p.polwithcheck, p.polrelid),
    'columns', {columns},
    'uses', {uses}
  )) ORDER BY p.polname)
  FROM {tables} c
  JOIN pg_policy p ON p.polrelid = c.oid
 GROUP BY p.polrelid)sql",
      fmt::arg("columns", columns_depended_on("pg_policy", "p.oid", "p.polrelid")),
      fmt::arg("uses", uses_of("pg_policy", "p.oid", "p.polrelid")),
      fmt::arg("tables", user_tables));
}

std::string rules_sql() {
  return fmt::format(
      R"sql(SELECT r.ev_class, json_agg(json_strip_nulls(json_build_object(
    'name', r.rulename,
    'definition', pg_get_ruledef(r.oid),
    'columns', {columns},
    'uses', {uses}
  )) ORDER BY r.rulename)
  FROM {tables} c
  JOIN pg_rewrite r ON r.ev_class = c.oid
 GROUP BY r.ev_class)sql",
      fmt::arg("columns", columns_depended_on("pg_rewrite", "r.oid", "r.ev_class")),
      fmt::arg("uses", uses_of("pg_rewrite", "r.oid", "r.ev_class")),
      fmt::arg("tables", user_tables));
}

std::string statistics_sql(int version) {
  const bool expressions = version >= pg14;
  return fmt::format(
      R"sql(SELECT x.stxrelid, json_agg(json_strip_nulls(json_build_object(
    'name', json_build_array(n.nspname, x.stxname),
    'definition', pg_get_statisticsobjdef(x.oid),
    'kinds', (SELECT json_agg(CASE k.kind WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies'
                                          ELSE 'mcv' END ORDER BY k.place)
                FROM unnest(x.stxkind) WITH ORDINALITY k(kind, place)
               WHERE k.kind IN ('d', 'f', 'm')),
    'columns', {columns},
    'expressions', {expressions},
    'expression_columns', {expression_columns},
    'target', CASE WHEN x.stxstattarget >= 0 THEN x.stxstattarget END
  )) ORDER BY n.nspname, x.stxname)
  FROM {tables} c
  JOIN pg_statistic_ext x ON x.stxrelid = c.oid
  JOIN pg_namespace n ON n.oid = x.stxnamespace
 GROUP BY x.stxrelid)sql",
      fmt::arg("columns", names_of("x.stxrelid", "x.stxkeys")),
      fmt::arg("expressions",
               expressions ? "to_json(pg_get_statisticsobjdef_expressions(x.oid))" : "NULL"),
      fmt::arg("expression_columns", expressions
                                         ? "CASE WHEN x.stxexprs IS NOT NULL THEN " +
                                               columns_in("x.stxrelid", "x.stxexprs::text") + " END"
                                         : "NULL"),
      fmt::arg("tables", user_tables));
}

std::string publications_sql(int version) {
  const bool lists = version >= pg15;
  return fmt::format(
      R"sql(SELECT u.relid, json_agg(json_strip_nulls(u.use) ORDER BY u.pubname)
  FROM (
    SELECT c.oid AS relid, p.pubname, json_build_object(
             'publication', p.pubname,
             'columns', {columns},
             'row_filter', {row_filter},
             'filter_columns', {filter_columns}) AS use
      FROM {tables} c
      JOIN pg_publication_rel r ON r.prrelid = c.oid
      JOIN pg_publication p ON p.oid = r.prpubid
    UNION ALL
    SELECT c.oid, p.pubname, json_build_object('publication', p.pubname, 'all_tables', true)
      FROM {tables} c, pg_publication p
     WHERE p.puballtables AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
    {schema_publications}) u
 GROUP BY u.relid)sql",
      fmt::arg("columns", lists ? names_of("r.prrelid", "r.prattrs") : "NULL"),
      fmt::arg("row_filter", lists ? "pg_get_expr(r.prqual, r.prrelid)" : "NULL"),
      fmt::arg("filter_columns", lists ? "CASE WHEN r.prqual IS NOT NULL THEN " +
                                             columns_in("r.prrelid", "r.prqual::text") + " END"
                                       : "NULL"),
      fmt::arg("tables", user_tables),
      fmt::arg(
          "schema_publications",
          lists ? fmt::format("UNION ALL SELECT c.oid, p.pubname, json_build_object('publication', "
                              "p.pubname) FROM {} c JOIN pg_publication_namespace s ON s.pnnspid = "
                              "c.relnamespace JOIN pg_publication p ON p.oid = s.pnpubid WHERE "
                              "c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT EXISTS "
                              "(SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND "
                              "r.prrelid = c.oid)",
                              user_tables)
                : ""));
}

std::string relatives(const char* own, const char* other, bool partitions) {
  return fmt::format(
      "(SELECT json_agg(json_build_array(n.nspname, o.relname) ORDER BY {2}) FROM pg_inherits h "
      "JOIN pg_class o ON o.oid = h.{1} JOIN pg_namespace n ON n.oid = o.relnamespace "
      "JOIN pg_class child ON child.oid = h.inhrelid WHERE h.{0} = c.oid AND {3} "
      "child.relispartition)",
      own, other,
      // Parents keep their order: a child's columns come in it.
      std::string_view(own) == "inhrelid" ? "h.inhseqno" : "n.nspname, o.relname",
      partitions ? "" : "NOT");
}

}  // namespace

ListQuery tables_query(int version) {
  return {
      "tables",
      fmt::format(
          R"sql(SELECT c.oid, json_strip_nulls(json_build_object(
    'name', json_build_array(cn.nspname, c.relname),
    'kind', CASE c.relkind WHEN 'p' THEN 'partitioned' WHEN 'f' THEN 'foreign' ELSE 'plain' END,
    'row_security', c.relrowsecurity,
    'force_row_security', c.relforcerowsecurity,
    'replica_identity', CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing'
                                            WHEN 'i' THEN 'index' ELSE 'default' END,
    'options', to_json(c.reloptions),
    'comment', {comment},
    'owner', pg_get_userbyid(c.relowner),
    'unlogged', c.relpersistence = 'u',
    'extension', {extension},
    'of_type', CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
    'partition_of', {partition_of}->0,
    'partitions', {partitions},
    'inherits', {inherits},
    'inherited_by', {inherited_by},
    'partition_key', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
    'partition_bound', pg_get_expr(c.relpartbound, c.oid),
    'estimated_rows', {rows},
    'bytes', pg_total_relation_size(c.oid)))
  FROM {tables} c
  JOIN pg_namespace cn ON cn.oid = c.relnamespace)sql",
          fmt::arg("comment", comment_of("pg_class", "c.oid")),
          fmt::arg("extension", extension_of("pg_class", "c.oid")),
          fmt::arg("partition_of", relatives("inhrelid", "inhparent", true)),
          fmt::arg("partitions", relatives("inhparent", "inhrelid", true)),
          fmt::arg("inherits", relatives("inhrelid", "inhparent", false)),
          fmt::arg("inherited_by", relatives("inhparent", "inhrelid", false)),
          // Before 14 a table that nobody has counted yet says 0.
          fmt::arg("rows", version >= pg14 ? "c.reltuples"
                                           : "CASE WHEN c.reltuples = 0 AND c.relpages = 0 THEN -1 "
                                             "ELSE c.reltuples END"),
          fmt::arg("tables", user_tables))};
}

std::vector<ListQuery> table_list_queries(int version) {
  return {{"columns", columns_sql(version)},
          {"indexes", indexes_sql(version)},
          {"constraints", constraints_sql(version)},
          {"triggers", triggers_sql()},
          {"policies", policies_sql(), "EXISTS (SELECT FROM pg_policy)"},
          {"rules", rules_sql()},
          {"statistics", statistics_sql(version), "EXISTS (SELECT FROM pg_statistic_ext)"},
          {"publications", publications_sql(version), "EXISTS (SELECT FROM pg_publication)"}};
}

std::vector<ListQuery> catalog_list_queries(int version) {
  std::vector<ListQuery> queries;
  queries.push_back({"views",
                     fmt::format(
                         R"sql(SELECT c.oid, json_strip_nulls(json_build_object(
    'name', json_build_array(n.nspname, c.relname),
    'materialized', c.relkind = 'm',
    'definition', rtrim(pg_get_viewdef(c.oid), ';'),
    'columns', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
    'uses', {uses},
    'options', to_json(c.reloptions),
    'extension', {extension}))
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
 WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND n.oid IN {schemas})sql",
                         fmt::arg("uses", uses_of("pg_rewrite", "r.oid", "c.oid")),
                         fmt::arg("extension", extension_of("pg_class", "c.oid")),
                         fmt::arg("schemas", user_schemas)),
                     "EXISTS (SELECT FROM pg_class WHERE relkind IN ('v', 'm') AND oid >= 16384)"});
  const bool atomic = version >= pg14;
  queries.push_back(
      {"functions",
       fmt::format(
           R"sql(SELECT p.oid, json_strip_nulls(json_build_object(
    'name', json_build_array(n.nspname, p.proname),
    'arguments', pg_get_function_identity_arguments(p.oid),
    'language', l.lanname,
    'kind', CASE p.prokind WHEN 'f' THEN 'function' WHEN 'p' THEN 'procedure'
                           WHEN 'a' THEN 'aggregate' ELSE 'window' END,
    'returns', format_type(p.prorettype, NULL),
    'volatility', CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable'
                                     ELSE 'volatile' END,
    'body', {body},
    'definition', CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END,
    'atomic', {atomic},
    'uses', {uses}))
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_language l ON l.oid = p.prolang
 WHERE n.oid IN {schemas}
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                      AND d.deptype IN ('e', 'i')))sql",
           fmt::arg("body",
                    atomic ? "coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)" : "p.prosrc"),
           fmt::arg("atomic", atomic ? "p.prosqlbody IS NOT NULL" : "false"),
           fmt::arg("uses", atomic ? "CASE WHEN p.prosqlbody IS NOT NULL THEN " +
                                         uses_of("pg_proc", "p.oid", "0") + " END"
                                   : "NULL"),
           fmt::arg("schemas", user_schemas))});
  // Every table has a type and that one an array, whose name begins with an underscore.
  queries.push_back(
      {"types", types_sql(version),
       "EXISTS (SELECT FROM pg_type t WHERE t.oid >= 16384 AND (t.typtype NOT IN ('b', 'c', 'm') "
       "OR "
       "t.typtype = 'b' AND NOT (t.typcategory = 'A' AND t.typname LIKE '\\_%') OR t.typtype = 'c' "
       "AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')))"});
  queries.push_back({"sequences", fmt::format(
                                      R"sql(SELECT c.oid, json_build_object(
    'name', json_build_array(n.nspname, c.relname),
    'type', format_type(q.seqtypid, NULL))
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_sequence q ON q.seqrelid = c.oid
 WHERE c.relpersistence <> 't' AND n.oid IN {})sql",
                                      user_schemas)});
  queries.push_back(
      {"extensions",
       "SELECT e.oid, json_build_object('name', e.extname, 'schema', n.nspname) FROM pg_extension "
       "e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'"});
  queries.push_back(
      {"subscriptions",
       // Before 14 an ordinary role may not read its oid.
       "SELECT row_number() OVER (ORDER BY s.subname), json_build_object('name', s.subname) FROM "
       "pg_subscription s "
       "JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()"});
  return queries;
}

std::string builtin_types_query() {
  return "SELECT coalesce(json_agg(t.typname ORDER BY t.typname), '[]') FROM pg_type t JOIN "
         "pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = 'pg_catalog' AND t.typtype IN "
         "('b', 'e', 'r', 'm') AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)";
}

std::string schemas_query() {
  return fmt::format(
      "SELECT coalesce(json_agg(n.nspname ORDER BY n.nspname), '[]') FROM pg_namespace n WHERE "
      "n.oid IN {}",
      user_schemas);
}

}  // namespace segue::runtime
