#include "workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <pqxx/pqxx>
#include <random>
#include <thread>
#include <unordered_map>
#include <utility>

#include "model.hpp"

namespace shop {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t insertable_rows = 500'000;
constexpr std::size_t kept_messages = 10;

enum class Release { old_app, new_app };

std::string text_of(const Text& text) {
  return text ? "'" + *text + "'" : "NULL";
}
const char* parameter(const Text& text) {
  return text ? text->c_str() : nullptr;
}
Text value_of(const pqxx::field& field) {
  return field.is_null() ? Text() : Text(field.as<std::string>());
}

std::string quoted_json(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

void Report::add(const Report& other) {
  seconds += other.seconds;
  statements += other.statements;
  errors += other.errors;
  lost_writes += other.lost_writes;
  longest_ms = std::max(longest_ms, other.longest_ms);
  old_statements += other.old_statements;
  new_statements += other.new_statements;
  for (const auto& message : other.messages) {
    if (messages.size() < kept_messages) messages.push_back(message);
  }
}

std::string Report::json() const {
  std::string list;
  for (const auto& message : messages) list += (list.empty() ? "" : ", ") + quoted_json(message);
  return fmt::format(
      R"({{"seconds": {:.1f}, "statements": {}, "old_statements": {}, "new_statements": {}, )"
      R"("errors": {}, "lost_writes": {}, "longest_ms": {:.1f}, "messages": [{}]}})",
      seconds, statements, old_statements, new_statements, errors, lost_writes, longest_ms, list);
}

struct Workload::Impl {
  explicit Impl(const WorkloadOptions& options_) : options(options_) {}

  WorkloadOptions options;
  Model model;
  std::string run_name;
  std::atomic<std::size_t> next_insert{0};

  std::mutex mutex;  // of all below
  std::condition_variable changed;
  int phase = 0;
  bool paused = false;
  bool stopping = false;
  int busy = 0;  // sessions inside a statement, or between it and the model
  Report report;
  Clock::time_point report_since = Clock::now();

  std::vector<std::thread> threads;

  static bool runs_in(Release release, int phase) {
    return release == Release::old_app ? phase <= 3 : phase >= 2;
  }

  void note(const std::string& message) {
    const std::lock_guard lock(mutex);
    if (report.messages.size() < kept_messages) report.messages.push_back(message);
  }
  void lost_write(const std::string& message) {
    note("lost write: " + message);
    const std::lock_guard lock(mutex);
    ++report.lost_writes;
  }
  void wait_until_idle(std::unique_lock<std::mutex>& lock) {
    changed.wait(lock, [this] { return busy == 0; });
  }
};

namespace {

// One session of one release: its statements are prepared once and kept for as long as it runs, as
// connection pools do, so that a plan from an earlier phase meets the schema of a later one.
class AppSession {
 public:
  AppSession(Release release, std::uint64_t seed, const WorkloadOptions& options, Model& model,
             std::atomic<std::size_t>& next_insert, std::string run_name)
      : release_(release),
        options_(options),
        model_(model),
        next_insert_(next_insert),
        run_name_(std::move(run_name)),
        random_(seed) {}

  struct Outcome {
    std::uint64_t statements = 0;
    std::uint64_t errors = 0;
    double longest_ms = 0;
    std::vector<std::string> errors_seen;
    std::vector<std::string> lost;
  };

  Outcome act(int phase);
  double next_pause() { return std::uniform_real_distribution<>(0.5, 1.5)(random_); }

 private:
  bool is_new() const { return release_ == Release::new_app; }
  const char* column() const { return is_new() ? "display_name" : "full_name"; }

  pqxx::connection& connection() {
    if (!connection_) {
      connection_ = std::make_unique<pqxx::connection>(
          options_.conninfo + " application_name=shop_" + (is_new() ? "new" : "old"));
      prepare();
    }
    return *connection_;
  }
  void prepare();

  // Runs a prepared statement in the given transaction and times it.
  template <typename... Arguments>
  pqxx::result run(pqxx::transaction_base& transaction, const char* name, Arguments... arguments) {
    ++outcome_.statements;
    const auto start = Clock::now();
    const auto measure = [&] {
      const std::chrono::duration<double, std::milli> took = Clock::now() - start;
      outcome_.longest_ms = std::max(outcome_.longest_ms, took.count());
    };
    try {
      auto result = transaction.exec_prepared(name, arguments...);
      measure();
      return result;
    } catch (...) {
      measure();
      throw;
    }
  }
  template <typename... Arguments>
  pqxx::result run(const char* name, Arguments... arguments) {
    pqxx::nontransaction alone(connection());
    return run(alone, name, arguments...);
  }

  std::uint64_t pick(std::uint64_t below) {
    return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(random_);
  }
  std::size_t pick_row();
  Text new_name();
  std::string new_phone() { return fmt::format("+49-{:07}", pick(10'000'000)); }
  std::string email_of(std::size_t index) const {
    return fmt::format("app{}-{}@example.com", run_name_, index);
  }

  void read(std::size_t index, ModelRow& row);
  void update(ModelRow& row);
  void update_unrelated(ModelRow& row);
  void insert(std::size_t index, ModelRow& row);
  void upsert(std::size_t index, ModelRow& row);
  void remove(ModelRow& row);
  void update_two(int phase);
  void touch_hot(int phase);
  void count_error(const std::exception& error, bool lost_connection);

  Release release_;
  const WorkloadOptions& options_;
  Model& model_;
  std::atomic<std::size_t>& next_insert_;
  std::string run_name_;
  std::mt19937_64 random_;
  std::unique_ptr<pqxx::connection> connection_;
  Outcome outcome_;
  std::uint64_t name_counter_ = 0;
};

void AppSession::prepare() {
  auto& c = *connection_;
  if (is_new()) {
    c.prepare("read", "SELECT display_name, phone FROM users WHERE id = $1");
    c.prepare("update", "UPDATE users SET display_name = $2 WHERE id = $1");
    c.prepare("update_phone", "UPDATE users SET phone = $2 WHERE id = $1");
    c.prepare("update_both", "UPDATE users SET display_name = $2, phone = $3 WHERE id = $1");
    c.prepare("insert",
              "INSERT INTO users (email, display_name, phone) VALUES ($1, $2, $3) RETURNING id");
    c.prepare(
        "upsert",
        "INSERT INTO users (email, display_name, phone) VALUES ($1, $2, $3) ON CONFLICT (email) DO "
        "UPDATE SET display_name = excluded.display_name, phone = excluded.phone RETURNING id");
  } else {
    c.prepare("read", "SELECT full_name FROM users WHERE id = $1");
    c.prepare("update", "UPDATE users SET full_name = $2 WHERE id = $1");
    c.prepare("insert", "INSERT INTO users (email, full_name) VALUES ($1, $2) RETURNING id");
    c.prepare(
        "upsert",
        "INSERT INTO users (email, full_name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET "
        "full_name = excluded.full_name RETURNING id");
  }
  c.prepare("insert_email", "INSERT INTO users (email) VALUES ($1) RETURNING id");
  c.prepare("unrelated", "UPDATE users SET country = $2 WHERE id = $1");
  c.prepare("delete", "DELETE FROM users WHERE id = $1");
}

// Mostly rows that were there before, now and then one that this run inserted.
std::size_t AppSession::pick_row() {
  const auto inserted =
      std::min<std::size_t>(next_insert_.load(), model_.rows.size() - model_.existing);
  return inserted > 0 && pick(4) == 0 ? model_.existing + pick(inserted) : pick(model_.existing);
}

Text AppSession::new_name() {
  if (pick(8) == 0) return std::nullopt;
  return fmt::format("{} name {} of {}", is_new() ? "New" : "Old", ++name_counter_,
                     random_() % 100'000);
}

void AppSession::read(std::size_t index, ModelRow& row) {
  const auto result = run("read", row.id);
  if (row.uncertain) return;
  if (result.empty() != !row.exists) {
    outcome_.lost.push_back(
        fmt::format("row {} ({}) is {}", row.id, index, result.empty() ? "gone" : "there"));
    return;
  }
  if (result.empty()) return;
  const auto name = value_of(result[0][0]);
  if (name != row.name) {
    outcome_.lost.push_back(fmt::format("{} of row {} is {}, was acknowledged as {}", column(),
                                        row.id, text_of(name), text_of(row.name)));
  }
  if (is_new() && value_of(result[0][1]) != row.phone) {
    outcome_.lost.push_back(fmt::format("phone of row {} is {}, was acknowledged as '{}'", row.id,
                                        text_of(value_of(result[0][1])), row.phone));
  }
}

void AppSession::update(ModelRow& row) {
  const auto name = new_name();
  const auto kind = is_new() ? pick(3) : 0;
  if (kind == 0) {
    run("update", row.id, parameter(name));
    row.name = name;
    return;
  }
  const auto phone = new_phone();
  if (kind == 1) {
    run("update_phone", row.id, phone);
  } else {
    run("update_both", row.id, parameter(name), phone);
    row.name = name;
  }
  row.phone = phone;
}

void AppSession::update_unrelated(ModelRow& row) {
  run("unrelated", row.id, pick(2) == 0 ? "DE" : "FR");
}

void AppSession::insert(std::size_t index, ModelRow& row) {
  const auto email = email_of(index);
  const auto name = new_name();
  const auto phone = new_phone();
  pqxx::result result;
  if (!is_new() && !name && pick(2) == 0) {
    result = run("insert_email", email);
  } else if (is_new()) {
    result = run("insert", email, parameter(name), phone);
  } else {
    result = run("insert", email, parameter(name));
  }
  row.id = result[0][0].as<std::int64_t>();
  row.exists = true;
  row.name = name;
  row.phone = is_new() ? phone : backfilled_phone;
}

void AppSession::upsert(std::size_t index, ModelRow& row) {
  const auto email = email_of(index);
  const auto name = new_name();
  const auto phone = new_phone();
  const auto result = is_new() ? run("upsert", email, parameter(name), phone)
                               : run("upsert", email, parameter(name));
  const auto id = result[0][0].as<std::int64_t>();
  if (row.exists && !row.uncertain && id != row.id) {
    outcome_.lost.push_back(fmt::format("an upsert of row {} made row {}", row.id, id));
  }
  if (is_new()) {
    row.phone = phone;
  } else if (!row.exists) {
    row.phone = backfilled_phone;
  }
  row.id = id;
  row.exists = true;
  row.name = name;
}

void AppSession::remove(ModelRow& row) {
  run("delete", row.id);
  row.exists = false;
  row.phone = backfilled_phone;
}

// Two rows in one transaction, in no order: against a backfill batch this is the way to a deadlock.
void AppSession::update_two(int phase) {
  auto first = pick_row();
  auto second = pick_row();
  if (Model::stripe_of(first) == Model::stripe_of(second)) return;
  const std::scoped_lock lock(model_.stripe(first), model_.stripe(second));
  auto& a = model_.rows[first];
  auto& b = model_.rows[second];
  if (!a.exists || !b.exists || a.uncertain || b.uncertain) return;
  const auto name_a = new_name();
  const auto name_b = new_name();
  try {
    pqxx::work both(connection());
    run(both, "update", a.id, parameter(name_a));
    if (phase != 2 || !is_new()) {
      const auto seen = run(both, "read", b.id);
      if (seen.empty() || value_of(seen[0][0]) != b.name) {
        outcome_.lost.push_back(
            fmt::format("{} of row {} is {}, was acknowledged as {}", column(), b.id,
                        seen.empty() ? "gone" : text_of(value_of(seen[0][0])), text_of(b.name)));
      }
    }
    run(both, "update", b.id, parameter(name_b));
    if (pick(10) == 0) {
      both.abort();
      return;
    }
    both.commit();
    a.name = name_a;
    b.name = name_b;
  } catch (const pqxx::broken_connection&) {
    a.uncertain = b.uncertain = true;
    throw;
  } catch (const pqxx::in_doubt_error&) {
    a.uncertain = b.uncertain = true;
    throw;
  }
}

void AppSession::touch_hot(int phase) {
  if (model_.hot_count == 0) return;
  auto& row = model_.hot[pick(model_.hot_count)];
  if (pick(3) == 0 && (phase != 2 || !is_new())) {
    const auto result = run("read", row.id);
    const std::lock_guard lock(row.mutex);
    if (result.empty() || row.names.count(value_of(result[0][0])) == 0) {
      outcome_.lost.push_back(
          fmt::format("{} of row {} was never written: {}", column(), row.id,
                      result.empty() ? "gone" : text_of(value_of(result[0][0]))));
    }
    return;
  }
  const auto name = new_name();
  const auto phone = new_phone();
  {
    const std::lock_guard lock(row.mutex);
    row.names.insert(name);
    if (is_new()) row.phones.insert(phone);
  }
  if (is_new()) {
    run("update_both", row.id, parameter(name), phone);
  } else {
    run("update", row.id, parameter(name));
  }
}

void AppSession::count_error(const std::exception& error, bool lost_connection) {
  ++outcome_.errors;
  outcome_.errors_seen.push_back(fmt::format("{} app: {}", is_new() ? "new" : "old", error.what()));
  if (lost_connection) connection_.reset();
}

AppSession::Outcome AppSession::act(int phase) {
  outcome_ = {};
  try {
    const auto choice = pick(100);
    const bool may_read = !is_new() || phase >= 3;
    if (choice < 6) {
      touch_hot(phase);
    } else if (choice < 14) {
      update_two(phase);
    } else if (choice < 22) {
      const auto index = model_.existing + next_insert_.fetch_add(1);
      if (index < model_.rows.size()) {
        const std::lock_guard lock(model_.stripe(index));
        insert(index, model_.rows[index]);
      }
    } else {
      const auto index = pick_row();
      const std::lock_guard lock(model_.stripe(index));
      auto& row = model_.rows[index];
      const bool ours = index >= model_.existing && row.id != 0;
      try {
        if (row.id == 0) {
          // Somebody took this place and has not inserted yet.
        } else if (choice < 55 && may_read) {
          read(index, row);
        } else if (choice < 62) {
          if (row.exists) update_unrelated(row);
        } else if (choice < 74 && ours) {
          upsert(index, row);
        } else if (choice < 80 && ours) {
          if (row.exists) remove(row);
        } else if (row.exists) {
          update(row);
        }
      } catch (const pqxx::broken_connection&) {
        row.uncertain = true;
        throw;
      }
    }
  } catch (const pqxx::broken_connection& error) {
    count_error(error, true);
  } catch (const std::exception& error) {
    count_error(error, false);
  }
  return std::move(outcome_);
}

}  // namespace

Workload::Workload(const WorkloadOptions& options) : impl_(std::make_unique<Impl>(options)) {
  auto& impl = *impl_;
  {
    pqxx::connection connection(options.conninfo);
    pqxx::work work(connection);
    const auto users = work.exec("SELECT id, full_name FROM users ORDER BY id");
    impl.model.rows.reserve(static_cast<std::size_t>(users.size()) + insertable_rows);
    for (const auto& user : users)
      impl.model.add_existing(user[0].as<std::int64_t>(), value_of(user[1]));
    impl.run_name = std::to_string(connection.backendpid());
    if (impl.model.rows.size() < 100) {
      throw std::invalid_argument("the table of users needs more than a hundred rows");
    }
  }
  impl.model.reserve_inserts(insertable_rows);

  const auto loop = [this](Release release, std::uint64_t seed) {
    auto& shared = *impl_;
    AppSession session(release, seed, shared.options, shared.model, shared.next_insert,
                       shared.run_name);
    while (true) {
      int phase = 0;
      {
        std::unique_lock lock(shared.mutex);
        shared.changed.wait(lock, [&] {
          return shared.stopping || (!shared.paused && Impl::runs_in(release, shared.phase));
        });
        if (shared.stopping) return;
        phase = shared.phase;
        ++shared.busy;
      }
      auto outcome = session.act(phase);
      for (const auto& message : outcome.errors_seen) shared.note(message);
      for (const auto& message : outcome.lost) shared.lost_write(message);
      {
        const std::lock_guard lock(shared.mutex);
        --shared.busy;
        shared.report.statements += outcome.statements;
        (release == Release::old_app ? shared.report.old_statements
                                     : shared.report.new_statements) += outcome.statements;
        shared.report.errors += outcome.errors;
        shared.report.longest_ms = std::max(shared.report.longest_ms, outcome.longest_ms);
      }
      shared.changed.notify_all();
      if (shared.options.rate > 0) {
        std::this_thread::sleep_for(
            std::chrono::duration<double>(session.next_pause() / shared.options.rate));
      }
    }
  };
  for (int n = 0; n < options.old_sessions; ++n) {
    impl.threads.emplace_back(loop, Release::old_app,
                              options.seed * 1000 + static_cast<std::uint64_t>(n));
  }
  for (int n = 0; n < options.new_sessions; ++n) {
    impl.threads.emplace_back(loop, Release::new_app,
                              options.seed * 1000 + 500 + static_cast<std::uint64_t>(n));
  }
}

Workload::~Workload() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->changed.notify_all();
  for (auto& thread : impl_->threads) thread.join();
}

void Workload::enter(int phase) {
  auto& impl = *impl_;
  std::unique_lock lock(impl.mutex);
  impl.paused = true;
  impl.wait_until_idle(lock);
  // Before phase 2 there is no new column: what the new release wrote there is gone with it.
  if (phase < 2) {
    for (auto& row : impl.model.rows) row.phone = backfilled_phone;
  }
  impl.phase = phase;
  impl.paused = false;
  impl.changed.notify_all();
}

Report Workload::take_report() {
  const std::lock_guard lock(impl_->mutex);
  Report taken;
  std::swap(taken, impl_->report);
  const auto now = Clock::now();
  taken.seconds = std::chrono::duration<double>(now - impl_->report_since).count();
  impl_->report_since = now;
  return taken;
}

std::size_t Workload::rows() const {
  return impl_->model.hot_count + impl_->model.existing;
}

Report Workload::check_all() {
  auto& impl = *impl_;
  std::unique_lock lock(impl.mutex);
  impl.paused = true;
  impl.wait_until_idle(lock);

  Report report;
  const auto lost = [&](const std::string& message) {
    ++report.lost_writes;
    if (report.messages.size() < kept_messages) report.messages.push_back("lost write: " + message);
  };
  // Before phase 3 nobody may read the new columns; after it, old and new have to agree.
  std::string columns = "id, full_name";
  if (impl.phase == 3) columns = "id, full_name, display_name, phone";
  if (impl.phase == 4) columns = "id, display_name, phone";
  pqxx::connection connection(impl.options.conninfo);
  pqxx::work work(connection);
  std::unordered_map<std::int64_t, pqxx::row> found;
  const auto users = work.exec("SELECT " + columns + " FROM users");
  for (const auto& user : users) found.emplace(user[0].as<std::int64_t>(), user);
  report.statements = 1;

  const auto names_in = [&](const pqxx::row& user) {
    std::vector<Text> names{value_of(user[1])};
    if (impl.phase == 3) names.push_back(value_of(user[2]));
    return names;
  };
  const auto phone_in = [&](const pqxx::row& user) {
    return value_of(user[impl.phase == 3 ? 3 : 2]);
  };
  std::size_t expected = 0;
  for (const auto& row : impl.model.rows) {
    const auto place = found.find(row.id);
    if (row.uncertain) {
      if (place != found.end()) ++expected;
      continue;
    }
    if (!row.exists) {
      if (row.id != 0 && place != found.end()) lost(fmt::format("deleted row {} is there", row.id));
      continue;
    }
    ++expected;
    if (place == found.end()) {
      lost(fmt::format("row {} is gone", row.id));
      continue;
    }
    for (const auto& name : names_in(place->second)) {
      if (name == row.name) continue;
      lost(fmt::format("the name of row {} is {}, was acknowledged as {}", row.id, text_of(name),
                       text_of(row.name)));
    }
    if (impl.phase >= 3 && phone_in(place->second) != row.phone) {
      lost(fmt::format("the phone of row {} is {}, was acknowledged as '{}'", row.id,
                       text_of(phone_in(place->second)), row.phone));
    }
  }
  for (std::size_t n = 0; n < impl.model.hot_count; ++n) {
    const auto& row = impl.model.hot[n];
    const auto place = found.find(row.id);
    ++expected;
    if (place == found.end()) {
      lost(fmt::format("row {} is gone", row.id));
      continue;
    }
    const auto names = names_in(place->second);
    for (const auto& name : names) {
      if (row.names.count(name) == 0)
        lost(fmt::format("the name of row {} was never written: {}", row.id, text_of(name)));
    }
    if (names.size() == 2 && names[0] != names[1]) {
      lost(fmt::format("row {} is {} to the old app and {} to the new one", row.id,
                       text_of(names[0]), text_of(names[1])));
    }
    if (impl.phase >= 3 && row.phones.count(phone_in(place->second).value_or("NULL")) == 0) {
      lost(fmt::format("the phone of row {} was never written: {}", row.id,
                       text_of(phone_in(place->second))));
    }
  }
  if (expected != found.size()) {
    lost(fmt::format("the table has {} rows, {} were acknowledged", found.size(), expected));
  }

  impl.paused = false;
  lock.unlock();
  impl.changed.notify_all();
  return report;
}

}  // namespace shop
