#include "fake_session.hpp"

#include <algorithm>

namespace segue::runtime::test {

namespace {

Rows one(const std::string& value) {
  return {{"?column?"}, {{value}}, 0};
}

class FakeSession final : public Session {
 public:
  FakeSession(FakeServer& server, int pid) : server_(server), pid_(pid) {}

  Rows exec(const std::string& sql) override {
    if (lost_) throw DatabaseError("the connection to the server was lost", "08006", true);
    server_.log.push_back(sql);
    try {
      if (server_.before) server_.before(sql);
      Rows rows = answer(sql);
      if (server_.after) server_.after(sql);
      return rows;
    } catch (const DatabaseError& error) {
      if (error.connection_lost()) {
        lost_ = true;
        server_.done_in_transaction = false;
      }
      throw;
    }
  }
  Rows exec(const std::string& sql, const std::vector<Value>&) override { return exec(sql); }
  std::vector<std::string> take_notices() override { return {}; }
  int backend_pid() const override { return pid_; }
  int server_version() const override { return 150000; }

 private:
  Rows answer(const std::string& sql) {
    const auto asks = [&](const char* text) { return sql.find(text) != std::string::npos; };
    const std::string pid = std::to_string(server_.seen_pid(pid_));
    if (sql == "COMMIT" && server_.done_in_transaction) server_.done = true;
    if (sql == "COMMIT" || sql == "ROLLBACK" || sql == "BEGIN") server_.done_in_transaction = false;
    if (sql == fake_work) server_.done_in_transaction = true;
    if (asks("SELECT pg_catalog.pg_backend_pid(), EXISTS"))
      return {{"pid", "held"}, {{pid, "t"}}, 0};
    if (asks(fake_own_process)) return {{"pid", "since"}, {{pid, ""}}, 0};
    if (asks("pg_try_advisory_lock")) return one("t");
    if (asks("deadlock_timeout")) return one("1000");
    if (asks(fake_done)) return one(server_.done || server_.done_in_transaction ? "t" : "f");
    return {};
  }

  FakeServer& server_;
  int pid_;
  bool lost_ = false;
};

}  // namespace

Connector FakeServer::connector() {
  return [this] { return std::make_unique<FakeSession>(*this, pid++); };
}

int FakeServer::count(const std::string& beginning) const {
  return static_cast<int>(std::count_if(log.begin(), log.end(), [&](const std::string& statement) {
    return statement.starts_with(beginning);
  }));
}

}  // namespace segue::runtime::test
