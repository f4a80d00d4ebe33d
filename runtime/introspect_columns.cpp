// Columns with all that hangs on them.
#include <fmt/format.h>

#include "runtime/introspect_sql.hpp"

namespace segue::runtime {

namespace {

// Types that a default btree operator class takes, directly, as a binary-coercible type (varchar by
// text), or as something made of such types. In the same WITH RECURSIVE.
constexpr const char* comparable_types = R"sql(
  sortable AS (
    SELECT o.opcintype AS oid FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
     WHERE m.amname = 'btree' AND o.opcdefault),
  made_of AS (
    -- Tables that are not PostgreSQL's own: their types are few, all types are hundreds.
    SELECT a.atttypid AS oid, a.atttypid AS part FROM pg_attribute a WHERE a.attrelid >= 16384
    UNION
    SELECT made_of.oid, next.oid FROM made_of JOIN pg_type t ON t.oid = made_of.part
      CROSS JOIN LATERAL (
        SELECT t.typbasetype AS oid WHERE t.typtype = 'd'
        UNION ALL SELECT t.typelem WHERE t.typcategory = 'A' AND t.typelem <> 0
        UNION ALL SELECT a.atttypid FROM pg_attribute a
                   WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0
                     AND NOT a.attisdropped) next),
  incomparable AS (
    SELECT DISTINCT made_of.oid FROM made_of JOIN pg_type t ON t.oid = made_of.part
     WHERE t.typtype = 'b' AND t.typcategory <> 'A'
       AND t.oid NOT IN (SELECT oid FROM sortable)
       AND NOT EXISTS (SELECT FROM pg_cast c JOIN sortable s ON s.oid = c.casttarget
                        WHERE c.castsource = t.oid AND c.castmethod = 'b'
                          AND c.castcontext = 'i')))sql";

std::string grants_in(const char* acl, const char* which = "true") {
  return fmt::format(
      R"sql((SELECT json_agg(json_build_object('grantee', g.grantee, 'privilege', g.privilege,
                                       'grantable', g.grantable)
                     ORDER BY g.grantee, g.privilege)
       FROM (SELECT coalesce(r.rolname::text, '') COLLATE "C" AS grantee,
                    x.privilege_type COLLATE "C" AS privilege,
                    bool_or(x.is_grantable) AS grantable
               FROM aclexplode({}) x LEFT JOIN pg_roles r ON r.oid = x.grantee
              WHERE {}
              GROUP BY 1, 2) g))sql",
      acl, which);
}

}  // namespace

std::string columns_sql(int version) {
  return fmt::format(
      R"sql(WITH RECURSIVE {constrained}, {comparable}
SELECT a.attrelid, json_agg(json_strip_nulls(json_build_object(
    'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod),
    'collation', CASE WHEN a.attcollation <> t.typcollation
                      THEN (SELECT format('%I.%I', cn.nspname, co.collname) FROM pg_collation co
                              JOIN pg_namespace cn ON cn.oid = co.collnamespace
                             WHERE co.oid = a.attcollation) END,
    'not_null', nullif(a.attnotnull, false),
    'default_value', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
    'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    'storage', CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage
                 WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED'
                 WHEN 'm' THEN 'MAIN' END END,
    'compression', {compression},
    'statistics', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,
    'options', to_json(a.attoptions),
    'comment', {comment},
    'grants', {grants},
    'sequence', s.sequence,
    'constrained_domain', CASE WHEN a.atttypid IN (SELECT oid FROM constrained) THEN true END,
    'comparable', CASE WHEN a.atttypid IN (SELECT oid FROM incomparable) THEN false END,
    'in_partition_key', k.yes,
    'inherited', CASE WHEN a.attinhcount > 0 THEN true END,
    'drawn_from', drawn.place
  )) ORDER BY a.attnum)
  FROM {tables} c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN (
    SELECT d.refobjid, d.refobjsubid, min(json_build_object(
             'name', json_build_array(n.nspname, sc.relname),
             'type', format_type(q.seqtypid, NULL), 'start', q.seqstart,
             'increment', q.seqincrement, 'minimum', q.seqmin, 'maximum', q.seqmax,
             'cache', q.seqcache, 'cycle', q.seqcycle, 'comment', {sequence_comment},
             'grants', {sequence_grants})::text)::json AS sequence
      FROM pg_sequence q
      JOIN pg_class sc ON sc.oid = q.seqrelid
      JOIN pg_namespace n ON n.oid = sc.relnamespace
      JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = q.seqrelid
                      AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
     GROUP BY d.refobjid, d.refobjsubid) s
    ON s.refobjid = a.attrelid AND s.refobjsubid = a.attnum
  LEFT JOIN (
    SELECT feed.relation, feed.number, min(json_build_object(
             'name', json_build_array(n.nspname, sc.relname), 'last', at.last,
             'increment', q.seqincrement, 'minimum', q.seqmin, 'maximum', q.seqmax,
             'cycle', q.seqcycle)::text)::json AS place
      FROM (SELECT refobjid AS relation, refobjsubid AS number, objid AS sequence FROM pg_depend
             WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass
               AND deptype = 'i' AND refobjsubid > 0
            UNION
            SELECT f.adrelid, f.adnum, d.refobjid FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid
             WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass) feed
      JOIN pg_sequence q ON q.seqrelid = feed.sequence
      JOIN pg_class sc ON sc.oid = q.seqrelid
      JOIN pg_namespace n ON n.oid = sc.relnamespace
      -- It fails where the role may not look.
      CROSS JOIN LATERAL (SELECT CASE WHEN has_sequence_privilege(q.seqrelid, 'SELECT, USAGE')
                                      THEN pg_sequence_last_value(q.seqrelid) END AS last) at
     WHERE at.last IS NOT NULL
     GROUP BY feed.relation, feed.number) drawn
    ON drawn.relation = a.attrelid AND drawn.number = a.attnum
  LEFT JOIN (
    -- The columns of a partition key depend on their own table, plain ones and those inside
    -- expressions alike.
    SELECT DISTINCT p.objid, p.objsubid, true AS yes FROM pg_depend p
     WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass
       AND p.objid = p.refobjid AND p.objsubid > 0 AND p.refobjsubid = 0 AND p.deptype = 'i') k
    ON k.objid = a.attrelid AND k.objsubid = a.attnum
 GROUP BY a.attrelid)sql",
      fmt::arg("constrained", constrained_domains), fmt::arg("comparable", comparable_types),
      fmt::arg("compression",
               version >= pg14
                   ? "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END"
                   : "NULL"),
      fmt::arg("comment", comment_of("pg_class", "a.attrelid", "a.attnum")),
      fmt::arg("grants", grants_in("a.attacl")),
      fmt::arg("sequence_comment", comment_of("pg_class", "q.seqrelid")),
      fmt::arg("sequence_grants", grants_in("sc.relacl", "x.grantee <> sc.relowner")),
      fmt::arg("tables", user_tables));
}

}  // namespace segue::runtime
