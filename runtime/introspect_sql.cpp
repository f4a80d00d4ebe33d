#include "runtime/introspect_sql.hpp"

#include <fmt/format.h>

namespace segue::runtime {

std::string names_of(const char* relation, const char* numbers) {
  return fmt::format(
      "(SELECT json_agg(ka.attname ORDER BY part.place) FROM unnest({1}) WITH ORDINALITY "
      "part(number, "
      "place) JOIN pg_attribute ka ON ka.attrelid = {0} AND ka.attnum = part.number WHERE "
      "part.number > "
      "0)",
      relation, numbers);
}

std::string columns_in(const char* relation, const std::string& tree) {
  return fmt::format(
      "(SELECT json_agg(ea.attname ORDER BY ea.attname) FROM pg_attribute ea WHERE ea.attrelid = "
      "{0} AND ea.attnum > 0 AND NOT ea.attisdropped AND EXISTS (SELECT FROM "
      "regexp_matches({1}, ':varattno (\\d+)', 'g') m(v) WHERE m.v[1]::integer IN (0, ea.attnum)))",
      relation, tree);
}

std::string columns_depended_on(const char* object_class, const char* object,
                                const char* relation) {
  return fmt::format(
      "(SELECT json_agg(DISTINCT da.attname) FROM pg_depend d JOIN pg_attribute da ON da.attrelid "
      "= d.refobjid AND da.attnum = d.refobjsubid WHERE d.classid = '{0}'::regclass AND d.objid = "
      "{1} AND d.refclassid = 'pg_class'::regclass AND d.refobjid = {2} AND d.refobjsubid > 0)",
      object_class, object, relation);
}

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

std::string comment_of(const char* object_class, const char* object, const char* part) {
  return fmt::format(
      "(SELECT s.description FROM pg_description s WHERE s.classoid = '{0}'::regclass AND "
      "s.objoid = {1} AND s.objsubid = {2})",
      object_class, object, part);
}

}  // namespace segue::runtime
