// A session that takes notes of what its transactions do.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/rehearsal/trace_log.hpp"
#include "runtime/runner_connection.hpp"

namespace segue::runtime::rehearsal {

// Who is told. All of it may be called by several sessions at once.
class TraceListener {
 public:
  virtual ~TraceListener() = default;
  virtual bool listens() const = 0;
  // Statements outside of transactions that are to be watched from other sessions.
  virtual bool watches(const std::string& sql) const = 0;
  virtual bool counts_scans() const = 0;
  virtual void saw(const Sighting& sighting) = 0;
};

// `inner` does the work, one statement of the tracer's own before each COMMIT. `plain` connects
// without tracing.
std::unique_ptr<Session> make_tracing_session(std::unique_ptr<Session> inner, Connector plain,
                                              TraceListener& listener);

// The first word of a statement, in upper case: "ALTER".
std::string first_word(const std::string& sql);

}  // namespace segue::runtime::rehearsal
