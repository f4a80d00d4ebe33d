#include "planner/recipes/stand_in.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/row_types.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

// security_invoker: the view checks the rights and row policies of whoever uses it.
constexpr int first_with_security_invoker = 15;

// Grants are read when the step runs: the catalogue of a plan need not know the roles of the
// database that it is applied to. What default privileges gave the view goes first.
constexpr const char* copy_rights = R"(
DECLARE
  act text;
BEGIN
  FOR act IN
{invoker}    SELECT pg_catalog.format('ALTER VIEW {view} OWNER TO %s', c.relowner::pg_catalog.regrole)
      FROM pg_catalog.pg_class c, pg_catalog.pg_class v
     WHERE c.oid = {table_oid} AND v.oid = {view_oid} AND c.relowner <> v.relowner
    UNION ALL
    SELECT DISTINCT pg_catalog.format('REVOKE ALL ON {view} FROM %s',
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END)
      FROM pg_catalog.pg_class v, pg_catalog.aclexplode(v.relacl) a
     WHERE v.oid = {view_oid} AND a.grantee <> v.relowner
    UNION ALL
    SELECT pg_catalog.format('GRANT %s ON {view} TO %s%s', a.privilege_type,
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END,
             CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a
     WHERE c.oid = {table_oid} AND a.grantee <> c.relowner
    UNION ALL
    SELECT pg_catalog.format('GRANT %s (%I) ON {view} TO %s%s', a.privilege_type, v.attname,
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END,
             CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_catalog.pg_attribute t, pg_catalog.aclexplode(t.attacl) a, pg_catalog.pg_attribute v
     WHERE t.attrelid = {table_oid} AND NOT t.attisdropped AND v.attrelid = {view_oid}
       AND {same_column}
  LOOP
    EXECUTE act;
  END LOOP;
END
)";

// A view that asks for its user's rights asks for them on every column that it shows: a role with a
// grant on some of them alone would get nothing. Without row policies the owner's rights do as
// well.
constexpr const char* owner_rights = R"(    SELECT 'ALTER VIEW {view} RESET (security_invoker)'
      FROM pg_catalog.pg_class c
     WHERE c.oid = {table_oid} AND NOT c.relrowsecurity
       AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attacl IS NOT NULL)
    UNION ALL
)";

// Inside a format string of the server, inside a literal.
std::string in_format(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '%' || c == '\'') out += c;
  }
  return out;
}

std::string rights(const StandIn& stand_in, bool invoker) {
  std::string same = "(v.attname = t.attname";
  for (const StandIn::Extra& extra : stand_in.extra)
    same += fmt::format(" OR (t.attname = {} AND v.attname = {})", quote_literal(extra.column),
                        quote_literal(extra.name));
  const std::string table_oid = quote_literal(quoted(stand_in.aside)) + "::pg_catalog.regclass";
  const std::string view = quote_literal(quoted(stand_in.view));
  const std::string owner =
      invoker ? fmt::format(fmt::runtime(owner_rights),
                            fmt::arg("view", std::string_view{view}.substr(1, view.size() - 2)),
                            fmt::arg("table_oid", table_oid))
              : "";
  const std::string copy =
      fmt::format(fmt::runtime(copy_rights), fmt::arg("invoker", owner),
                  fmt::arg("view", in_format(quoted(stand_in.view))),
                  fmt::arg("view_oid", view + "::pg_catalog.regclass"),
                  fmt::arg("table_oid", table_oid), fmt::arg("same_column", same + ")"));
  return fmt::format("DO {};\n", dsl::sql::dollar_quoted(copy));
}

std::string comments(const StandIn& stand_in) {
  const std::string view = quoted(stand_in.view);
  std::string sql;
  const auto comment = [&](const std::string& column, const std::string& text) {
    sql += fmt::format("COMMENT ON COLUMN {}.{} IS {};\n", view, quote_identifier(column),
                       quote_literal(text));
  };
  if (!stand_in.table->comment.empty())
    sql += fmt::format("COMMENT ON VIEW {} IS {};\n", view, quote_literal(stand_in.table->comment));
  for (const Column& column : stand_in.table->columns) {
    if (column.comment.empty()) continue;
    comment(column.name, column.comment);
    for (const StandIn::Extra& extra : stand_in.extra) {
      if (extra.column == column.name) comment(extra.name, column.comment);
    }
  }
  return sql;
}

bool has_two_names(const StandIn& stand_in, const Column& column) {
  return std::any_of(stand_in.extra.begin(), stand_in.extra.end(),
                     [&](const StandIn::Extra& extra) { return extra.column == column.name; });
}

// `SET c = DEFAULT` through a view is the view's own default, else NULL, and nothing fails. INSERT
// takes it too, in place of the table's: a sequence is asked once. An identity has none that
// whoever may INSERT may ask; a column with two names gets it twice, which no INSERT stands.
std::string defaults(const StandIn& stand_in) {
  std::string sql;
  for (const Column& column : stand_in.table->columns) {
    if (column.default_value.empty() || has_two_names(stand_in, column)) continue;
    sql += fmt::format("ALTER VIEW {} ALTER COLUMN {} SET DEFAULT {};\n", quoted(stand_in.view),
                       quote_identifier(column.name), column.default_value);
  }
  return sql;
}

void row_type_hazards(Context& context, const StandIn& stand_in) {
  for (const Function& function : context.catalog.catalog().functions) {
    const bool takes = names_type(function.arguments, stand_in.view);
    // What PostgreSQL prints of them changes with the table's name: not drift.
    const bool follows = takes || names_type(function.returns, stand_in.view) ||
                         (function.atomic && std::any_of(function.uses.begin(), function.uses.end(),
                                                         [&](const ColumnUse& use) {
                                                           return use.table == stand_in.table->name;
                                                         }));
    if (follows) context.own(ObjectKind::function, function.name, function.name.name);
    if (!takes || !function.extension.empty()) continue;
    context.hazard(
        "row-type", HazardLevel::refuses,
        fmt::format("{}({})", quoted(function.name), function.arguments),
        fmt::format("It takes a row of {}, and a row of the view in its place is of another type.",
                    quoted(stand_in.view)),
        "If the old release does not call it with such a row, plan with --allow row-type.");
  }
}

void trigger_hazards(Context& context, const StandIn& stand_in, bool passing) {
  for (const Trigger& trigger : stand_in.table->triggers) {
    const auto& functions = context.catalog.catalog().functions;
    const auto function =
        std::find_if(functions.begin(), functions.end(),
                     [&](const Function& one) { return one.name == trigger.function; });
    if (function == functions.end()) continue;
    std::string body = function->body;
    std::transform(body.begin(), body.end(), body.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (body.find("tg_table_name") == std::string::npos &&
        body.find("tg_relname") == std::string::npos)
      continue;
    context.hazard("trigger-table-name", passing ? HazardLevel::refuses : HazardLevel::note,
                   fmt::format("{} on {}", quote_identifier(trigger.name), quoted(stand_in.view)),
                   fmt::format("Its function reads TG_TABLE_NAME, which is {} from phase 1 on{}.",
                               quote_literal(stand_in.aside.name),
                               passing ? " and the table's own name again after contract" : ""),
                   passing ? "Take `via copy`, or plan with --allow trigger-table-name."
                           : "See that whatever reads what it writes knows the new name.");
  }
}

}  // namespace

std::string put_stand_in(const Context& context, const StandIn& stand_in) {
  std::string columns;
  for (const Column& column : stand_in.table->columns)
    columns += (columns.empty() ? "" : ", ") + quote_identifier(column.name);
  for (const StandIn::Extra& extra : stand_in.extra)
    columns +=
        fmt::format(", {} AS {}", quote_identifier(extra.column), quote_identifier(extra.name));
  const bool invoker = context.catalog.catalog().major() >= first_with_security_invoker;
  return fmt::format(
      "ALTER TABLE {} RENAME TO {};\nCREATE VIEW {}{} AS\n  SELECT {}\n    FROM {};\n{}{}{}",
      quoted(stand_in.view), quote_identifier(stand_in.aside.name), quoted(stand_in.view),
      invoker ? " WITH (security_invoker = true)" : "", columns, quoted(stand_in.aside),
      defaults(stand_in), comments(stand_in), rights(stand_in, invoker));
}

std::string take_stand_in_away(const StandIn& stand_in) {
  return fmt::format("DROP VIEW IF EXISTS {} RESTRICT;\nALTER TABLE {} RENAME TO {};\n",
                     quoted(stand_in.view), quoted(stand_in.aside),
                     quote_identifier(stand_in.view.name));
}

std::string stand_in_exists(const StandIn& stand_in) {
  return probe::both(probe::relation_exists(stand_in.aside), probe::view_exists(stand_in.view));
}

void look_for_users(Context& context, const StandIn& stand_in, int order) {
  const std::string oid = probe::relation(stand_in.view);
  NoRows check;
  check.table = stand_in.view;
  check.columns = {"what"};
  check.violators = fmt::format(
      "SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)\n"
      "  FROM pg_catalog.pg_depend d WHERE d.deptype = 'n'\n"
      "   AND (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = {0}\n"
      "     OR d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (\n"
      "          SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typrelid = {0}\n"
      "           UNION SELECT t.typarray FROM pg_catalog.pg_type t WHERE t.typrelid = {0}))\n"
      "   AND NOT (d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid IN (\n"
      "          SELECT r.oid FROM pg_catalog.pg_rewrite r WHERE r.ev_class = {0}))\n"
      "   AND {1}",
      oid, probe::view_exists(stand_in.view));
  check.message = fmt::format("these still need the view {}", quoted(stand_in.view));
  check.hint = fmt::format("make each of them do without it; then run the phase again");
  check.gate = true;
  Step step;
  step.phase = Phase::contract;
  step.title = fmt::format("Look for what hangs on the view {}", quoted(stand_in.view));
  step.why = "the view goes next, with RESTRICT: what came to read it meanwhile is listed first";
  step.undo_note = "nothing: it only reads";
  step.action = std::move(check);
  context.add_step(order, std::move(step));
}

void stand_in_hazards(Context& context, const StandIn& stand_in, bool passing) {
  const Table& table = *stand_in.table;
  const std::string name = quoted(stand_in.view);
  context.hazard(
      "view-in-place", HazardLevel::note, name,
      "From phase 1 to contract this name is a view. Through it these fail: COPY, TRUNCATE, "
      "INSERT … ON CONFLICT ON CONSTRAINT, ctid and xmin and xmax, CREATE INDEX, ALTER TABLE, a "
      "new foreign key to it, SET … = DEFAULT of an identity column, MERGE before PostgreSQL 17; "
      "pg_get_serial_sequence gives NULL; LOCK TABLE locks the view and what it reads.",
      fmt::format("A release that needs one of them names {} meanwhile; ON CONFLICT (columns) "
                  "works through the view.",
                  quoted(stand_in.aside)));
  for (const Column& column : table.columns) {
    if (column.default_value.empty() || !has_two_names(stand_in, column)) continue;
    context.hazard(
        "view-default", HazardLevel::refuses,
        fmt::format("{}.{}", name, quote_identifier(column.name)),
        "Through the view an UPDATE or an INSERT … ON CONFLICT that sets it to DEFAULT sets NULL: "
        "a column with two names can have no default there, since each INSERT would give it twice.",
        "Take `via copy`; or, if no release says so of either name, plan with --allow "
        "view-default.");
  }
  if (table.row_security && context.catalog.catalog().major() < first_with_security_invoker) {
    context.hazard("view-row-security", HazardLevel::refuses, name,
                   "Before PostgreSQL 15 a view reads with its owner's rights: the table's row "
                   "security would hold for nobody who goes through it.",
                   "Upgrade first; or, if no role of the app is bound by a policy, plan with "
                   "--allow view-row-security.");
  }
  const bool column_grants =
      std::any_of(table.columns.begin(), table.columns.end(),
                  [](const Column& column) { return !column.grants.empty(); });
  if (table.row_security && column_grants) {
    context.hazard(
        "column-grants", HazardLevel::refuses, name,
        "It has row security and grants on single columns: a view that keeps the policies "
        "asks for the rights on every column, so those roles get nothing through it.",
        "If no release runs as such a role, plan with --allow column-grants.");
  }
  if (!table.inherited_by.empty()) {
    context.hazard(
        "inheritance", HazardLevel::refuses, name,
        "Other tables inherit from it, and ONLY means nothing for a view: SELECT, UPDATE "
        "or DELETE … FROM ONLY takes their rows too.",
        "If no release says ONLY, plan with --allow inheritance.");
  }
  if (!table.publications.empty()) {
    context.hazard(
        "logical-subscriber", HazardLevel::refuses, name,
        fmt::format("The table is published by {}, and a subscriber looks for it by its name, "
                    "which is {} from phase 1 on: applying stops there.",
                    quote_identifier(table.publications.front().publication),
                    quoted(stand_in.aside)),
        "Have a table of that name on every subscriber first; then plan with --allow "
        "logical-subscriber.");
  }
  row_type_hazards(context, stand_in);
  trigger_hazards(context, stand_in, passing);
}

}  // namespace segue::planner
