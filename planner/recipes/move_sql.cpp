#include "planner/recipes/move_sql.hpp"

#include <fmt/format.h>

#include "planner/names.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// A batch of the backfill carries no value back to where it came from.
constexpr const char* not_the_backfill =
    "pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on'";

}  // namespace

// ---- Rows that pair
// ----------------------------------------------------------------------------------

std::string MoveSql::source_rows(const std::string& target_row) const {
  std::string text;
  for (const PairedColumns& pair : move_.pairs) {
    text += fmt::format("{}segue_source.{} = {}.{}", text.empty() ? "" : " AND ",
                        quote_identifier(pair.source), target_row, quote_identifier(pair.target));
  }
  return text;
}

std::string MoveSql::target_rows(const std::string& source_row) const {
  std::string text;
  for (const PairedColumns& pair : move_.pairs) {
    text += fmt::format("{}segue_target.{} = {}.{}", text.empty() ? "" : " AND ",
                        quote_identifier(pair.target), source_row, quote_identifier(pair.source));
  }
  return text;
}

std::string MoveSql::same_row(bool source, const std::string& row) const {
  std::string text;
  for (const PairedColumns& pair : move_.pairs) {
    const std::string column = quote_identifier(source ? pair.source : pair.target);
    text += fmt::format("{}{}.{} = {}.{}", text.empty() ? "" : " AND ",
                        source ? "segue_source" : "segue_target", column, row, column);
  }
  return text;
}

std::string MoveSql::key(bool source, const std::string& row) const {
  std::string text;
  for (const PairedColumns& pair : move_.pairs) {
    text += fmt::format("{}{}.{}", text.empty() ? "" : ", ", row,
                        quote_identifier(source ? pair.source : pair.target));
  }
  return text;
}

std::string MoveSql::keys_differ(bool source) const {
  return image_differs(key(source, "OLD"), key(source, "NEW"));
}

// ---- Functions and triggers
// --------------------------------------------------------------------------

std::string MoveSql::function_name(const std::string& what) const {
  return own_name(context_.change_name(),
                  fmt::format("{}.{} {}", quoted(move_.from->name), move_.old_column, what));
}

void MoveSql::function(MoveTriggers& made, const std::string& what, const std::string& arguments,
                       const std::string& result, const std::string& declarations,
                       const std::string& body, std::string_view settings) {
  const std::string name = function_name(what);
  // With the rights of the plan's owner: who may write one table need not be let into the other.
  made.create += fmt::format(
      "CREATE OR REPLACE FUNCTION segue.{}({}) RETURNS {}\n  LANGUAGE plpgsql SECURITY DEFINER "
      "SET search_path = {}{}{} AS {};\n",
      quote_identifier(name), arguments, result, function_search_path(context_.catalog.catalog()),
      function_literals(body), settings,
      dsl::sql::dollar_quoted(
          fmt::format("\n#variable_conflict use_column\n{}BEGIN\n{}END\n", declarations, body)));
  const std::string signature = fmt::format("segue.{}({})", quote_identifier(name), arguments);
  made.create += for_nobody_else(signature);
  made.drop += fmt::format("DROP FUNCTION IF EXISTS {};\n", signature);
  context_.own(ObjectKind::function, {"segue", name}, name);
}

void MoveSql::function(MoveTriggers& made, const std::string& what, const std::string& declarations,
                       const std::string& body) {
  function(made, what, "", "trigger", declarations, body);
}

void MoveSql::trigger(MoveTriggers& made, bool source, const std::string& what,
                      const std::string& event, const std::string& when,
                      const std::string& function, std::string_view label) {
  const Table& table = source ? *move_.from : *move_.to;
  const std::vector<const Table*> tree = tree_of(context_.catalog, table);
  const std::string name =
      object_name(fmt::format("{}_{}", trigger_prefix(tree), label), function_name(what), "");
  made.create += clear_trigger(table.name, name);
  made.create +=
      fmt::format("CREATE TRIGGER {} {} ON {}\n  FOR EACH ROW{}\n  EXECUTE FUNCTION segue.{}();\n",
                  quote_identifier(name), event, quoted(table.name),
                  when.empty() ? "" : fmt::format(" WHEN ({})", when),
                  quote_identifier(function_name(function)));
  for (const Table* one : tree) {
    made.create += fmt::format("ALTER TABLE {} ENABLE ALWAYS TRIGGER {};\n", quoted(one->name),
                               quote_identifier(name));
    context_.own(ObjectKind::trigger, one->name, name);
  }
  made.drop = drop_trigger(table.name, name) + made.drop;
  made.last = name;
}

// A column that is required has a CHECK some time before contract takes the triggers away: from
// then on a row of the source that goes leaves the value where it is, as it will behind contract.
std::string MoveSql::empties(const std::string& unless) const {
  const std::string to = quote_identifier(move_.new_column);
  const std::string update = fmt::format(
      "UPDATE {} AS segue_target SET {} = NULL\n   WHERE {} AND segue_target.{} IS NOT "
      "NULL{};\n",
      quoted(move_.to->name), to, target_rows("OLD"), to, unless);
  if (!context_.decides_null(move_.to->name, move_.new_column) &&
      !context_.makes_primary_key(move_.to->name))
    return fmt::format("  {}  RETURN NULL;\n", update);
  return fmt::format(
      "  BEGIN\n  {}  EXCEPTION WHEN check_violation THEN\n    NULL;  -- it is "
      "required by now\n  END;\n  RETURN NULL;\n",
      update);
}

MoveTriggers MoveSql::source_gone() {
  MoveTriggers made;
  const std::string from = quote_identifier(move_.old_column);
  const std::string to = quote_identifier(move_.new_column);
  const std::string source = quoted(move_.from->name);
  const std::string target = quoted(move_.to->name);
  function(made, "gone", "", empties(""));
  // A pair that is owed has its value in the target; the row takes it along. The target has come
  // along already where a foreign key cascades. A key that is written otherwise and equal, or that
  // another row of the same statement took over, has a row still.
  function(made, "leaves", "DECLARE\n  segue_found record;\n",
           fmt::format("  IF NOT {0} THEN\n"
                       "    SELECT segue_target.{1} AS value INTO segue_found FROM {2} AS "
                       "segue_target WHERE {3} FOR NO KEY UPDATE;\n"
                       "    IF NOT FOUND THEN\n"
                       "      SELECT segue_target.{1} AS value INTO segue_found FROM {2} AS "
                       "segue_target WHERE {4} FOR NO KEY UPDATE;\n"
                       "    END IF;\n"
                       "    IF FOUND AND {5} THEN\n"
                       "      DELETE FROM {6} AS segue_owed WHERE {7};\n"
                       "      UPDATE {8} AS segue_source SET {9} = segue_found.value WHERE {10};\n"
                       "    END IF;\n"
                       "  END IF;\n"
                       "{11}",
                       image_differs("OLD." + from, "NEW." + from), to, target, target_rows("OLD"),
                       target_rows("NEW"), is_owed(true, "OLD"), quoted(owed_table()),
                       owed_rows(true, "OLD"), source, from, same_row(true, "NEW"),
                       empties(fmt::format(
                           "\n     AND NOT EXISTS (SELECT FROM {} AS segue_source WHERE {})",
                           source, same_row(true, "OLD")))));
  // By their names these fire before the triggers that pass values on.
  trigger(made, true, "deleted", "AFTER DELETE", "", "gone", "gone");
  trigger(made, true, "key changed", "AFTER UPDATE", keys_differ(true), "leaves", "gone");
  return made;
}

// What a trigger behind the row passes on is what the row says by then: the application's own
// triggers, or what was owed, may have written it again.
std::string MoveSql::reread(bool source) const {
  const std::string column = quote_identifier(source ? move_.old_column : move_.new_column);
  return fmt::format(
      "  SELECT {0}.{1} INTO NEW.{1} FROM {2} AS {0} WHERE {3};\n"
      "  IF NOT FOUND THEN\n    RETURN NULL;\n  END IF;\n",
      source ? "segue_source" : "segue_target", column,
      quoted((source ? move_.from : move_.to)->name), same_row(source, "NEW"));
}

MoveTriggers MoveSql::source_written() {
  MoveTriggers made;
  const std::string from = quote_identifier(move_.old_column);
  const std::string to = quote_identifier(move_.new_column);
  // Behind the row, since a BEFORE trigger would change what ON CONFLICT sees as EXCLUDED. The
  // partner is held first and looked at then: somebody may be writing it.
  function(made, "takes", "DECLARE\n  segue_found record;\n",
           fmt::format("  SELECT segue_target.{0} AS value INTO segue_found FROM {1} AS "
                       "segue_target\n   WHERE {2} FOR SHARE;\n"
                       "  IF FOUND AND segue_found.value IS NOT NULL THEN\n"
                       "    UPDATE {3} AS segue_source SET {4} = segue_found.value\n"
                       "     WHERE {5} AND {6};\n"
                       "  ELSIF NEW.{4} IS NOT NULL THEN\n    UPDATE {1} AS segue_target SET {0} = "
                       "NEW.{4} WHERE {2};\n  END IF;\n  RETURN NULL;\n",
                       to, quoted(move_.to->name), target_rows("NEW"), quoted(move_.from->name),
                       from, same_row(true, "NEW"),
                       image_differs("segue_source." + from, "segue_found.value")));
  function(made, "on", "",
           reread(true) +
               fmt::format("  UPDATE {} AS segue_target SET {} = NEW.{}\n   WHERE {} AND {};\n"
                           "  RETURN NULL;\n",
                           quoted(move_.to->name), to, from, target_rows("NEW"),
                           image_differs("segue_target." + to, "NEW." + from)));
  trigger(made, true, "takes", "AFTER INSERT", "", "takes");
  const std::string changed = image_differs(fmt::format("OLD.{}, {}", from, key(true, "OLD")),
                                            fmt::format("NEW.{}, {}", from, key(true, "NEW")));
  trigger(made, true, "updated", "AFTER UPDATE", changed, "on");
  // The same value written again mends a pair that is out of step.
  trigger(made, true, "named", fmt::format("AFTER UPDATE OF {}", from),
          fmt::format("NOT {}", changed), "on");
  return made;
}

MoveTriggers MoveSql::target_written() {
  MoveTriggers made;
  const std::string from = quote_identifier(move_.old_column);
  const std::string to = quote_identifier(move_.new_column);
  // Behind the row itself and its foreign keys' checks: the row of the source is there by then, and
  // is held, so that no write to it slips between.
  function(made, "fetches", "DECLARE\n  segue_found record;\n",
           fmt::format("  SELECT segue_source.{0} AS value INTO segue_found FROM {1} AS "
                       "segue_source\n   WHERE {2} FOR SHARE;\n"
                       "  IF FOUND AND segue_found.value IS NOT NULL THEN\n"
                       "    UPDATE {3} AS segue_target SET {4} = segue_found.value\n"
                       "     WHERE {5} AND segue_target.{4} IS NULL;\n"
                       "  END IF;\n  RETURN NULL;\n",
                       from, quoted(move_.from->name), source_rows("NEW"), quoted(move_.to->name),
                       to, same_row(false, "NEW")));
  function(
      made, "back",
      "DECLARE\n  segue_since timestamptz := pg_catalog.clock_timestamp();\n  segue_limit text "
      ":= pg_catalog.current_setting('lock_timeout');\n  segue_held xid;\n  segue_waits "
      "boolean;\n",
      reread(false) + push_to_source());
  function(made, "pays", "", pay_before_it_goes());
  trigger(made, false, "deleted there", "AFTER DELETE", "", "pays", "gone");
  trigger(made, false, "key changed there", "AFTER UPDATE", keys_differ(false), "pays", "gone");
  trigger(made, false, "fetches", "AFTER INSERT", fmt::format("NEW.{} IS NULL", to), "fetches");
  trigger(made, false, "fetches again", "AFTER UPDATE",
          fmt::format("NEW.{} IS NULL AND {}", to, keys_differ(false)), "fetches");
  trigger(made, false, "given", "AFTER INSERT", fmt::format("NEW.{} IS NOT NULL", to), "back");
  trigger(made, false, "set", "AFTER UPDATE",
          fmt::format("({} OR NEW.{} IS NOT NULL AND {})\n    AND {}",
                      image_differs("OLD." + to, "NEW." + to), to, keys_differ(false),
                      not_the_backfill),
          "back");
  // An explicit NULL on a row that is not filled yet changes nothing in it: only UPDATE OF tells.
  trigger(made, false, "emptied", fmt::format("AFTER UPDATE OF {}", to),
          fmt::format("OLD.{0} IS NULL AND NEW.{0} IS NULL AND NOT {1}\n    AND {2}", to,
                      keys_differ(false), not_the_backfill),
          "back");
  add_settling(made, false);
  return made;
}

// ---- Over whole tables
// -------------------------------------------------------------------------------

std::string MoveSql::value() const {
  return fmt::format(
      "(SELECT segue_source.{} FROM {} AS segue_source WHERE {} FOR SHARE SKIP "
      "LOCKED)",
      quote_identifier(move_.old_column), quoted(move_.from->name),
      source_rows(quote_identifier(move_.to->name.name)));
}

std::string MoveSql::pending() const {
  const std::string row = quote_identifier(move_.to->name.name);
  return fmt::format(
      "{}.{} IS NULL AND EXISTS (SELECT FROM {} AS segue_source WHERE {} AND segue_source.{} IS "
      "NOT NULL){}",
      row, quote_identifier(move_.new_column), quoted(move_.from->name), source_rows(row),
      quote_identifier(move_.old_column), unless_owed(row));
}

std::string MoveSql::differs() const {
  const std::string row = quote_identifier(move_.to->name.name);
  return fmt::format("EXISTS (SELECT FROM {} AS segue_source WHERE {} AND {}){}",
                     quoted(move_.from->name), source_rows(row),
                     image_differs("segue_source." + quote_identifier(move_.old_column),
                                   fmt::format("{}.{}", row, quote_identifier(move_.new_column))),
                     unless_owed(row));
}

std::string MoveSql::nowhere() const {
  const std::string row = quote_identifier(move_.from->name.name);
  return fmt::format("{}.{} IS NOT NULL AND NOT EXISTS (SELECT FROM {} AS segue_target WHERE {})",
                     row, quote_identifier(move_.old_column), quoted(move_.to->name),
                     target_rows(row));
}

}  // namespace segue::planner
