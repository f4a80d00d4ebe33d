#include "runtime/backfill_batch.hpp"

#include <fmt/format.h>

#include "codegen/backfill_sql.hpp"
#include "runtime/errors.hpp"
#include "runtime/table_scan.hpp"

namespace segue::runtime {

namespace {

using planner::BackfillPass;
using planner::QualifiedName;
using planner::quoted;
using planner::Step;

constexpr const char* allow_own_triggers = "own-triggers-fire";

bool may_silence(Session& session) {
  try {
    const TransactionScope transaction(session);
    session.exec("SET LOCAL session_replication_role = replica");
    return true;
  } catch (const DatabaseError& error) {
    if (error.sqlstate() != sqlstate::insufficient_privilege) throw;
    return false;
  }
}

// Those that the fill would fire. Segue's own, which know of it, are known by their functions: a
// name may be anybody's.
constexpr const char* fired_by_update = R"(SELECT t.tgname
  FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
 WHERE t.tgrelid = pg_catalog.to_regclass($1) AND NOT t.tgisinternal
   AND t.tgenabled IN ('O', 'A') AND t.tgtype & 16 <> 0
   AND p.pronamespace <> coalesce(pg_catalog.to_regnamespace('segue')::oid, 0)
 ORDER BY 1)";

std::string own_triggers(Session& session, const std::vector<QualifiedName>& leaves) {
  std::string names;
  for (const QualifiedName& leaf : leaves) {
    for (const auto& row : session.exec(fired_by_update, {quoted(leaf)}).rows) {
      names +=
          fmt::format("{}{} on {}", names.empty() ? "" : ", ", row[0].value_or(""), quoted(leaf));
    }
  }
  return names;
}

// A value that PostgreSQL cannot compute or that a constraint refuses: about a row, not about the
// run.
bool is_about_data(const DatabaseError& error) {
  const std::string& state = error.sqlstate();
  return state.starts_with("22") || state.starts_with("23") || state.starts_with("P0");
}

// Halves the rows of a failed batch until one is left, each try rolled back.
std::string find_culprit(const BatchSettings& settings, const BackfillPass& pass,
                         const QualifiedName& leaf, const BatchRows& rows, Session& session) {
  const TransactionScope transaction(session);
  // It holds rows of the app while it looks.
  session.exec(fmt::format("SET LOCAL lock_timeout = '{}ms'; {}", settings.lock_timeout.count(),
                           settings.set_local));
  const Rows pending = session.exec(
      fmt::format("SELECT ctid::text FROM {} WHERE {} AND {} AND ({})", only_leaf(leaf, pass.table),
                  rows.blocks, rows.share.empty() ? "true" : rows.share, pass.pending));
  const auto condition = [&](std::size_t from, std::size_t to) {
    std::string text;
    for (std::size_t i = from; i < to; ++i) {
      text += fmt::format("{}'{}'", text.empty() ? "" : ",", pending.rows[i][0].value_or("(0,0)"));
    }
    return fmt::format("ctid = ANY (ARRAY[{}]::tid[])", text);
  };
  const auto fails = [&](std::size_t from, std::size_t to) {
    session.exec("SAVEPOINT segue_try");
    bool failed = false;
    try {
      session.exec(codegen::batch_update(pass, leaf, condition(from, to)));
    } catch (const DatabaseError& error) {
      if (!is_about_data(error)) throw;
      failed = true;
    }
    session.exec("ROLLBACK TO SAVEPOINT segue_try");
    return failed;
  };
  std::size_t from = 0;
  std::size_t to = pending.rows.size();
  while (to - from > 1) {
    const std::size_t middle = from + (to - from) / 2;
    if (fails(from, middle)) {
      to = middle;
    } else {
      from = middle;
    }
  }
  if (from >= pending.rows.size()) return "";
  const Rows key =
      session.exec(fmt::format("SELECT {} FROM {} WHERE {}", key_text(pass.key),
                               only_leaf(leaf, pass.table), condition(from, from + 1)));
  return key.empty() ? "" : key.rows.front().at(0).value_or("");
}

[[noreturn]] void fail(const Step& step, const BackfillPass& pass, const std::string& culprit,
                       const DatabaseError& error) {
  throw Failed(
      step.id,
      fmt::format("step {}: a row of {} cannot be filled{}: {}", step.id, quoted(pass.table),
                  culprit.empty() ? "" : fmt::format(" ({})", culprit), error.what()),
      error.sqlstate(),
      "Mend that row, or undo the change and plan it with another expression; then run the same "
      "command again: it goes on from this batch.");
}

}  // namespace

bool silences_triggers(const std::set<std::string>& allowed, Session& session,
                       const BackfillPass& pass, const std::vector<QualifiedName>& leaves) {
  if (!pass.silence_triggers || may_silence(session)) return pass.silence_triggers;
  const std::string names = own_triggers(session, leaves);
  if (names.empty() || pass.triggers_may_fire || allowed.contains(allow_own_triggers)) return false;
  throw Refused({own_triggers_fire(names)});
}

std::string triggers_that_would_fire(Session& session, const planner::Plan& plan) {
  std::string names;
  for (const Step& step : plan.steps) {
    const auto* pass = std::get_if<BackfillPass>(&step.action);
    if (pass == nullptr || !pass->silence_triggers || pass->triggers_may_fire) continue;
    if (may_silence(session)) return {};
    const std::string found = own_triggers(session, leaves_of(session, pass->table, pass->leaves));
    if (!found.empty()) names += (names.empty() ? "" : ", ") + found;
  }
  return names;
}

Objection own_triggers_fire(const std::string& names) {
  return {allow_own_triggers,
          fmt::format("this role may not set session_replication_role, so the backfill would fire "
                      "the table's own triggers: {}",
                      names),
          "Run it as a superuser (from PostgreSQL 15 on: GRANT SET ON PARAMETER "
          "session_replication_role), or let them fire with --allow own-triggers-fire."};
}

BatchSettings batch_settings(const RunContext& context, Session& session, bool silence) {
  BatchSettings settings;
  settings.lock_timeout = lock_timeout_for(session, context.options.lock_timeout, 1);
  settings.set_local = "SET LOCAL row_security = off; SET LOCAL segue.backfill = 'on';";
  if (silence) settings.set_local += " SET LOCAL session_replication_role = replica;";
  return settings;
}

std::uint64_t run_batch(const RunContext& context, const BatchSettings& settings, const Step& step,
                        const BackfillPass& pass, const QualifiedName& leaf, const BatchRows& rows,
                        const std::function<Session&()>& session,
                        const std::function<void(Session&, std::uint64_t)>& advance) {
  const std::string update = codegen::batch_update(pass, leaf, rows.blocks, rows.share);
  ShortTransaction what;
  what.step = step.id;
  what.locks = {{leaf, planner::LockMode::exclusive}};  // whoever writes there may hold a row
  what.for_rows = true;
  what.lock_timeout = settings.lock_timeout;
  what.settings = settings.set_local;
  if (!rows.durable) what.settings += " SET LOCAL synchronous_commit = off;";
  what.session = session;
  std::uint64_t filled = 0;
  try {
    run_short_transaction(context, what, [&](Session& here, const LockStats&) {
      filled = here.exec(update).affected;
      advance(here, filled);
    });
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    if (!is_about_data(error)) throw step_failure(step.id, error);
    std::string culprit;
    try {
      culprit = find_culprit(settings, pass, leaf, rows, session());
    } catch (const DatabaseError& while_looking) {
      if (while_looking.connection_lost()) throw;
      // Without a name then: the error itself is what counts.
    }
    fail(step, pass, culprit, error);
  }
  return filled;
}

}  // namespace segue::runtime
