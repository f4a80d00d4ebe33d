// The seam to a database: everything that the runtime asks of PostgreSQL goes through a Session.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace segue::runtime {

using Value = std::optional<std::string>;  // none: NULL

// A number as PostgreSQL prints it; 0 for NULL.
double number_in(const Value& value);

struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;
  std::uint64_t affected = 0;

  bool empty() const { return rows.empty(); }
  // The only value of a one-row answer; throws std::logic_error otherwise.
  const std::string& scalar() const;
};

// A statement that PostgreSQL refused, or a connection that was lost.
class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(const std::string& message, std::string sqlstate, bool connection_lost)
      : std::runtime_error(message),
        sqlstate_(std::move(sqlstate)),
        connection_lost_(connection_lost) {}
  const std::string& sqlstate() const { return sqlstate_; }
  // The outcome of a COMMIT in flight is then unknown: look before doing it again.
  bool connection_lost() const { return connection_lost_; }

 private:
  std::string sqlstate_;
  bool connection_lost_;
};

// One connection, outside any transaction unless `begin` was called. Not for several threads.
class Session {
 public:
  virtual ~Session() = default;

  // One or more statements as one simple query. Throws DatabaseError.
  virtual Rows exec(const std::string& sql) = 0;
  virtual Rows exec(const std::string& sql, const std::vector<Value>& parameters) = 0;
  // Notices and warnings since the last call.
  virtual std::vector<std::string> take_notices() = 0;
  virtual int backend_pid() const = 0;
  virtual int server_version() const = 0;  // 150018
};

// BEGIN … COMMIT; rolls back when it goes out of scope without commit(). `settings` are statements
// that go with the BEGIN, in one message.
class TransactionScope {
 public:
  explicit TransactionScope(Session& session, const std::string& settings = "");
  ~TransactionScope();
  TransactionScope(const TransactionScope&) = delete;
  TransactionScope& operator=(const TransactionScope&) = delete;
  void commit();

 private:
  void roll_back();

  Session& session_;
  bool open_ = true;
};

// Connects as any libpq program does: a URL or key=value string, "" for PG* and service files.
// Messages never hold a password. Throws DatabaseError.
std::unique_ptr<Session> connect(const std::string& conninfo,
                                 const std::string& application_name = "segue");

// The connection string without its password, for messages.
// Why libpq could not read it, without any secret; none: it could.
std::optional<std::string> mistake_in_conninfo(const std::string& conninfo);

std::string without_password(const std::string& conninfo);

}  // namespace segue::runtime
