// One session that sends the team's own statements, each prepared once and kept.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "runtime/rehearsal/team_statements.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

struct TeamAnswer {
  bool ok = false;
  std::string sqlstate;
  std::string message;

  std::string text() const;  // "ok", "ERROR: … (42703)"
};

class TeamSession {
 public:
  explicit TeamSession(std::unique_ptr<Session> opened) : session(std::move(opened)) {}

  // The types of its parameters. Throws DatabaseError.
  std::vector<std::string> prepare(const TeamStatement& statement);
  TeamAnswer run(const TeamStatement& statement, const std::vector<std::string>& values);
  // A pool that reconnects.
  void forget(const TeamStatement& statement);

  std::unique_ptr<Session> session;

 private:
  std::set<std::string> prepared_;
};

}  // namespace segue::runtime::rehearsal
