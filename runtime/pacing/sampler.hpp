// The seam to what can be seen of a server's pain.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "planner/catalog.hpp"
#include "runtime/clock.hpp"
#include "runtime/pacing/signals.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::pacing {

class Sampler {
 public:
  virtual ~Sampler() = default;
  // All but what the batches themselves tell. Throws DatabaseError.
  virtual Signals look(Session& session) = 0;
};

// Anybody may read them.
std::vector<Slot> read_slots(Session& session);

struct Sight {
  std::string change;
  std::vector<planner::QualifiedName> leaves;
  std::string throttle_query;  // true or a number above 0: wait; empty: none
  std::vector<int> own;        // the run's server processes: neither app nor blocked by us
};

// A user's query may take so long; one that takes longer says wait.
inline constexpr Milliseconds throttle_query_timeout{1000};

// Asks PostgreSQL. What a role may not see is named in Signals::unseen.
class PostgresSampler final : public Sampler {
 public:
  PostgresSampler(Sight sight, const Clock& clock) : sight_(std::move(sight)), clock_(clock) {}
  Signals look(Session& session) override;

 private:
  void look_at_sessions(Session& session, Signals& signals) const;
  void look_at_locks(Session& session, Signals& signals) const;
  void look_at_wal(Session& session, Signals& signals);
  void look_at_replicas(Session& session, Signals& signals);
  void look_at_archive(Session& session, Signals& signals) const;
  void look_at_table(Session& session, Signals& signals) const;
  void look_at_throttle(Session& session, Signals& signals) const;
  std::string own_pids() const;

  Sight sight_;
  const Clock& clock_;
  std::optional<double> last_wal_;
  std::chrono::steady_clock::time_point last_wal_at_;
  std::map<std::string, unsigned> replicas_seen_;
};

}  // namespace segue::runtime::pacing
