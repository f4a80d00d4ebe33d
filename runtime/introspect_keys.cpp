// Indexes and constraints.
#include <fmt/format.h>

#include "runtime/introspect_sql.hpp"

namespace segue::runtime {

std::string indexes_sql(int version) {
  return fmt::format(
      R"sql(SELECT i.indrelid, json_agg(json_strip_nulls(json_build_object(
    'name', ic.relname,
    'method', m.amname,
    'unique', i.indisunique,
    'primary', i.indisprimary,
    'valid', i.indisvalid,
    'nulls_not_distinct', {nulls_not_distinct},
    'replica_identity', i.indisreplident,
    'clustered', i.indisclustered,
    'keys', (
      SELECT json_agg(json_strip_nulls(json_build_object(
          'column', ca.attname,
          'expression', CASE WHEN ca.attname IS NULL
                             THEN pg_get_indexdef(i.indexrelid, k.place::integer, false) END,
          'collation', CASE WHEN co.oid IS NOT NULL
                             AND co.oid <> coalesce(ca.attcollation, 'pg_catalog."default"'::regcollation)
                            THEN format('%I.%I', cn.nspname, co.collname) END,
          'opclass', CASE WHEN NOT o.opcdefault OR ia.attoptions IS NOT NULL
                            -- Hash and others keep another type in the index than they take.
                            OR (o.opcintype <> coalesce(ca.atttypid, ia.atttypid) AND EXISTS (
                                  SELECT FROM pg_opclass other
                                   WHERE other.opcmethod = o.opcmethod AND other.opcdefault
                                     AND (ca.atttypid IS NOT NULL OR o.opckeytype = 0)
                                     AND other.opcintype = coalesce(ca.atttypid, ia.atttypid)))
                          THEN format('%I.%I', opn.nspname, o.opcname) || coalesce(
                                 (SELECT '(' || string_agg(
                                           format('%I=%L', split_part(p.o, '=', 1),
                                                  substr(p.o, strpos(p.o, '=') + 1)), ', '
                                           ORDER BY p.n) || ')'
                                    FROM unnest(ia.attoptions) WITH ORDINALITY p(o, n)), '') END,
          'descending', CASE WHEN i.indoption[k.place - 1] & 1 <> 0 THEN true END,
          'nulls_first', CASE WHEN i.indoption[k.place - 1] & 2 <> 0 THEN true END,
          'statistics', CASE WHEN ia.attstattarget >= 0 THEN ia.attstattarget END
        )) ORDER BY k.place)
        FROM generate_series(1, i.indnkeyatts) k(place)
        JOIN pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = k.place
        LEFT JOIN pg_attribute ca ON ca.attrelid = i.indrelid
                                 AND ca.attnum = i.indkey[k.place - 1] AND ca.attnum <> 0
        LEFT JOIN pg_collation co ON co.oid = i.indcollation[k.place - 1]
        LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
        JOIN pg_opclass o ON o.oid = i.indclass[k.place - 1]
        JOIN pg_namespace opn ON opn.oid = o.opcnamespace),
    'include', (
      SELECT json_agg(ca.attname ORDER BY k.place)
        FROM generate_series(i.indnkeyatts + 1, i.indnatts) k(place)
        JOIN pg_attribute ca ON ca.attrelid = i.indrelid AND ca.attnum = i.indkey[k.place - 1]),
    'predicate', pg_get_expr(i.indpred, i.indrelid),
    'options', to_json(ic.reloptions),
    'tablespace', (SELECT spcname FROM pg_tablespace s WHERE s.oid = ic.reltablespace),
    'constraint', (SELECT k.conname FROM pg_constraint k
                    WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid
                      AND k.contype IN ('p', 'u', 'x')),
    'comment', {comment},
    'partition_of', (SELECT pc.relname FROM pg_inherits h JOIN pg_class pc ON pc.oid = h.inhparent
                      WHERE h.inhrelid = i.indexrelid),
    'expression_columns', CASE WHEN i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
                               THEN {expression_columns} END
  )) ORDER BY ic.relname)
  FROM {tables} c
  JOIN pg_index i ON i.indrelid = c.oid
  JOIN pg_class ic ON ic.oid = i.indexrelid
  JOIN pg_am m ON m.oid = ic.relam
 GROUP BY i.indrelid)sql",
      fmt::arg("nulls_not_distinct", version >= pg15 ? "i.indnullsnotdistinct" : "NULL"),
      fmt::arg("comment", comment_of("pg_class", "i.indexrelid")),
      fmt::arg("expression_columns",
               columns_in("i.indrelid", "concat(i.indexprs::text, ' ', i.indpred::text)")),
      fmt::arg("tables", user_tables));
}

std::string constraints_sql(int version) {
  const auto action = [](const char* column) {
    return fmt::format(
        "CASE {} WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' "
        "WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END",
        column);
  };
  return fmt::format(
      R"sql(SELECT k.conrelid, json_agg(json_strip_nulls(json_build_object(
    'name', k.conname,
    'kind', CASE k.contype WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique' WHEN 'p' THEN 'primary key'
                           WHEN 'f' THEN 'foreign key' WHEN 'x' THEN 'exclude'
                           ELSE 'not null' END,
    'columns', {columns},
    'definition', pg_get_constraintdef(k.oid),
    'expression', pg_get_expr(k.conbin, k.conrelid),
    'validated', k.convalidated,
    -- The catalogue says true for keys too, where it means nothing.
    'no_inherit', k.connoinherit AND k.contype IN ('c', 'n'),
    'deferrable', k.condeferrable,
    'initially_deferred', k.condeferred,
    'comment', {comment},
    'target', CASE WHEN k.contype = 'f' THEN (
        SELECT json_build_array(n.nspname, f.relname) FROM pg_class f
          JOIN pg_namespace n ON n.oid = f.relnamespace WHERE f.oid = k.confrelid) END,
    'target_columns', {target_columns},
    'on_delete', {on_delete},
    'on_update', {on_update},
    'on_delete_columns', {on_delete_columns},
    'match_full', k.confmatchtype = 'f',
    'inherited_from', CASE WHEN k.conparentid <> 0 THEN parent.conname
                           WHEN k.contype = 'c' AND k.coninhcount > 0 THEN k.conname END
  )) ORDER BY k.conname)
  FROM {tables} c
  JOIN pg_constraint k ON k.conrelid = c.oid
  LEFT JOIN pg_constraint parent ON parent.oid = k.conparentid
 WHERE (k.contype IN ('c', 'u', 'p', 'f', 'x') {not_nulls})
   -- A key to a partitioned table has one more row here for each of that table's partitions.
   AND (k.conparentid = 0 OR parent.conrelid <> k.conrelid)
 GROUP BY k.conrelid)sql",
      fmt::arg("columns", names_of("k.conrelid", "k.conkey")),
      fmt::arg("comment", comment_of("pg_constraint", "k.oid")),
      fmt::arg("target_columns", names_of("k.confrelid", "k.confkey")),
      fmt::arg("on_delete", action("k.confdeltype")),
      fmt::arg("on_update", action("k.confupdtype")),
      fmt::arg("on_delete_columns",
               version >= pg15 ? names_of("k.conrelid", "k.confdelsetcols") : "NULL"),
      // From 18 every NOT NULL column has one; the column's own flag says it already.
      fmt::arg("not_nulls", version >= pg18 ? "OR (k.contype = 'n' AND NOT k.convalidated)" : ""),
      fmt::arg("tables", user_tables));
}

}  // namespace segue::runtime
