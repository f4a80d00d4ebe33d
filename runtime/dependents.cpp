// What in a live database still needs a column that contract removes.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "dsl/sql.hpp"
#include "runtime/gate_facts.hpp"

namespace segue::runtime {

namespace {

using planner::ObjectKind;
using planner::OldColumn;
using planner::OwnedObject;
using planner::Plan;
using planner::quoted;

// The column on the table and on everything below it, then what pg_depend knows of it. A generated
// column's dependency hangs on its default from PostgreSQL 15 on, on the column itself before.
constexpr const char* tracked_dependents = R"(WITH RECURSIVE tree AS (
  SELECT pg_catalog.to_regclass($1)::oid AS oid
  UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid
), old AS (
  SELECT a.attrelid, a.attnum FROM pg_catalog.pg_attribute a JOIN tree ON a.attrelid = tree.oid
   WHERE a.attname = $2 AND NOT a.attisdropped
), dependency AS (
  SELECT DISTINCT d.classid, d.objid, d.objsubid, old.attrelid, old.attnum FROM pg_catalog.pg_depend d
    JOIN old ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = old.attrelid
            AND d.refobjsubid = old.attnum
), tracked AS (
  SELECT CASE WHEN r.rulename <> '_RETURN' THEN 'rule' WHEN c.relkind = 'm' THEN 'materialized-view'
              ELSE 'view' END AS code,
         c.relnamespace AS namespace, c.relname AS relation,
         CASE WHEN r.rulename = '_RETURN' THEN '' ELSE r.rulename END AS name
    FROM dependency d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
   WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
  UNION
  SELECT 'generated-column', c.relnamespace, c.relname, a.attname
    FROM dependency d
    JOIN pg_catalog.pg_attribute a ON a.attgenerated <> '' AND NOT a.attisdropped
     AND ((d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND a.attrelid = d.objid AND a.attnum = d.objsubid)
       OR (d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND EXISTS (
             SELECT FROM pg_catalog.pg_attrdef f WHERE f.oid = d.objid AND f.adrelid = a.attrelid AND f.adnum = a.attnum)))
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
   WHERE NOT (a.attrelid = d.attrelid AND a.attnum = d.attnum)
  UNION
  SELECT 'policy', c.relnamespace, c.relname, p.polname
    FROM dependency d JOIN pg_catalog.pg_policy p ON p.oid = d.objid JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
   WHERE d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass
  UNION
  SELECT 'function-body', p.pronamespace, p.proname,
         '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')'
    FROM dependency d JOIN pg_catalog.pg_proc p ON p.oid = d.objid
   WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
  UNION
  SELECT 'publication', c.relnamespace, c.relname, b.pubname
    FROM dependency d JOIN pg_catalog.pg_publication_rel r ON r.oid = d.objid
    JOIN pg_catalog.pg_publication b ON b.oid = r.prpubid JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
   WHERE d.classid = 'pg_catalog.pg_publication_rel'::pg_catalog.regclass
  UNION
  SELECT 'own-trigger', c.relnamespace, c.relname, t.tgname
    FROM dependency d JOIN pg_catalog.pg_trigger t ON t.oid = d.objid JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid JOIN pg_catalog.pg_namespace o ON o.oid = p.pronamespace
   WHERE d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND NOT t.tgisinternal AND o.nspname <> 'segue'
), found AS (
  SELECT *, true AS tracked FROM tracked
  UNION ALL
  -- Names that a trigger hands to its function: strings that end with a zero byte each.
  SELECT 'own-trigger', c.relnamespace, c.relname, t.tgname, false
    FROM (SELECT DISTINCT old.attrelid FROM old) o
    JOIN pg_catalog.pg_trigger t ON t.tgrelid = o.attrelid AND NOT t.tgisinternal AND t.tgnargs > 0
    JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
   WHERE pg_catalog.position('\x00'::bytea || t.tgargs,
           '\x00'::bytea || pg_catalog.convert_to($2, pg_catalog.getdatabaseencoding()) || '\x00'::bytea) > 0
)
SELECT f.code, n.nspname, f.relation, f.name, pg_catalog.bool_or(f.tracked)
  FROM found f JOIN pg_catalog.pg_namespace n ON n.oid = f.namespace
 WHERE n.nspname <> 'segue' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4)";

// Functions whose text holds the column's name as a word; whether they mean it, their parse tree
// says.
constexpr const char* textual =
    R"(SELECT n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid),
       l.lanname, pg_catalog.pg_get_functiondef(p.oid), p.prosrc,
       EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgfoid = p.oid
                AND t.tgrelid = pg_catalog.to_regclass($1)),
       p.prosrc ~* '\mexecute\M'
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang
 WHERE l.lanname IN ('sql', 'plpgsql') AND p.prokind IN ('f', 'p')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'segue')
   AND pg_catalog.strpos(pg_catalog.lower(p.prosrc), pg_catalog.lower($2)) > 0
 ORDER BY 1, 2, 3)";

// Whether the plan itself sees to it. A view or a policy that was there before, and that phase 3
// let read a new column, reads the old one no more; what it still reads is another column that
// goes. One that the plan made (a renamed table's stand-in) goes first.
bool is_owned(const Plan& plan, const OldColumn& old, const std::string& code,
              const planner::QualifiedName& relation, const std::string& name) {
  const auto owns = [&](ObjectKind kind, const std::string& object) {
    return std::any_of(plan.owned.begin(), plan.owned.end(), [&](const OwnedObject& owned) {
      return owned.kind == kind && owned.table == relation &&
             (kind == ObjectKind::view || owned.name == object);
    });
  };
  const bool steps_aside = old.replaced_by == old.column;
  if (code == "view") {
    const auto& views = plan.baseline.views;
    const bool was_there = std::any_of(views.begin(), views.end(),
                                       [&](const auto& view) { return view.name == relation; });
    return (steps_aside || !was_there) && owns(ObjectKind::view, name);
  }
  if (code == "policy") return steps_aside && owns(ObjectKind::policy, name);
  if (code == "generated-column") return owns(ObjectKind::column, name);
  if (code == "own-trigger") return owns(ObjectKind::trigger, name);
  return false;
}

std::string describe(const std::string& code, const planner::QualifiedName& relation,
                     const std::string& name) {
  if (code == "view") return "view " + quoted(relation);
  if (code == "materialized-view") return "materialized view " + quoted(relation);
  if (code == "function-body") return "function " + quoted(relation) + name;
  const std::string on = dsl::sql::quote_identifier(name) + " on " + quoted(relation);
  if (code == "rule") return "rule " + on;
  if (code == "policy") return "policy " + on;
  if (code == "own-trigger") return "trigger " + on;
  if (code == "publication")
    return "publication " + dsl::sql::quote_identifier(name) + " (" + quoted(relation) + ")";
  return "generated column " + quoted(relation) + "." + dsl::sql::quote_identifier(name);
}

void add_tracked(Session& session, const Plan& plan, const OldColumn& old,
                 std::vector<Dependent>& found) {
  const std::string needs = quoted(old.table) + "." + dsl::sql::quote_identifier(old.column);
  for (const auto& row : session.exec(tracked_dependents, {quoted(old.table), old.column}).rows) {
    const std::string code = row[0].value_or("");
    const planner::QualifiedName relation{row[1].value_or(""), row[2].value_or("")};
    const std::string name = row[3].value_or("");
    if (!is_owned(plan, old, code, relation, name))
      found.push_back({code, describe(code, relation, name), needs, row[4] == "t",
                       old.replaced_by == old.column});
  }
}

bool means_column(const OldColumn& old, const std::vector<Value>& row) {
  const std::string definition = row[4].value_or("");
  const std::string source = row[5].value_or("");
  const dsl::sql::BodyNames names =
      row[3] == "sql" ? dsl::sql::names_in_sql(source) : dsl::sql::names_in_plpgsql(definition);
  if (!names.parsed) return true;  // the worst has to be assumed
  const bool trigger_of_table = row[6] == "t";
  const bool builds_sql = row[7] == "t" && source.find(old.table.name) != std::string::npos;
  if (builds_sql) return true;
  if (!names.columns.contains(old.column)) return false;
  // A name alone may be any table's: a body that reads other tables only does not mean this one.
  return trigger_of_table || names.relations.empty() || names.relations.contains(old.table.name) ||
         definition.find(old.table.name) != std::string::npos;
}

void add_textual(Session& session, const OldColumn& old, std::vector<Dependent>& found) {
  const std::string needs = quoted(old.table) + "." + dsl::sql::quote_identifier(old.column);
  for (const auto& row : session.exec(textual, {quoted(old.table), old.column}).rows) {
    if (!means_column(old, row)) continue;
    const planner::QualifiedName function{row[0].value_or(""), row[1].value_or("")};
    found.push_back({"function-body",
                     describe("function-body", function, "(" + row[2].value_or("") + ")"), needs,
                     false});
  }
}

}  // namespace

std::vector<Dependent> find_dependents(Session& session, const Plan& plan) {
  std::vector<Dependent> found;
  for (const OldColumn& old : plan.old_columns) {
    add_tracked(session, plan, old, found);
    // A function goes on naming a column whose name stays.
    if (old.replaced_by != old.column) add_textual(session, old, found);
  }
  return found;
}

}  // namespace segue::runtime
