#include "runtime/rehearsal/trace_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "dsl/sql_split.hpp"
#include "runtime/rehearsal/concurrent_watch.hpp"
#include "runtime/rehearsal/trace.hpp"
#include "runtime/rehearsal/trace_log.hpp"
#include "runtime/rehearsal/tracing_session.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::StatementText;
using planner::LockMode;

constexpr const char* not_in_a_transaction = "25001";  // active_sql_transaction
constexpr const char* ends_its_transaction = "2D000";  // a procedure that commits

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string first_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

class FileTracer {
 public:
  explicit FileTracer(const Connector& connector) : connector_(connector), session_(connector()) {}

  // Throws DatabaseError where the statement fails.
  void run(const StatementText& statement) {
    const std::string sql(statement.text);
    const std::string word = first_word(sql);
    const bool to_savepoint = word == "ROLLBACK" && sql.find_first_of("tT", 8) != std::string::npos;
    if (word == "BEGIN" || word == "START") {
      session_->exec(sql);
      in_transaction_ = true;
      return;
    }
    if (word == "COMMIT" || word == "END" || word == "ABORT" ||
        (word == "ROLLBACK" && !to_savepoint)) {
      session_->exec(sql);
      end_transaction();
      return;
    }
    TracedStatement traced;
    traced.line = statement.line;
    traced.text = sql;
    traced.in_transaction = in_transaction_;
    session_->exec("SET client_min_messages = debug1");
    session_->take_notices();
    if (in_transaction_) {
      inside(traced, [&] { session_->exec(sql); });
      open_.push_back({found_.size(), Watch::now()});
    } else {
      alone(traced, sql);
    }
    judge(traced);
    found_.push_back(std::move(traced));
  }

  std::vector<TracedStatement> take() {
    end_transaction();
    return std::move(found_);
  }

 private:
  struct Open {
    std::size_t statement = 0;
    Watch::time_point ended;
  };

  // Messages since the last look.
  std::vector<WorkMessage> messages() {
    std::vector<WorkMessage> found;
    for (const std::string& notice : session_->take_notices()) {
      if (auto message = parse_work(notice)) found.push_back(std::move(*message));
    }
    return found;
  }

  template <typename Body>
  void inside(TracedStatement& traced, const Body& body) {
    TraceLog log(read_relations(*session_));
    const auto held = locks_by_oid();
    auto read = rows_read_through(*session_);
    const std::uint64_t wal = wal_position(*session_);
    const auto start = Watch::now();
    body();
    Sighting sighting;
    sighting.milliseconds = ms_since(start);
    sighting.held_ms = sighting.milliseconds;
    sighting.messages = messages();
    for (const SeenLock& lock : read_locks(*session_, session_->backend_pid())) {
      const auto before = held.find(lock.oid);
      if (before == held.end() || before->second < lock.mode) sighting.locks.push_back(lock);
    }
    for (const auto& [oid, rows] : rows_read_through(*session_)) {
      if (rows > read[oid]) sighting.scanned.push_back(oid);
    }
    log.add(sighting);
    finish(traced, log, wal);
  }

  void alone(TracedStatement& traced, const std::string& sql) {
    const RelationMap before = read_relations(*session_);
    session_->exec("BEGIN");
    const auto start = Watch::now();
    try {
      inside(traced, [&] { session_->exec(sql); });
      session_->exec("COMMIT");
      const double whole = ms_since(start);
      for (HeldLock& lock : traced.trace.locks) lock.held_ms = std::min(lock.held_ms, whole);
      return;
    } catch (const DatabaseError& error) {
      if (error.connection_lost()) throw;
      session_->exec("ROLLBACK");
      if (error.sqlstate() != not_in_a_transaction && error.sqlstate() != ends_its_transaction)
        throw;
    }
    session_->take_notices();
    TraceLog log(before);
    const std::uint64_t wal = wal_position(*session_);
    Sighting sighting = watch(connector_, session_->backend_pid(), [&] { session_->exec(sql); });
    sighting.messages = messages();
    log.add(sighting);
    finish(traced, log, wal);
  }

  void finish(TracedStatement& traced, const TraceLog& log, std::uint64_t wal) {
    traced.trace =
        log.finish(read_relations(*session_), tables_of_keys(*session_, log.validated_keys()));
    traced.trace.wal_bytes = wal_position(*session_) - wal;
  }

  std::map<Oid, LockMode> locks_by_oid() {
    std::map<Oid, LockMode> held;
    if (!in_transaction_) return held;
    for (const SeenLock& lock : read_locks(*session_, session_->backend_pid())) {
      const auto place = held.try_emplace(lock.oid, lock.mode).first;
      place->second = std::max(place->second, lock.mode);
    }
    return held;
  }

  // What a transaction took it keeps until now.
  void end_transaction() {
    in_transaction_ = false;
    for (const Open& open : open_) {
      for (HeldLock& lock : found_[open.statement].trace.locks)
        lock.held_ms += ms_since(open.ended);
    }
    open_.clear();
    kept_.clear();
  }

  void judge(TracedStatement& traced) {
    const Trace& trace = traced.trace;
    const bool works =
        !trace.rewritten_tables().empty() || !trace.scans.empty() || !trace.index_builds.empty();
    for (const HeldLock& lock : trace.locks) {
      const std::string name = planner::quoted(lock.use.relation);
      if (lock.use.mode < LockMode::share || !lock.within.empty()) continue;
      if (contains(trace.made, name)) continue;
      if (works) traced.verdicts.push_back(sentence(trace, lock, name));
      if (traced.in_transaction) kept_[name] = {lock.use.mode, traced.line};
    }
    if (!works || !traced.in_transaction) return;
    for (const auto& [name, kept] : kept_) {
      if (kept.line == traced.line) continue;
      traced.verdicts.push_back(
          fmt::format("{} stays locked meanwhile: {} since line {}, until this transaction ends",
                      name, planner::name_of(kept.mode), kept.line));
    }
  }

  static std::string sentence(const Trace& trace, const HeldLock& lock, const std::string& name) {
    const std::string_view who = lock.use.mode == LockMode::access_exclusive
                                     ? "nobody can read or write"
                                     : "nobody can write";
    std::string meanwhile;
    if (const auto rewritten = trace.rewritten_tables(); !rewritten.empty()) {
      meanwhile = fmt::format("{} is rewritten", first_of(rewritten));
    } else if (!trace.index_builds.empty()) {
      meanwhile = fmt::format("{} is built", first_of(trace.index_builds));
    } else {
      meanwhile = fmt::format("all of {} is read", first_of(trace.scans));
    }
    return fmt::format("{} {} while {} ({})", who, name, meanwhile,
                       planner::name_of(lock.use.mode));
  }

  struct Kept {
    LockMode mode = LockMode::access_share;
    std::uint32_t line = 0;
  };

  Connector connector_;
  std::unique_ptr<Session> session_;
  bool in_transaction_ = false;
  std::vector<TracedStatement> found_;
  std::vector<Open> open_;
  std::map<std::string, Kept> kept_;
};

}  // namespace

void require_sql(const std::string& path, const std::string& text) {
  for (const StatementText& statement : dsl::sql::split_statements(text)) {
    if (statement.is_meta) {
      throw TraceFileError(fmt::format(
          "{}:{}: psql's {} is not SQL\n  hint: leave it out; every statement is run as it stands",
          path, statement.line, statement.text.substr(0, statement.text.find_first_of(" \t"))));
    }
    std::string words(statement.text);
    std::transform(words.begin(), words.end(), words.begin(), [](char c) {
      return c == '\n' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    if (words.starts_with("copy ") && words.find(" from stdin") != std::string::npos) {
      throw TraceFileError(
          fmt::format("{}:{}: COPY … FROM stdin brings data that is not SQL\n  hint: write INSERT "
                      "statements, or leave the data out",
                      path, statement.line));
    }
  }
}

FileTrace trace_file(const Connector& connector, const std::string& path, const std::string& text) {
  require_sql(path, text);
  const std::vector<StatementText> statements = dsl::sql::split_statements(text);
  FileTrace found;
  FileTracer tracer(connector);
  for (const StatementText& statement : statements) {
    try {
      tracer.run(statement);
    } catch (const DatabaseError& error) {
      found.failure = StatementFailure{statement.line, error.what(), error.sqlstate()};
      break;
    }
  }
  found.statements = tracer.take();
  return found;
}

std::optional<double> projected_ms(const TracedStatement& statement,
                                   const std::map<std::string, std::uint64_t>& rows_here,
                                   const std::map<std::string, std::uint64_t>& rows_there) {
  const Trace& trace = statement.trace;
  if (trace.rewritten_tables().empty() && trace.scans.empty() && trace.index_builds.empty()) {
    return std::nullopt;
  }
  double here = 0;
  double there = 0;
  for (const HeldLock& lock : trace.locks) {
    const std::string name = planner::quoted(lock.use.relation);
    const auto rehearsed = rows_here.find(name);
    const auto live = rows_there.find(name);
    if (rehearsed == rows_here.end() || live == rows_there.end()) continue;
    if (static_cast<double>(live->second) < there) continue;
    here = static_cast<double>(rehearsed->second);
    there = static_cast<double>(live->second);
  }
  return projected_ms(
      trace.index_builds.empty() ? planner::Scan::reads : planner::Scan::builds_index, trace, here,
      there);
}

}  // namespace segue::runtime::rehearsal
