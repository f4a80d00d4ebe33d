#include "runtime/introspect_queries.hpp"

#include <fmt/format.h>

namespace segue::runtime {

namespace {

constexpr int pg14 = 140000;
constexpr int pg15 = 150000;
constexpr int pg18 = 180000;

// What a catalogue holds: neither the system's schemas nor segue's own, no temporary objects.
constexpr const char* user_schemas =
    "(SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' "
    "AND nspname NOT IN ('information_schema', 'segue'))";

constexpr const char* user_tables =
    "(SELECT c.* FROM pg_class c WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' "
    "AND c.relnamespace IN "
    "(SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' "
    "AND nspname NOT IN ('information_schema', 'segue')))";

// Column names of a key, by its array of attribute numbers.
std::string names_of(const char* relation, const char* numbers) {
  return fmt::format(
      "(SELECT json_agg(ka.attname ORDER BY part.place) FROM unnest({1}) WITH ORDINALITY part(number, "
      "place) JOIN pg_attribute ka ON ka.attrelid = {0} AND ka.attnum = part.number WHERE part.number > "
      "0)",
      relation, numbers);
}

// Columns of a relation that a stored expression names. pg_depend alone cannot say it where the
// object also names columns outside of the expression (an index on (email, lower(email))), and the
// node tree says it for the server's own versions alike. Number 0 is the whole row. For expressions
// without subqueries.
std::string columns_in(const char* relation, const std::string& tree) {
  return fmt::format(
      "(SELECT json_agg(ea.attname ORDER BY ea.attname) FROM pg_attribute ea WHERE ea.attrelid = "
      "{0} AND ea.attnum > 0 AND NOT ea.attisdropped AND EXISTS (SELECT FROM "
      "regexp_matches({1}, ':varattno (\\d+)', 'g') m(v) WHERE m.v[1]::integer IN (0, ea.attnum)))",
      relation, tree);
}

// Columns of a relation that an object depends on.
std::string columns_depended_on(const char* object_class, const char* object,
                                const char* relation) {
  return fmt::format(
      "(SELECT json_agg(DISTINCT da.attname) FROM pg_depend d JOIN pg_attribute da ON da.attrelid "
      "= d.refobjid AND da.attnum = d.refobjsubid WHERE d.classid = '{0}'::regclass AND d.objid = "
      "{1} AND d.refclassid = 'pg_class'::regclass AND d.refobjid = {2} AND d.refobjsubid > 0)",
      object_class, object, relation);
}

// Relations and columns that an object depends on; the column is "" where it needs a relation as a
// whole.
std::string uses_of(const char* object_class, const char* object, const char* itself) {
  return fmt::format(
      "(SELECT json_agg(DISTINCT jsonb_build_object('table', jsonb_build_array(un.nspname, "
      "uc.relname), 'column', coalesce(ua.attname, ''))) FROM pg_depend d JOIN pg_class uc ON "
      "uc.oid = d.refobjid AND uc.relkind IN ('r', 'p', 'f', 'v', 'm') JOIN pg_namespace un ON "
      "un.oid = uc.relnamespace LEFT JOIN pg_attribute ua ON ua.attrelid = d.refobjid AND "
      "ua.attnum = d.refobjsubid AND d.refobjsubid > 0 WHERE d.classid = '{0}'::regclass AND "
      "d.objid = {1} AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> {2})",
      object_class, object, itself);
}

std::string extension_of(const char* object_class, const char* object) {
  return fmt::format(
      "(SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid WHERE "
      "d.classid = '{0}'::regclass AND d.objid = {1} AND d.refclassid = 'pg_extension'::regclass "
      "AND d.deptype = 'e')",
      object_class, object);
}

std::string comment_of(const char* object_class, const char* object, const char* part = "0") {
  return fmt::format(
      "(SELECT s.description FROM pg_description s WHERE s.classoid = '{0}'::regclass AND "
      "s.objoid = {1} AND s.objsubid = {2})",
      object_class, object, part);
}

// Domains that refuse some values of their base type, or bring a default; also through the domains
// that they are made of. In a WITH RECURSIVE.
constexpr const char* constrained_domains = R"sql(
  chain AS (
    SELECT t.oid, t.oid AS part FROM pg_type t WHERE t.typtype = 'd'
    UNION
    SELECT chain.oid, t.typbasetype FROM chain JOIN pg_type t ON t.oid = chain.part
     WHERE t.typtype = 'd'),
  constrained AS (
    SELECT DISTINCT chain.oid FROM chain JOIN pg_type t ON t.oid = chain.part AND t.typtype = 'd'
     WHERE t.typnotnull OR t.typdefault IS NOT NULL
        OR EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')))sql";

// Types that a default btree operator class takes, directly, as a binary-coercible type (varchar by
// text), or as something made of such types. In the same WITH RECURSIVE.
constexpr const char* comparable_types = R"sql(
  sortable AS (
    SELECT o.opcintype AS oid FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
     WHERE m.amname = 'btree' AND o.opcdefault),
  made_of AS (
    SELECT t.oid, t.oid AS part FROM pg_type t
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
    'comment', {comment},
    'grants', (SELECT json_agg(json_build_object('grantee', g.grantee, 'privilege', g.privilege,
                                                 'grantable', g.grantable)
                               ORDER BY g.grantee, g.privilege)
                 FROM (SELECT coalesce(r.rolname::text, '') COLLATE "C" AS grantee,
                              x.privilege_type COLLATE "C" AS privilege,
                              bool_or(x.is_grantable) AS grantable
                         FROM aclexplode(a.attacl) x LEFT JOIN pg_roles r ON r.oid = x.grantee
                        GROUP BY 1, 2) g),
    'sequence', s.sequence,
    'constrained_domain', CASE WHEN a.atttypid IN (SELECT oid FROM constrained) THEN true END,
    'comparable', CASE WHEN a.atttypid IN (SELECT oid FROM incomparable) THEN false END,
    'in_partition_key', k.yes,
    'inherited', CASE WHEN a.attinhcount > 0 THEN true END
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
             'cache', q.seqcache, 'cycle', q.seqcycle)::text)::json AS sequence
      FROM pg_sequence q
      JOIN pg_class sc ON sc.oid = q.seqrelid
      JOIN pg_namespace n ON n.oid = sc.relnamespace
      JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = q.seqrelid
                      AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
     GROUP BY d.refobjid, d.refobjsubid) s
    ON s.refobjid = a.attrelid AND s.refobjsubid = a.attnum
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
      fmt::arg("tables", user_tables));
}

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
          'nulls_first', CASE WHEN i.indoption[k.place - 1] & 2 <> 0 THEN true END
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
    'columns', {columns}
  )) ORDER BY p.polname)
  FROM {tables} c
  JOIN pg_policy p ON p.polrelid = c.oid
 GROUP BY p.polrelid)sql",
      fmt::arg("columns", columns_depended_on("pg_policy", "p.oid", "p.polrelid")),
      fmt::arg("tables", user_tables));
}

std::string rules_sql() {
  return fmt::format(
      R"sql(SELECT r.ev_class, json_agg(json_strip_nulls(json_build_object(
    'name', r.rulename,
    'definition', pg_get_ruledef(r.oid),
    'columns', {columns}
  )) ORDER BY r.rulename)
  FROM {tables} c
  JOIN pg_rewrite r ON r.ev_class = c.oid
 GROUP BY r.ev_class)sql",
      fmt::arg("columns", columns_depended_on("pg_rewrite", "r.oid", "r.ev_class")),
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
    'partition_of', {partition_of}->0,
    'partitions', {partitions},
    'inherits', {inherits},
    'inherited_by', {inherited_by},
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
          {"policies", policies_sql()},
          {"rules", rules_sql()},
          {"statistics", statistics_sql(version)},
          {"publications", publications_sql(version)}};
}

std::vector<ListQuery> catalog_list_queries(int version) {
  std::vector<ListQuery> queries;
  queries.push_back({"views", fmt::format(
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
                                  fmt::arg("schemas", user_schemas))});
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
  queries.push_back({"types", fmt::format(
                                  R"sql(WITH RECURSIVE {constrained}
SELECT t.oid, json_strip_nulls(json_build_object(
    'name', json_build_array(n.nspname, t.typname),
    'kind', CASE t.typtype WHEN 'e' THEN 'enumeration' WHEN 'd' THEN 'domain'
                           WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range' ELSE 'base' END,
    'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e
                WHERE e.enumtypid = t.oid),
    'base', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
    'constrained', t.oid IN (SELECT oid FROM constrained),
    'extension', {extension}))
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE n.oid IN {schemas} AND t.typisdefined
   AND (t.typtype IN ('e', 'd', 'r')
        OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_class c
                                        WHERE c.oid = t.typrelid AND c.relkind = 'c')
        OR t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)))sql",
                                  fmt::arg("constrained", constrained_domains),
                                  fmt::arg("extension", extension_of("pg_type", "t.oid")),
                                  fmt::arg("schemas", user_schemas))});
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
      {"subscriptions",
       "SELECT s.oid, json_build_object('name', s.subname) FROM pg_subscription s "
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
