#include "runtime/errors.hpp"

namespace segue::runtime {

std::string describe(const std::vector<Objection>& objections) {
  std::string text;
  for (const Objection& objection : objections) {
    if (!text.empty()) text += '\n';
    text += objection.what;
    if (!objection.advice.empty()) text += "\n  " + objection.advice;
  }
  return text;
}

bool is_lock_trouble(const DatabaseError& error) {
  return error.sqlstate() == sqlstate::lock_not_available ||
         error.sqlstate() == sqlstate::deadlock_detected;
}

}  // namespace segue::runtime
