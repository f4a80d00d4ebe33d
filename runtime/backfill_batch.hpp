// One batch of a backfill: an UPDATE and its cursor in one transaction.
#pragma once

#include <functional>
#include <string>

#include "planner/plan.hpp"
#include "runtime/backfill_cursor.hpp"
#include "runtime/ddl.hpp"

namespace segue::runtime {

// Whether the batches go by the table's own triggers. Throws Refused, naming them, where the role
// may not and nobody allowed them to fire (--allow own-triggers-fire).
bool silences_triggers(const RunContext& context, Session& session, const planner::Step& step,
                       const planner::BackfillPass& pass,
                       const std::vector<planner::QualifiedName>& leaves);

// What the batches are run with.
struct BatchSettings {
  Milliseconds lock_timeout{200};
  std::string set_local;  // SET LOCAL statements
};
BatchSettings batch_settings(const RunContext& context, Session& session, bool silence);

// Updates the pending rows of `range`, then calls `advance` with their number in the same
// transaction (to write the cursor; called again on each try). Locks that do not come are tried
// again. A row whose value PostgreSQL refuses is named by its key in the Failed.
std::uint64_t run_batch(const RunContext& context, const BatchSettings& settings,
                        const planner::Step& step, const planner::BackfillPass& pass,
                        const planner::QualifiedName& leaf, const std::string& range,
                        const std::function<Session&()>& session,
                        const std::function<void(Session&, std::uint64_t)>& advance);

}  // namespace segue::runtime
