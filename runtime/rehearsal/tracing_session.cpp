#include "runtime/rehearsal/tracing_session.hpp"

#include <cctype>
#include <chrono>
#include <optional>
#include <utility>

#include "dsl/sql_lexer.hpp"
#include "runtime/rehearsal/concurrent_watch.hpp"

namespace segue::runtime::rehearsal {

namespace {

bool names_concurrently(const std::string& sql) {
  std::size_t end = 0;
  for (;;) {
    const dsl::sql::Token token = dsl::sql::next_token(sql, end);
    if (token.end == token.begin) return false;
    end = token.end;
    if (dsl::sql::fold(std::string_view{sql}.substr(token.begin, end - token.begin)) ==
        "concurrently")
      return true;
  }
}

class TracingSession final : public Session {
 public:
  TracingSession(std::unique_ptr<Session> inner, Connector plain, TraceListener& listener)
      : inner_(std::move(inner)), plain_(std::move(plain)), listener_(listener) {}

  Rows exec(const std::string& sql) override {
    return around(sql, [&] { return inner_->exec(sql); });
  }
  Rows exec(const std::string& sql, const std::vector<Value>& parameters) override {
    return around(sql, [&] { return inner_->exec(sql, parameters); });
  }
  std::vector<std::string> take_notices() override {
    sort_notices();
    return std::exchange(notices_, {});
  }
  int backend_pid() const override { return inner_->backend_pid(); }
  int server_version() const override { return inner_->server_version(); }

 private:
  template <typename Run>
  Rows around(const std::string& sql, const Run& run) {
    const std::string word = first_word(sql);
    if (word == "BEGIN" || word == "START") return begin(run);
    const bool ends_savepoint = word == "ROLLBACK" && sql.find("TO ") != std::string::npos;
    if (word == "COMMIT" || word == "END") return commit(run);
    if (word == "ROLLBACK" && !ends_savepoint) {
      traced_ = false;
      return run();
    }
    if (traced_) {
      const bool is_work =
          word != "SET" && word != "SELECT" && word != "SAVEPOINT" && word != "RELEASE";
      if (is_work && !work_since_) work_since_ = Watch::now();
      return run();
    }
    if (!in_transaction_ && listener_.listens() && listener_.watches(sql))
      return names_concurrently(sql) ? watched(run) : within_a_transaction(run);
    return run();
  }

  template <typename Run>
  Rows begin(const Run& run) {
    traced_ = listener_.listens();
    // Before the transaction: nothing may come between its BEGIN and SET TRANSACTION.
    if (traced_ && listener_.counts_scans()) read_before_ = rows_read_through(*inner_);
    Rows rows = run();
    in_transaction_ = true;
    work_since_.reset();
    begun_ = Watch::now();
    if (traced_) inner_->exec("SET LOCAL client_min_messages = debug1");
    return rows;
  }

  // Without CONCURRENTLY it may run there, where its locks can be read before they go; from outside
  // a short one would be over before anybody looked.
  template <typename Run>
  Rows within_a_transaction(const Run& run) {
    exec("BEGIN");
    try {
      work_since_ = Watch::now();
      Rows rows = run();
      exec("COMMIT");
      return rows;
    } catch (const DatabaseError& error) {
      if (!error.connection_lost()) exec("ROLLBACK");
      throw;
    }
  }

  template <typename Run>
  Rows commit(const Run& run) {
    in_transaction_ = false;
    if (!std::exchange(traced_, false)) return run();
    Sighting sighting;
    try {
      sighting.locks = read_locks(*inner_, inner_->backend_pid());
      if (listener_.counts_scans()) {
        for (const auto& [oid, rows] : rows_read_through(*inner_)) {
          if (rows > read_before_[oid]) sighting.scanned.push_back(oid);
        }
      }
    } catch (const DatabaseError& error) {
      // A transaction that has failed ends in a ROLLBACK whatever it is told.
      if (error.connection_lost()) throw;
    }
    Rows rows = run();
    sighting.milliseconds = ms_since(begun_);
    sighting.held_ms = ms_since(work_since_.value_or(begun_));
    sort_notices();
    sighting.messages = std::exchange(messages_, {});
    listener_.saw(sighting);
    return rows;
  }

  template <typename Run>
  Rows watched(const Run& run) {
    inner_->exec("SET client_min_messages = debug1");
    Rows rows;
    const auto restore = [this] { inner_->exec("SET client_min_messages = notice"); };
    try {
      Sighting sighting = watch(plain_, inner_->backend_pid(), [&] { rows = run(); });
      sort_notices();
      sighting.messages = std::exchange(messages_, {});
      listener_.saw(sighting);
    } catch (const DatabaseError& error) {
      messages_.clear();
      if (!error.connection_lost()) restore();
      throw;
    }
    restore();
    return rows;
  }

  // Those that the tracer has asked for are nobody else's business.
  void sort_notices() {
    for (std::string& notice : inner_->take_notices()) {
      if (auto message = parse_work(notice)) {
        messages_.push_back(std::move(*message));
      } else if (!is_debug(notice)) {
        notices_.push_back(std::move(notice));
      }
    }
  }

  std::unique_ptr<Session> inner_;
  Connector plain_;
  TraceListener& listener_;
  std::vector<std::string> notices_;
  std::vector<WorkMessage> messages_;
  std::map<Oid, std::uint64_t> read_before_;
  bool in_transaction_ = false;
  bool traced_ = false;  // in a transaction that began while somebody listened
  Watch::time_point begun_;
  std::optional<Watch::time_point> work_since_;
};

}  // namespace

std::string first_word(const std::string& sql) {
  std::string word;
  for (const char c : sql) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalpha(byte) != 0) {
      word += static_cast<char>(std::toupper(byte));
    } else if (!word.empty() || std::isspace(byte) == 0) {
      break;
    }
  }
  return word;
}

std::unique_ptr<Session> make_tracing_session(std::unique_ptr<Session> inner, Connector plain,
                                              TraceListener& listener) {
  return std::make_unique<TracingSession>(std::move(inner), std::move(plain), listener);
}

}  // namespace segue::runtime::rehearsal
