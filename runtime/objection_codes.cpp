#include "runtime/objection_codes.hpp"

namespace segue::runtime {

const std::vector<std::string>& passable_objections() {
  static const std::vector<std::string> codes{
      "archive-backlog", "archive-fails",  "disk-space",        "drift",       "in-flight",
      "old-sessions",    "old-statements", "own-triggers-fire", "replica-lag", "replica-lost",
      "slot-headroom",   "slot-retention", "tripwire"};
  return codes;
}

}  // namespace segue::runtime
