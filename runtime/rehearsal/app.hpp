// One session of an app: sends statements, reads rows back, keeps its prepared plans.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/rehearsal/shape.hpp"
#include "runtime/rehearsal/statement.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

struct Answer {
  bool ok = false;
  std::string sqlstate;
  std::string message;
  std::vector<Value> returned;  // the key that the server gave
  double ms = 0;

  std::string text() const;  // "ok", "ERROR: … (42703)"
};

class App {
 public:
  // Files for COPY go into a directory that the server can read.
  App(std::unique_ptr<Session> session, std::filesystem::path directory);

  // Never throws for what PostgreSQL says.
  Answer send(const Statement& statement, const Side& side);
  // The app's own SELECT by key, prepared once and kept. Throws DatabaseError.
  std::vector<std::vector<Value>> select(const Side& side, const std::vector<std::string>& columns,
                                         const Key& key);
  std::vector<std::vector<Value>> select_all(const Side& side,
                                             const std::vector<std::string>& columns);
  // A pool that reconnects: every prepared plan is gone.
  void forget_plans();
  Session& session() { return *session_; }

 private:
  Rows execute(const Statement& statement, const Side& side);
  Rows copy(const Statement& statement, const Side& side);
  // `types`: the release whose types the parameters have. Where a column took its new form, the
  // notes ask the app to prepare anew: it would go on sending the old one.
  Rows run_prepared(Release types, const std::string& sql,
                    const std::vector<std::string>& arguments);

  std::unique_ptr<Session> session_;
  std::filesystem::path directory_;
  std::map<std::pair<Release, std::string>, std::string> prepared_;  // SQL -> name
};

}  // namespace segue::runtime::rehearsal
