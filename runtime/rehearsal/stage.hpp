// The throwaway server that a rehearsal plays on, and the databases that every run starts from.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/rehearsal/oracle.hpp"
#include "runtime/rehearsal/shape.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

// A database of the stage's server that goes with the object.
class Database {
 public:
  Database(const ThrowawayServer& server, std::string name);
  ~Database();
  Database(Database&& other) noexcept
      : server_(other.server_), name_(std::exchange(other.name_, {})) {}
  Database& operator=(Database&&) = delete;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  std::string conninfo() const { return server_->conninfo(name_); }
  std::unique_ptr<Session> open(const std::string& application = "app") const;
  const std::string& name() const { return name_; }

 private:
  const ThrowawayServer* server_;
  std::string name_;
};

// Empties a column which moves in rows that have no partner to take the value; where it has to have
// one, those rows go, to both releases. Empty: nothing is to be done for that one.
std::string take_back_strays(const Moved& move, Release release);

struct StageOptions {
  std::optional<int> major;
  bool durable = false;
  std::function<void(Session&)> load;  // the schema, and rows where there are some already
  std::uint64_t rows = 1000;
  std::uint64_t seed = 1;
  const struct Statistics* like = nullptr;
  ThrowawayServer* server = nullptr;  // to play on; none: one of its own
};

class Stage {
 public:
  // Loads, fills, and makes beside it what plain DDL would leave. Throws DatabaseError, and
  // std::runtime_error where plain DDL cannot be run at all.
  Stage(const planner::Plan& plan, const StageOptions& options);
  ~Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  Database fresh() { return copy(*fresh_, *server_); }  // before the change
  Database plain() { return copy(*plain_, *server_); }  // what plain DDL makes of it
  // As fresh(), on a server of its own that may die at any time and keeps what it acknowledged.
  Database fresh_on_victim();
  ThrowawayServer& victim();
  // The databases that models think in. They are made once: whoever uses one rolls back.
  const Database& model(Release release);
  // What plain DDL makes of it, to look at.
  const Database& plain_itself() const { return *plain_; }

  const Shapes& shapes() const { return shapes_; }
  // What undo leaves: as before, but for the enum values that PostgreSQL cannot take back.
  const planner::Catalog& undone() const { return undone_; }
  Shapes& shapes() { return shapes_; }
  ThrowawayServer& server() { return *server_; }
  const planner::Plan& plan() const { return plan_; }
  const std::map<std::string, std::uint64_t>& rows() const { return rows_; }
  const std::vector<std::string>& notes() const { return notes_; }

  // What the new release leaves out is NULL to the old one's model, whatever its column says.
  void relax(Session& session) const;

 private:
  void fill(const StageOptions& options);
  void find_undone();
  void run_plain(Session& session) const;
  void leave_out_what_does_not_fit();
  Database copy(const Database& from, ThrowawayServer& server);

  const planner::Plan& plan_;
  std::optional<ThrowawayServer> own_server_;
  ThrowawayServer* server_;
  Shapes shapes_;
  planner::Catalog undone_;
  std::map<std::string, std::uint64_t> rows_;
  std::vector<std::string> notes_;
  std::optional<Database> fresh_;
  std::optional<Database> plain_;
  std::map<Release, Database> models_;
  std::unique_ptr<ThrowawayServer> victim_;
};

}  // namespace segue::runtime::rehearsal
