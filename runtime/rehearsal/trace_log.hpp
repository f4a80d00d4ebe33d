// Puts together the Trace of one step or statement from what is seen while it runs.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "runtime/rehearsal/relation_map.hpp"
#include "runtime/rehearsal/result.hpp"
#include "runtime/rehearsal/trace_messages.hpp"

namespace segue::runtime::rehearsal {

using Watch = std::chrono::steady_clock;

inline double ms_since(Watch::time_point start) {
  return std::chrono::duration<double, std::milli>(Watch::now() - start).count();
}

// What one transaction, or one statement outside of any, has shown.
struct Sighting {
  std::vector<SeenLock> locks;
  std::vector<WorkMessage> messages;
  std::vector<Oid> scanned;
  double held_ms = 0;
  double milliseconds = 0;
  bool from_outside = false;  // seen by another session, now and then
};

class TraceLog {
 public:
  explicit TraceLog(RelationMap before) : before_(std::move(before)) {}
  void add(const Sighting& sighting);
  // `constraints`: a foreign key's name -> the tables that have one of that name.
  Trace finish(const RelationMap& after,
               const std::map<std::string, std::vector<Oid>>& constraints) const;
  // Names of the foreign keys that were validated.
  std::vector<std::string> validated_keys() const;

 private:
  const Relation* named(Oid oid, const RelationMap& after) const;
  std::string table_called(const std::string& name, const RelationMap& after) const;

  RelationMap before_;
  struct Held {
    SeenLock lock;
    double ms = 0;
    bool from_outside = false;
  };
  std::map<Oid, Held> locks_;
  std::vector<WorkMessage> messages_;
  std::vector<Oid> scanned_;
  double milliseconds_ = 0;
};

// Tables that have a foreign key of one of these names.
std::map<std::string, std::vector<Oid>> tables_of_keys(Session& session,
                                                       const std::vector<std::string>& names);

}  // namespace segue::runtime::rehearsal
