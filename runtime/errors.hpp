// What stops an apply: a gate that refuses (exit 3), or something that failed (exit 1).
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/session.hpp"

namespace segue::runtime {

// One thing that a gate refuses, why, and what to do about it.
struct Objection {
  std::string code;    // stable: "phase-order", "soak", "drift", "function-body"
  std::string what;    // one sentence
  std::string advice;  // one sentence; empty: none

  friend bool operator==(const Objection&, const Objection&) = default;
};

// Several objections as text, one a paragraph: "<what>\n  <advice>".
std::string describe(const std::vector<Objection>& objections);

// Exit 3: nothing was done, and the same command may go through later.
class Refused : public std::runtime_error {
 public:
  explicit Refused(std::vector<Objection> objections)
      : std::runtime_error(describe(objections)), objections_(std::move(objections)) {}
  const std::vector<Objection>& objections() const { return objections_; }

 private:
  std::vector<Objection> objections_;
};

// Exit 1: a step that went wrong, with what PostgreSQL said and what to do next.
class Failed : public std::runtime_error {
 public:
  Failed(std::string step, const std::string& what, std::string sqlstate, std::string advice)
      : std::runtime_error(what),
        step_(std::move(step)),
        sqlstate_(std::move(sqlstate)),
        advice_(std::move(advice)) {}
  const std::string& step() const { return step_; }          // "3.2"; empty: before the first
  const std::string& sqlstate() const { return sqlstate_; }  // empty: not PostgreSQL's
  const std::string& advice() const { return advice_; }

 private:
  std::string step_;
  std::string sqlstate_;
  std::string advice_;
};

// SQLSTATEs that the runtime acts on.
namespace sqlstate {
inline constexpr const char* lock_not_available = "55P03";
inline constexpr const char* deadlock_detected = "40P01";
inline constexpr const char* unique_violation = "23505";
inline constexpr const char* insufficient_privilege = "42501";
inline constexpr const char* query_canceled = "57014";
inline constexpr const char* undefined_function = "42883";
inline constexpr const char* invalid_schema_name = "3F000";
inline constexpr const char* undefined_table = "42P01";
inline constexpr const char* undefined_column = "42703";
}  // namespace sqlstate

// A wait for a lock that was given up: nothing is wrong, try again later.
bool is_lock_trouble(const DatabaseError& error);

}  // namespace segue::runtime
