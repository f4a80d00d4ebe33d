// Types, with what it takes to make them again.
#include <fmt/format.h>

#include "runtime/introspect_sql.hpp"

namespace segue::runtime {

std::string types_sql(int version) {
  return fmt::format(
      R"sql(WITH RECURSIVE {constrained}
SELECT t.oid, json_strip_nulls(json_build_object(
    'name', json_build_array(n.nspname, t.typname),
    'kind', CASE t.typtype WHEN 'e' THEN 'enumeration' WHEN 'd' THEN 'domain'
                           WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range' ELSE 'base' END,
    'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e
                WHERE e.enumtypid = t.oid),
    'base', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
    'constrained', t.oid IN (SELECT oid FROM constrained),
    'extension', {extension},
    'made_as', CASE t.typtype
      WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod)
        || coalesce((SELECT format(' COLLATE %I.%I', cn.nspname, co.collname) FROM pg_collation co
                       JOIN pg_namespace cn ON cn.oid = co.collnamespace
                       JOIN pg_type b ON b.oid = t.typbasetype
                      WHERE co.oid = t.typcollation AND co.oid <> b.typcollation), '')
        || coalesce(' DEFAULT ' || pg_get_expr(t.typdefaultbin, 0), '')
        || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
        || coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', k.conname,
                                              pg_get_constraintdef(k.oid)), '' ORDER BY k.conname)
                       FROM pg_constraint k
                      WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated), '')
      WHEN 'c' THEN '(' || coalesce((
        SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
                 || coalesce((SELECT format(' COLLATE %I.%I', cn.nspname, co.collname)
                                FROM pg_collation co
                                JOIN pg_namespace cn ON cn.oid = co.collnamespace
                                JOIN pg_type b ON b.oid = a.atttypid
                               WHERE co.oid = a.attcollation AND co.oid <> b.typcollation), ''),
                 ', ' ORDER BY a.attnum)
          FROM pg_attribute a
         WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')'
      WHEN 'r' THEN (
        SELECT format('RANGE (SUBTYPE = %s, SUBTYPE_OPCLASS = %I.%I', format_type(r.rngsubtype, NULL),
                      opn.nspname, o.opcname)
          || coalesce((SELECT format(', COLLATION = %I.%I', cn.nspname, co.collname)
                         FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
                        WHERE co.oid = r.rngcollation), '')
          || CASE WHEN r.rngsubdiff <> 0 THEN ', SUBTYPE_DIFF = ' || r.rngsubdiff::text ELSE '' END
          {multirange} || ')'
          FROM pg_range r JOIN pg_opclass o ON o.oid = r.rngsubopc
          JOIN pg_namespace opn ON opn.oid = o.opcnamespace
         WHERE r.rngtypid = t.oid) END))
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE n.oid IN {schemas} AND t.typisdefined
   AND (t.typtype IN ('e', 'd', 'r')
        OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_class c
                                        WHERE c.oid = t.typrelid AND c.relkind = 'c')
        OR t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)))sql",
      fmt::arg("constrained", constrained_domains),
      fmt::arg("multirange", version >= pg14 ? "|| (SELECT format(', MULTIRANGE_TYPE_NAME = "
                                               "%I.%I', mn.nspname, m.typname) FROM pg_type m "
                                               "JOIN pg_namespace mn ON mn.oid = m.typnamespace "
                                               "WHERE m.oid = r.rngmultitypid)"
                                             : ""),
      fmt::arg("extension", extension_of("pg_type", "t.oid")), fmt::arg("schemas", user_schemas));
}

}  // namespace segue::runtime
