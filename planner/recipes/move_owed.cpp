// Pairs that are owed. Writers of the source hold its row and then want the target's; writers of
// the target hold theirs and then want the source's. No order of locks is common to both, since
// PostgreSQL locks a row before any trigger of it runs. So a writer of the target does not wait for
// one who waits for it: that one writes the pair after it, as the later of the two. Should it be
// rolled back instead, the pair is out of step, and nobody who knows is left: so the debt is
// written down, goes when the pair is written, and is paid by whoever commits next.
#include <fmt/format.h>

#include "dsl/sql.hpp"
#include "planner/names.hpp"
#include "planner/recipes/move_sql.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

// How long, in ms, a writer of the target looks every 2 ms before it queues for the source's row:
// most holders are gone by then.
constexpr int looking_ms = 100;
// How long, in ms, it stands in the queue before it looks again: below any deadlock_timeout in use
// (1 s by default), so that neither of two who wait for each other is ended.
constexpr int queue_ms = 100;

// How long, in ms, it looks while somebody waits for it and the holder cannot be told: most holders
// are gone by then, and a deadlock's timeout is not over.
constexpr int unsure_ms = 500;

std::string owed_column(std::size_t index) {
  return fmt::format("key_{}", index + 1);
}

// Whether a row's holder waits for this transaction, itself or by others. A row's xmax is the
// holder, or a multixact where several share the row: a foreign key's check is enough for that.
// Nothing but an error tells that a number is no multixact's. A savepoint that is released leaves
// its own number in the row, which is nobody's lock any more (CommitSubTransaction in xact.c) and
// which no function leads back to its transaction: NULL, where that may be one that waits.
constexpr const char* holder_waits =
    "  segue_waiting := ARRAY(\n"
    "    WITH RECURSIVE waiting(pid) AS (\n"
    "      SELECT pg_catalog.pg_backend_pid()\n"
    "      UNION\n"
    "      SELECT blocked.pid FROM waiting, pg_catalog.pg_locks AS blocked\n"
    "       WHERE NOT blocked.granted AND waiting.pid = ANY "
    "(pg_catalog.pg_blocking_pids(blocked.pid))\n"
    "    )\n"
    "    SELECT held.transactionid FROM waiting JOIN pg_catalog.pg_locks AS held USING (pid)\n"
    "     WHERE held.pid <> pg_catalog.pg_backend_pid() AND held.locktype = 'transactionid'\n"
    "       AND held.granted);\n"
    "  IF pg_catalog.cardinality(segue_waiting) = 0 THEN\n"
    "    RETURN false;\n"
    "  END IF;\n"
    "  BEGIN\n"
    "    segue_sharing := ARRAY(\n"
    "      SELECT member.xid FROM pg_catalog.pg_get_multixact_members(segue_holder) AS member\n"
    "       WHERE member.mode <> 'keysh');\n"
    "  EXCEPTION WHEN OTHERS THEN\n"
    "    NULL;\n"
    "  END;\n"
    "  IF segue_holder = ANY (segue_waiting) OR segue_sharing && segue_waiting THEN\n"
    "    RETURN true;\n"
    "  END IF;\n"
    "  segue_running := ARRAY(SELECT transactionid FROM pg_catalog.pg_locks\n"
    "                          WHERE locktype = 'transactionid' AND granted);\n"
    "  RETURN CASE WHEN segue_holder = ANY (segue_running)\n"
    "                OR segue_sharing <> '{}' AND segue_sharing <@ segue_running THEN false END;\n";

}  // namespace

// ---- Which pairs
// -------------------------------------------------------------------------------------

std::string MoveSql::owed_rows(bool source, const std::string& row) const {
  std::string text;
  for (std::size_t i = 0; i < move_.pairs.size(); ++i) {
    const PairedColumns& pair = move_.pairs[i];
    text += fmt::format("{}segue_owed.{} = {}.{}", i == 0 ? "" : " AND ", owed_column(i), row,
                        quote_identifier(source ? pair.source : pair.target));
  }
  return text;
}

std::string MoveSql::is_owed(bool source, const std::string& row) const {
  return fmt::format("EXISTS (SELECT FROM {} AS segue_owed WHERE {})", quoted(owed_table()),
                     owed_rows(source, row));
}

std::string MoveSql::unless_owed(const std::string& row) const {
  return context_.by_app() ? std::string() : " AND NOT " + is_owed(false, row);
}

std::string MoveSql::rows_of_debt(bool source) const {
  std::string text;
  for (std::size_t i = 0; i < move_.pairs.size(); ++i) {
    const PairedColumns& pair = move_.pairs[i];
    text += fmt::format("{}{}.{} = segue_debt.{}", i == 0 ? "" : " AND ",
                        source ? "segue_source" : "segue_target",
                        quote_identifier(source ? pair.source : pair.target), owed_column(i));
  }
  return text;
}

// ---- Who owes
// ----------------------------------------------------------------------------------------

std::string MoveSql::push_to_source() const {
  const std::string from = quote_identifier(move_.old_column);
  const std::string to = quote_identifier(move_.new_column);
  // By its key alone: what it holds shows once nobody writes it any more.
  const std::string rows =
      fmt::format("{} AS segue_source WHERE {}", quoted(move_.from->name), source_rows("NEW"));
  return fmt::format(
      "  LOOP\n"
      "    PERFORM FROM {0} FOR NO KEY UPDATE SKIP LOCKED;\n"
      "    EXIT WHEN FOUND;\n"
      "    SELECT segue_source.xmax INTO segue_held FROM {0};\n"
      "    IF NOT FOUND THEN\n"
      "      RETURN NULL;\n"
      "    END IF;\n"
      "    segue_waits := segue.{1}(segue_held);\n"
      "    IF segue_waits OR segue_waits IS NULL\n"
      "       AND pg_catalog.clock_timestamp() > segue_since + interval '{11} ms' THEN\n"
      "      -- the holder waits for this transaction and writes the pair after it\n"
      "      INSERT INTO {2} VALUES ({3});\n"
      "      RETURN NULL;\n"
      "    ELSIF segue_limit <> '0'\n"
      "          AND pg_catalog.clock_timestamp() > segue_since + segue_limit::interval THEN\n"
      "      EXIT;  -- the application's own lock_timeout is over: wait as any statement does\n"
      "    ELSIF segue_waits IS NULL\n"
      "          OR pg_catalog.clock_timestamp() < segue_since + interval '{4} ms' THEN\n"
      "      PERFORM pg_catalog.pg_sleep(0.002);\n"
      "    ELSE\n"
      "      -- a place in the queue, for less than a deadlock's timeout\n"
      "      BEGIN\n"
      "        PERFORM pg_catalog.set_config('lock_timeout', '{5}ms', true);\n"
      "        PERFORM FROM {0} FOR NO KEY UPDATE;\n"
      "        PERFORM pg_catalog.set_config('lock_timeout', segue_limit, true);\n"
      "      EXCEPTION WHEN lock_not_available THEN\n"
      "        NULL;\n"
      "      END;\n"
      "    END IF;\n"
      "  END LOOP;\n"
      "  UPDATE {6} AS segue_source SET {7} = NEW.{8} WHERE {9} AND {10};\n"
      "  RETURN NULL;\n",
      rows, quote_identifier(function_name("waits")), quoted(owed_table()), key(false, "NEW"),
      looking_ms, queue_ms, quoted(move_.from->name), from, to, source_rows("NEW"),
      image_differs("segue_source." + from, "NEW." + to), unsure_ms);
}

MoveTriggers MoveSql::owed_pairs() {
  MoveTriggers made;
  std::string columns;
  for (std::size_t i = 0; i < move_.pairs.size(); ++i) {
    const Column* column = move_.to->column(move_.pairs[i].target);
    columns += fmt::format("{}{} {}{}", i == 0 ? "" : ", ", owed_column(i), column->type,
                           column->collation.empty() ? "" : " COLLATE " + column->collation);
  }
  const std::string table = quoted(owed_table());
  made.create = fmt::format("CREATE TABLE {} ({});\n", table, columns);
  function(made, "waits", "segue_holder xid", "boolean",
           "DECLARE\n  segue_waiting xid[];\n  segue_sharing xid[] := '{}';\n"
           "  segue_running xid[];\n",
           holder_waits);
  function(made, "settles", "DECLARE\n  segue_debt record;\n  segue_found record;\n", settle());
  function(made, "will settle", "", promise_to_settle());
  made.last = function_name("at commit");
  made.create += fmt::format(
      "CREATE CONSTRAINT TRIGGER {0} AFTER INSERT ON {1} DEFERRABLE INITIALLY DEFERRED\n"
      "  FOR EACH ROW WHEN (NEW.{3} IS NULL) EXECUTE FUNCTION segue.{2}();\n"
      "ALTER TABLE {1} ENABLE ALWAYS TRIGGER {0};\n",
      quote_identifier(made.last), table, quote_identifier(function_name("settles")),
      owed_column(0));
  made.drop = fmt::format("DROP TABLE IF EXISTS {};\n", table) + made.drop;
  context_.own(ObjectKind::table, owed_table(), owed_table().name);
  return made;
}

// ---- Who pays
// ----------------------------------------------------------------------------------------

// At commit alone: what a payer holds it would hold to its end, and whoever of the application
// comes for the same rows in another order would be ended by a deadlock that is none of its own. A
// row without a key brings the transaction there; nobody else ever sees it.
std::string MoveSql::promise_to_settle() const {
  return fmt::format(
      "  IF EXISTS (SELECT FROM {0})\n"
      "     AND pg_catalog.current_setting('transaction_isolation') <> 'serializable'\n"
      "     AND NOT EXISTS (SELECT FROM {0} WHERE {1} IS NULL) THEN\n"
      "    INSERT INTO {0} DEFAULT VALUES;\n"
      "  END IF;\n"
      "  RETURN NULL;\n",
      quoted(owed_table()), owed_column(0));
}

// Waits for nobody: what somebody writes at this moment is left to the next one, and what was held
// of it is free again. A transaction with one snapshot for all its statements may meet a debt that
// was paid since, and goes on without it; under SERIALIZABLE that would doom it all the same, and
// it does not look.
std::string MoveSql::settle() const {
  const std::string from = quote_identifier(move_.old_column);
  const std::string target =
      fmt::format("{} AS segue_target WHERE {}", quoted(move_.to->name), rows_of_debt(false));
  const std::string differing =
      fmt::format("{} AS segue_source WHERE {} AND {}", quoted(move_.from->name),
                  rows_of_debt(true), image_differs("segue_source." + from, "segue_found.value"));
  return fmt::format(
      "  FOR segue_debt IN\n"
      "    SELECT segue_owed.ctid AS place, segue_owed.* FROM {0} AS segue_owed\n"
      "     WHERE segue_owed.{7} IS NOT NULL\n"
      "  LOOP\n"
      "    BEGIN\n"
      "      PERFORM FROM {0} AS segue_owed WHERE segue_owed.ctid = segue_debt.place FOR UPDATE "
      "SKIP "
      "LOCKED;\n"
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
      "  END LOOP;\n"
      "  DELETE FROM {0} WHERE {7} IS NULL;\n"
      "  RETURN NULL;\n",
      quoted(owed_table()), quote_identifier(move_.new_column), target, differing,
      quoted(move_.from->name), from, rows_of_debt(true), owed_column(0));
}

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
// lock nobody holds a row of the source. A value that it does not take fails here and is told.
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
