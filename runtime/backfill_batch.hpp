// One batch of a backfill: an UPDATE and its cursor in one transaction.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "planner/plan.hpp"
#include "runtime/backfill_cursor.hpp"
#include "runtime/ddl.hpp"

namespace segue::runtime {

// Whether the batches go by the table's own triggers. Throws Refused, naming them, where the role
// may not and nobody allowed them to fire (--allow own-triggers-fire).
bool silences_triggers(const std::set<std::string>& allowed, Session& session,
                       const planner::BackfillPass& pass,
                       const std::vector<planner::QualifiedName>& leaves);

// Which of the tables' own triggers phase 3 would fire, because this role may not silence them; as
// the plan allows some of them to fire, these are left out. Empty: none.
std::string triggers_that_would_fire(Session& session, const planner::Plan& plan);
// What is said of them.
Objection own_triggers_fire(const std::string& names);

// What the batches are run with.
struct BatchSettings {
  Milliseconds lock_timeout{200};
  std::string set_local;  // SET LOCAL statements
};
BatchSettings batch_settings(const RunContext& context, Session& session, bool silence);

// The rows of a batch.
struct BatchRows {
  std::string blocks;  // SQL over ctid
  std::string share;   // SQL over the row: those of the blocks whose turn it is; empty: all
  // Whether COMMIT waits for the disk. Rows and cursor are one transaction, so a crash of the
  // server takes both or none; what waits then carries to the disk all that came before it.
  bool durable = true;
};

// Updates the pending rows, then calls `advance` with their number in the same
// transaction (to write the cursor; called again on each try). Locks that do not come are tried
// again. A row whose value PostgreSQL refuses is named by its key in the Failed.
std::uint64_t run_batch(const RunContext& context, const BatchSettings& settings,
                        const planner::Step& step, const planner::BackfillPass& pass,
                        const planner::QualifiedName& leaf, const BatchRows& rows,
                        const std::function<Session&()>& session,
                        const std::function<void(Session&, std::uint64_t)>& advance);

}  // namespace segue::runtime
