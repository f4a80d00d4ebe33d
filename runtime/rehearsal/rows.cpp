#include "runtime/rehearsal/rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/rehearsal/fill_order.hpp"
#include "runtime/rehearsal/literals.hpp"
#include "runtime/rehearsal/row_maker.hpp"
#include "runtime/rehearsal/server_pool.hpp"
#include "runtime/rehearsal/table_filler.hpp"

namespace segue::runtime::rehearsal {

namespace {

// The rows stand for what is there already, so the schema's own triggers must not fire, and keys
// may be put in before what they refer to.
void silence_triggers(Session& session) {
  session.exec("SAVEPOINT segue_role");
  try {
    session.exec("SET LOCAL session_replication_role = replica");
    session.exec("RELEASE SAVEPOINT segue_role");
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    session.exec("ROLLBACK TO SAVEPOINT segue_role; RELEASE SAVEPOINT segue_role");
  }
}

std::uint64_t count_rows(Session& session, const planner::Table& table) {
  const std::string only = table.kind == planner::TableKind::partitioned ? "" : "ONLY ";
  return std::stoull(
      session.exec(fmt::format("SELECT count(*) FROM {}{}", only, planner::quoted(table.name)))
          .scalar());
}

void say(Filled& filled, const planner::Table& table, const TableFiller::Outcome& outcome,
         std::uint64_t has) {
  if (has >= outcome.wanted) return;
  std::string reason = outcome.reason;
  if (reason.empty()) reason = "rows whose foreign keys found no target were taken away";
  filled.notes.push_back(fmt::format("{} has {} of {} rows: {}", planner::quoted(table.name), has,
                                     outcome.wanted, reason));
}

}  // namespace

Filled fill_tables(Session& session, const planner::Catalog& catalog, const RowOptions& options) {
  Filled filled;
  const std::vector<Fillable> order = fill_order(catalog);
  TransactionScope transaction(session);
  session.exec(
      "SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone "
      "= 'UTC'; SET LOCAL jit = off; SET LOCAL client_min_messages = error; SET LOCAL "
      "synchronous_commit = off; SET LOCAL check_function_bodies = off");
  silence_triggers(session);
  TableFiller filler(session, catalog, options);
  std::vector<TableFiller::Outcome> outcomes;
  for (const Fillable& fillable : order) outcomes.push_back(filler.fill(fillable));
  for (const Fillable& fillable : order) filler.link(fillable);
  // Taking a row away may leave others without their target.
  constexpr int deepest = 10;
  for (int round = 0; round < deepest; ++round) {
    std::uint64_t removed = 0;
    for (const Fillable& fillable : order) removed += filler.remove_orphans(fillable);
    if (removed == 0) break;
  }
  filler.finish();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const planner::Table& table = *order[i].table;
    const std::uint64_t has = count_rows(session, table);
    filled.rows[planner::quoted(table.name)] = has;
    say(filled, table, outcomes[i], has);
  }
  for (const planner::Table& table : catalog.tables) {
    if (table.kind == planner::TableKind::foreign) {
      filled.notes.push_back(fmt::format("{} is a foreign table: no rows were put into it",
                                         planner::quoted(table.name)));
    }
  }
  transaction.commit();
  for (const Fillable& fillable : order) {
    session.exec("ANALYZE " + planner::quoted(fillable.table->name));
  }
  return filled;
}

std::vector<std::string> value_pool(const planner::Catalog& catalog, const planner::Table& table,
                                    const planner::Column& column, std::uint64_t seed,
                                    std::size_t count) {
  const TypeValues all = candidates(catalog, table, column);
  std::vector<std::string> pool;
  const auto add = [&](const std::optional<std::string>& value) {
    std::string literal = sql_literal(value, column.type);
    if (pool.size() < count && std::find(pool.begin(), pool.end(), literal) == pool.end()) {
      pool.push_back(std::move(literal));
    }
  };
  if (!column.not_null) add(std::nullopt);
  // Another seed begins elsewhere among the edges, and goes on with other numbers.
  for (std::size_t i = 0; i < all.edges.size(); ++i) add(all.edges[(i + seed) % all.edges.size()]);
  for (std::size_t n = 0; n < count && pool.size() < count; ++n) {
    for (const Shape& shape : all.shapes) add(shape(seed % 1000 * 1000 + n));
  }
  return pool;
}

}  // namespace segue::runtime::rehearsal
