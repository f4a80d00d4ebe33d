// The UPDATE of a backfill batch: one text for the DO block in 3_backfill.sql and for the runtime.
#pragma once

#include <string>
#include <string_view>

#include "planner/plan.hpp"

namespace segue::codegen {

// One batch over the rows of `leaf` for which `range` (SQL over ctid) holds and which are pending.
// No ';' at the end; the command tag counts the rows that were filled. The value comes from the row
// that is being updated, never from an earlier read: an app's write in between is not lost. The
// table goes by the app's name for it, so that an author's `users.email` is understood on a
// partition too. `share`: SQL over the row that holds for those to be filled this time; it is
// tested before a row is asked whether it is pending. Empty: all.
std::string batch_update(const planner::BackfillPass& pass, const planner::QualifiedName& leaf,
                         std::string_view range, std::string_view share = {});

// The range that holds blocks [from, to) as a TID range scan (PostgreSQL 14 and later use one).
std::string block_range(std::string_view from, std::string_view to);

// The whole pass as a DO block that commits between batches, for psql.
std::string backfill_block(const planner::BackfillPass& pass);

}  // namespace segue::codegen
