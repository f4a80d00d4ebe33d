// Who pays what is owed (move_owed.cpp): any transaction that writes one of the two tables, as the
// last thing it does. What a payer holds it would hold to its end, and whoever of the application
// comes for the same rows in another order would be ended by a deadlock that is none of its own.
#include <fmt/format.h>

#include "dsl/sql.hpp"
#include "planner/names.hpp"
#include "planner/recipes/move_sql.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

// How long, in ms, a payer waits for anything but a row, which it does not wait for at all: the
// table, a key of a unique index.
constexpr const char* payer_waits = " SET lock_timeout = '10ms'";
// How long, in ms, a transaction pays before it leaves the rest to the next one.
constexpr int paying_ms = 50;
// What one transaction pays at most: each debt takes a subtransaction, and beyond 64 of them every
// snapshot taken beside it costs more (PGPROC_MAX_CACHED_SUBXIDS).
constexpr int most_debts = 50;
// How often a payer steps behind the deferred triggers of the application: those that they set off
// themselves come in the second round.
constexpr int rounds_behind = 2;

}  // namespace

// ---- At commit
// ---------------------------------------------------------------------------------------

// A row in a table that nobody reads brings the transaction to that table's deferred trigger. Where
// it lies stands in a setting of the transaction, which a savepoint takes back together with the
// row: dead rows of others need not be read to find one's own, as long as a snapshot keeps them.
void MoveSql::add_payment(MoveTriggers& made) {
  const std::string table = quoted(settling_table());
  // Unlogged, and so never published: no row of it is of use after its transaction.
  made.create += fmt::format("CREATE UNLOGGED TABLE {} (round integer NOT NULL);\n", table);
  function(made, "pays all", "", "void",
           "DECLARE\n  segue_since timestamptz := pg_catalog.clock_timestamp();\n"
           "  segue_debt record;\n  segue_found record;\n",
           pay_all(), payer_waits);
  function(made, "settles", "DECLARE\n  segue_place tid;\n", settle());
  function(made, "promises", "", "void", "DECLARE\n  segue_place tid;\n", promise_to_settle());
  // Under SERIALIZABLE even a look at the debts would doom transactions.
  function(made, "will settle", "",
           fmt::format("  IF pg_catalog.current_setting('transaction_isolation') <> 'serializable' "
                       "THEN\n"
                       "    IF EXISTS (SELECT FROM {}) THEN\n"
                       "      PERFORM segue.{}();\n"
                       "    END IF;\n"
                       "  END IF;\n"
                       "  RETURN NULL;\n",
                       quoted(owed_table()), quote_identifier(function_name("promises"))));
  made.last = function_name("at commit");
  made.create += fmt::format(
      "CREATE CONSTRAINT TRIGGER {0} AFTER INSERT OR UPDATE ON {1} DEFERRABLE INITIALLY DEFERRED\n"
      "  FOR EACH ROW EXECUTE FUNCTION segue.{2}();\n"
      "ALTER TABLE {1} ENABLE ALWAYS TRIGGER {0};\n",
      quote_identifier(made.last), table, quote_identifier(function_name("settles")));
  made.drop = fmt::format("DROP TABLE IF EXISTS {};\n", table) + made.drop;
  context_.own(ObjectKind::table, settling_table(), settling_table().name);
}

std::string MoveSql::settling_place() const {
  return quote_literal("segue." + function_name("settling"));
}

// The row that was written last is the transaction's, unless its trigger has run already: then
// constraints are checked at once, this is not the end, and nothing is paid.
std::string MoveSql::keep_place() const {
  return fmt::format(
      "  IF pg_catalog.current_setting({0}, true) = 'at once' THEN\n"
      "    DELETE FROM {1} WHERE ctid = segue_place;\n"
      "    segue_place := NULL;\n"
      "  END IF;\n"
      "  PERFORM pg_catalog.set_config({0}, coalesce(segue_place::text, ''), true);\n",
      settling_place(), quoted(settling_table()));
}

std::string MoveSql::promise_to_settle() const {
  return fmt::format(
      "  IF pg_catalog.current_setting({}, true) <> ''\n"
      "     OR pg_catalog.current_setting('transaction_isolation') = 'serializable' THEN\n"
      "    RETURN;\n"
      "  END IF;\n"
      "  INSERT INTO {} VALUES (0) RETURNING ctid INTO segue_place;\n{}",
      settling_place(), quoted(settling_table()), keep_place());
}

std::string MoveSql::settle() const {
  return fmt::format(
      "  IF pg_catalog.pg_trigger_depth() > 1 THEN\n"
      "    PERFORM pg_catalog.set_config({0}, 'at once', true);\n"
      "    RETURN NULL;\n"
      "  ELSIF pg_catalog.current_setting('transaction_read_only') = 'on' THEN\n"
      "    RETURN NULL;  -- since its last statement\n"
      "  ELSIF NEW.round < {1} THEN\n"
      "    UPDATE {2} SET round = NEW.round + 1\n"
      "     WHERE ctid = nullif(pg_catalog.current_setting({0}, true), '')::tid RETURNING ctid "
      "INTO segue_place;\n"
      "  ELSE\n"
      "    PERFORM segue.{3}();\n"
      "    DELETE FROM {2} WHERE ctid = nullif(pg_catalog.current_setting({0}, true), '')::tid;\n"
      "  END IF;\n"
      "{4}"
      "  RETURN NULL;\n",
      settling_place(), rounds_behind, quoted(settling_table()),
      quote_identifier(function_name("pays all")), keep_place());
}

// Waits for no row: what somebody writes at this moment is left to the next one, and what was held
// of it is free again. A transaction with a single snapshot for all its statements may meet a debt
// that was paid since, and goes on without it.
std::string MoveSql::pay_all() const {
  const std::string from = quote_identifier(move_.old_column);
  const std::string target =
      fmt::format("{} AS segue_target WHERE {}", quoted(move_.to->name), rows_of_debt(false));
  const std::string differing =
      fmt::format("{} AS segue_source WHERE {} AND {}", quoted(move_.from->name),
                  rows_of_debt(true), image_differs("segue_source." + from, "segue_found.value"));
  return fmt::format(
      "  FOR segue_debt IN\n"
      "    SELECT segue_owed.ctid AS place, segue_owed.* FROM {0} AS segue_owed\n"
      "     ORDER BY pg_catalog.random() LIMIT {7}\n"
      "  LOOP\n"
      "    EXIT WHEN pg_catalog.clock_timestamp() > segue_since + interval '{8} ms';\n"
      "    BEGIN\n"
      "      PERFORM FROM {0} AS segue_owed WHERE segue_owed.ctid = segue_debt.place FOR UPDATE "
      "SKIP LOCKED;\n"
      "      CONTINUE WHEN NOT FOUND;\n"
      "      SELECT segue_target.{1} AS value INTO segue_found FROM {2} FOR NO KEY UPDATE SKIP "
      "LOCKED;\n"
      "      IF FOUND THEN\n"
      "        PERFORM FROM {3} FOR NO KEY UPDATE SKIP LOCKED;\n"
      "        IF FOUND THEN\n"
      "          UPDATE {4} AS segue_source SET {5} = segue_found.value WHERE {6};\n"
      "        ELSIF EXISTS (SELECT FROM {3}) THEN\n"
      "          RAISE lock_not_available;\n"
      "        END IF;\n"
      "      ELSIF EXISTS (SELECT FROM {2}) THEN\n"
      "        RAISE lock_not_available;\n"
      "      END IF;\n"
      "      DELETE FROM {0} AS segue_owed WHERE segue_owed.ctid = segue_debt.place;\n"
      "    EXCEPTION WHEN OTHERS THEN\n"
      "      NULL;  -- no reason to fail the transaction of somebody else\n"
      "    END;\n"
      "  END LOOP;\n",
      quoted(owed_table()), quote_identifier(move_.new_column), target, differing,
      quoted(move_.from->name), from, rows_of_debt(true), most_debts, paying_ms);
}

// ---- Before that
// -------------------------------------------------------------------------------------

// A row of the target that goes, or gets another key, takes what is owed with it.
std::string MoveSql::pay_before_it_goes() const {
  const std::string from = quote_identifier(move_.old_column);
  const std::string source =
      fmt::format("{} AS segue_source WHERE {}", quoted(move_.from->name), source_rows("OLD"));
  return fmt::format(
      "  IF {0} THEN\n"
      "    PERFORM FROM {1} FOR NO KEY UPDATE SKIP LOCKED;\n"
      "    IF FOUND THEN\n"
      "      DELETE FROM {2} AS segue_owed WHERE {3};\n"
      "      UPDATE {4} AS segue_source SET {5} = OLD.{6} WHERE {7};\n"
      "    END IF;\n"
      "  END IF;\n"
      "  RETURN NULL;\n",
      is_owed(false, "OLD"), source, quoted(owed_table()), owed_rows(false, "OLD"),
      quoted(move_.from->name), from, quote_identifier(move_.new_column), source_rows("OLD"));
}

void MoveSql::add_settling(MoveTriggers& made, bool source) {
  const Table& table = source ? *move_.from : *move_.to;
  const std::string name =
      object_name(fmt::format("{}_settle", trigger_prefix({&table})),
                  function_name(source ? "source settles" : "target settles"), "");
  made.create += clear_trigger(table.name, name);
  made.create += fmt::format(
      "CREATE TRIGGER {0} AFTER INSERT OR UPDATE OR DELETE ON {1}\n  FOR EACH STATEMENT EXECUTE "
      "FUNCTION segue.{2}();\nALTER TABLE {1} ENABLE ALWAYS TRIGGER {0};\n",
      quote_identifier(name), quoted(table.name), quote_identifier(function_name("will settle")));
  made.drop = drop_trigger(table.name, name) + made.drop;
  context_.own(ObjectKind::trigger, table.name, name);
  made.last = name;
}

// The target's triggers are gone when this is undone, so that nothing new is owed, and under the
// lock nobody holds a row of the source. A value that it does not take fails here and is told. No
// debt may be left: paid after phase 2 came again, it would undo what was written in between.
MoveTriggers MoveSql::settling() {
  MoveTriggers made;
  add_settling(made, true);
  const std::string source = quoted(move_.from->name);
  const std::string pay = fmt::format(
      "\nBEGIN\n"
      "  IF pg_catalog.to_regclass({0}) IS NULL THEN\n"
      "    RETURN;\n"
      "  END IF;\n"
      "  LOCK TABLE {1} IN SHARE ROW EXCLUSIVE MODE;\n"
      "  UPDATE {1} AS segue_source SET {2} = segue_target.{4}\n"
      "    FROM {5} AS segue_target, {3} AS segue_debt\n"
      "   WHERE {6} AND {7} AND {8};\n"
      "  DELETE FROM {3};\n"
      "END\n",
      quote_literal(quoted(owed_table())), source, quote_identifier(move_.old_column),
      quoted(owed_table()), quote_identifier(move_.new_column), quoted(move_.to->name),
      rows_of_debt(true), rows_of_debt(false),
      image_differs("segue_source." + quote_identifier(move_.old_column),
                    "segue_target." + quote_identifier(move_.new_column)));
  made.before_undo = fmt::format("DO {};\n", dsl::sql::dollar_quoted(pay));
  return made;
}

}  // namespace segue::planner
