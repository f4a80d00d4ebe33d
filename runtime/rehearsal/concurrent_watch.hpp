// Watches a statement that runs outside of any transaction, from other sessions.
#pragma once

#include <functional>

#include "runtime/rehearsal/trace_log.hpp"
#include "runtime/runner_connection.hpp"

namespace segue::runtime::rehearsal {

// Runs `statement` on the session whose server process is `pid`, and looks at that process's locks
// again and again. A third session holds the statement up until its locks were seen: with an open
// snapshot, which the last step of a build waits for, and with row locks on the catalogue's
// entries of indexes and partitions, which a DROP or DETACH has to change. Nothing of that touches
// anybody's table. What `statement` throws is thrown on.
Sighting watch(const Connector& connector, int pid, const std::function<void()>& statement);

}  // namespace segue::runtime::rehearsal
