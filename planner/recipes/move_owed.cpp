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

// Whether a row's holder waits for this transaction, itself or by others; nobody holds a row
// without a lock on its table. A row's xmax is the holder, or a multixact where several share the
// row: a foreign key's check is enough for that. Nothing but an error tells that a number is no
// multixact's. A savepoint that is released leaves its own number in the row, which is nobody's
// lock any more (CommitSubTransaction in xact.c) and which no function leads back to its
// transaction: NULL, where that may be one that waits.
std::string MoveSql::holder_waits() const {
  return fmt::format(
      "  segue_waiting := ARRAY(\n"
      "    WITH RECURSIVE locks AS MATERIALIZED (SELECT * FROM pg_catalog.pg_locks),\n"
      "    waiting(pid) AS (\n"
      "      SELECT pg_catalog.pg_backend_pid()\n"
      "      UNION\n"
      "      SELECT blocked.pid FROM waiting, locks AS blocked\n"
      "       WHERE NOT blocked.granted AND waiting.pid = ANY "
      "(pg_catalog.pg_blocking_pids(blocked.pid))\n"
      "    )\n"
      "    SELECT held.transactionid FROM waiting JOIN locks AS held USING (pid)\n"
      "     WHERE held.pid <> pg_catalog.pg_backend_pid() AND held.locktype = 'transactionid'\n"
      "       AND held.granted AND EXISTS (\n"
      "         SELECT FROM locks AS place\n"
      "          WHERE place.pid = held.pid AND place.locktype = 'relation'\n"
      "            AND place.mode <> 'AccessShareLock' AND (place.relation = {0}::regclass\n"
      "              OR place.relation IN (SELECT relid FROM "
      "pg_catalog.pg_partition_tree({0})))));\n"
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
      "                OR segue_sharing <> '{{}}' AND segue_sharing <@ segue_running THEN false "
      "END;\n",
      quote_literal(quoted(move_.from->name)));
}

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
      "       AND (pg_catalog.current_setting('segue.unsure', true) = 'on'\n"
      "         OR pg_catalog.clock_timestamp() > segue_since + interval '{11} ms'\n"
      "         OR segue_limit <> '0'\n"
      "            AND pg_catalog.clock_timestamp() > segue_since + segue_limit::interval) THEN\n"
      "      -- the holder waits for this transaction, or may, and writes the pair after it\n"
      "      INSERT INTO {2} VALUES ({3});\n"
      "      IF segue_waits IS NULL THEN\n"
      "        -- what else that holder holds need not be waited for again\n"
      "        PERFORM pg_catalog.set_config('segue.unsure', 'on', true);\n"
      "      END IF;\n"
      "      PERFORM segue.{12}();\n"
      "      RETURN NULL;\n"
      "    ELSIF segue_limit <> '0' AND segue_waits IS NOT NULL\n"
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
      image_differs("segue_source." + from, "NEW." + to), unsure_ms,
      quote_identifier(function_name("promises")));
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
  made.create = fmt::format(
      // A publication of all tables lets nobody delete a row of one without replica identity.
      "CREATE TABLE {0} ({1});\nALTER TABLE {0} REPLICA IDENTITY FULL;\n", table, columns);
  function(made, "waits", "segue_holder xid", "boolean",
           "DECLARE\n  segue_waiting xid[];\n  segue_sharing xid[] := '{}';\n"
           "  segue_running xid[];\n",
           holder_waits());
  add_payment(made);
  made.drop = fmt::format("DROP TABLE IF EXISTS {};\n", table) + made.drop;
  context_.own(ObjectKind::table, owed_table(), owed_table().name);
  return made;
}

}  // namespace segue::planner
