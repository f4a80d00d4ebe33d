// The ledger's tables, views and functions, as SQL: segue's own schema in the target database.
//
// Here rather than in the runtime since 1_expand.sql carries it too, so that a plan applied by psql
// leaves the same ledger as one applied by segue.
#pragma once

#include <string>

namespace segue::codegen {

inline constexpr int ledger_version = 3;

// Idempotent; creates schema segue with everything in it, or brings an older one up to date.
std::string ledger_sql();

}  // namespace segue::codegen
