#include "runtime/rehearsal/together.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <thread>

#include "runtime/apply.hpp"
#include "runtime/errors.hpp"
#include "runtime/rehearsal/app.hpp"
#include "runtime/rehearsal/database_state.hpp"
#include "runtime/rehearsal/lock_watch.hpp"
#include "runtime/rehearsal/moments.hpp"
#include "runtime/rehearsal/permitted.hpp"
#include "runtime/rehearsal/trace.hpp"
#include "runtime/rehearsal/waits.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::number_of;
using planner::Phase;
using planner::Step;

// An app that runs into a deadlock, or into another writer of the same key, tries again.
constexpr int tries = 6;
constexpr std::chrono::milliseconds before_next_try{15};
// Only what hangs for good gets there; shorter waits are judged by what was waited for.
constexpr const char* app_patience = "SET lock_timeout = '20s'";
constexpr std::size_t told_lines = 6;

bool may_try_again(const std::string& state) {
  return state == sqlstate::deadlock_detected || state == sqlstate::unique_violation;
}

class Crowd {
 public:
  Crowd(Stage& stage, const codegen::ReviewedPlan& plan, const TogetherOptions& options)
      : stage_(stage),
        shapes_(stage.shapes()),
        plan_(plan),
        options_(options),
        database_(stage.fresh()),
        pools_(shapes_, options.seed),
        keys_(shapes_.tables.size()),
        oracle_(shapes_, stage.model(Release::before).open(), stage.model(Release::after).open(),
                std::make_shared<Candidates>()),
        audit_(shapes_, oracle_) {
    oracle_.roll_back_at_end();
    for (std::size_t i = 0; i < shapes_.tables.size(); ++i) {
      if (!shapes_.tables[i].before || shapes_.tables[i].keyless) continue;
      for (const Key& key : oracle_.all_keys(Release::before, i)) keys_.add(i, key, false);
    }
    for (const planner::Catalog* catalog : {&shapes_.before, &shapes_.after}) {
      for (const planner::Table& table : catalog->tables) {
        for (const planner::Constraint& constraint : table.constraints) {
          if (constraint.kind == planner::ConstraintKind::foreign_key)
            referenced_.insert(constraint.target);
        }
      }
    }
  }

  Together run() {
    LockWatch watch(database_, options_.stall_budget,
                    [this](const LongWait& wait) { stalled(wait); });
    std::vector<std::thread> writers;
    // A value that moves is in two rows: no lease covers both.
    const std::size_t number = shapes_.moves.empty() ? options_.writers : 1;
    for (std::size_t i = 0; i < number; ++i)
      writers.emplace_back([this, i] { write(options_.seed * 1000 + i); });
    std::this_thread::sleep_for(options_.between);
    for (const Phase phase : planner::all_phases) {
      if (good()) apply_phase(phase);
    }
    stop_ = true;
    for (std::thread& one : writers) one.join();
    watch.stop();
    if (good()) check_everything();
    if (good()) check_end();
    finish(watch.longest());
    return std::move(result_);
  }

 private:
  bool good() const { return !failed_; }

  // ---- Phases ----

  // Nobody writes while `work` runs; statements that are under way end first.
  template <typename Work>
  void while_nobody_writes(const Work& work) {
    wanted_ = true;
    const std::unique_lock guard(state_);
    work();
    wanted_ = false;
  }

  void apply_phase(Phase phase) {
    while_nobody_writes([&] {
      if (phase == Phase::backfill) bring_home_strays();
      at_.under_way = number_of(phase);
      phase_ = phase;
    });
    const double from = book_.now();
    run_phase(phase);
    const double to = book_.now();
    book_.stretch("phase", fmt::format("{} {}", number_of(phase), planner::name_of(phase)), from,
                  to);
    if (!good()) return;
    while_nobody_writes([&] {
      set_step("");
      at_.under_way = 0;
      at_.complete = number_of(phase);
      if (phase == Phase::contract) oracle_.part();
      check_everything();
    });
    std::this_thread::sleep_for(options_.between);
  }

  void run_phase(Phase phase) {
    ApplyOptions options;
    options.phase = phase;
    options.release = "new";
    options.gate.skip_soak = "rehearsal";
    double step_began = 0;
    Moments moments;
    moments.before_step = [&](const Step& step) {
      set_step(fmt::format("{} {}", step.id, step.title));
      step_began = book_.now();
    };
    moments.after_step = [&](const Step& step) {
      book_.stretch("segue", fmt::format("{} {}", step.id, step.title), step_began, book_.now());
      std::this_thread::sleep_for(options_.breath);
    };
    StepTracer tracer;
    const auto silent = make_silent_reporter();
    const auto with = with_moments(*silent, moments);
    const auto reporter = tracer.wrap(*with);
    const Connector connector = tracer.wrap([this] { return database_.open("segue"); });
    try {
      runtime::apply(plan_, options, connector, real_clock(), *reporter);
    } catch (const std::runtime_error& error) {
      fail(Promise::end_state, fmt::format("phase {}: {}", number_of(phase), error.what()),
           "the phase is applied while the apps write");
    }
    draw_locks(tracer.take());
  }

  // A lock goes with the transaction that took it, at the end of its step.
  void draw_locks(const std::vector<TracedStep>& steps) {
    const std::vector<Stretch> drawn = book_.timeline();
    for (const TracedStep& step : steps) {
      const auto stretch = std::find_if(drawn.begin(), drawn.end(), [&](const Stretch& one) {
        return one.lane == "segue" && one.label == fmt::format("{} {}", step.id, step.title);
      });
      if (stretch == drawn.end()) continue;
      for (const HeldLock& lock : step.trace.locks) {
        // Weaker ones let every statement of an app through.
        if (lock.use.mode < planner::LockMode::share) continue;
        book_.stretch("lock",
                      fmt::format("{} {}", planner::name_of(lock.use.mode),
                                  planner::quoted(lock.use.relation)),
                      std::max(stretch->from, stretch->to - lock.held_ms / 1000), stretch->to);
      }
    }
  }

  void bring_home_strays() {
    if (shapes_.moves.empty()) return;
    const auto session = database_.open("old app");
    for (const MoveShape& move : shapes_.moves) {
      session->exec(take_back_strays(move.move));
      oracle_.session(Release::before).exec(take_back_strays(move.move));
    }
    oracle_.hold_to_pairs();
  }

  // ---- Writers ----

  void write(std::uint64_t seed) {
    std::map<Release, App> apps;
    for (const Release release : {Release::before, Release::after}) {
      auto session = database_.open(std::string(name_of(release)));
      session->exec(app_patience);
      apps.emplace(release, App(std::move(session), stage_.server().directory()));
    }
    Writer writer(shapes_, pools_, keys_, seed, true);
    while (!stop_ && good()) {
      if (!wanted_) {
        const std::shared_lock guard(state_);
        const std::vector<Permission> allowed = permitted(shapes_, at_);
        if (!allowed.empty()) {
          try {
            once(apps, writer, allowed[writer.random()() % allowed.size()]);
          } catch (const std::runtime_error& error) {
            fail(Promise::executable, error.what(), "ok");
          }
        }
      }
      std::this_thread::sleep_for(std::chrono::microseconds(500 + writer.random()() % 3000));
    }
  }

  // Deletes that others wait for, or hang on, come in one order here and in another there.
  bool depends_on_order(const Statement& statement) const {
    const bool goes =
        statement.kind == StatementKind::remove || statement.kind == StatementKind::update_key;
    return goes &&
           referenced_.contains(shapes_.tables[statement.table].side(statement.schema)->table.name);
  }

  void once(std::map<Release, App>& apps, Writer& writer, const Permission& permission) {
    std::optional<Statement> statement;
    {
      const std::lock_guard guard(model_);
      statement = writer.next(oracle_, permission);
      if (!statement) return;
      if (!take(*statement)) {
        keys_.give_back(statement->table, statement->keys);
        return;
      }
    }
    App& app = apps.at(statement->release);
    if (send(app, *statement)) look(app, *statement);
    keys_.give_back(statement->table, statement->keys);
    if (statement->kind == StatementKind::remove) return;
    for (const Key& key : statement->new_keys) keys_.add(statement->table, key, true);
  }

  // The model goes first: the row is leased, so nobody comes between.
  bool take(const Statement& statement) {
    const TableShape& shape = shapes_.tables[statement.table];
    if (is_in_between(shape, at_) || depends_on_order(statement)) return false;
    const Side& side = *shape.side(statement.schema);
    if (!oracle_.attempt(statement.key_left_out ? with_key(statement, side) : statement).accepted) {
      count(fmt::format("{}: left out, the two schemas do not agree on it",
                        name_of(statement.release)));
      return false;
    }
    if (statement.key_left_out) {
      oracle_.forget();
    } else {
      oracle_.keep();
    }
    return true;
  }

  bool send(App& app, Statement& statement) {
    const TableShape& shape = shapes_.tables[statement.table];
    const Side& side = *shape.side(statement.schema);
    const int phase = at_.under_way > 0 ? at_.under_way : at_.complete;
    Answer answer;
    for (int i = 0; i < tries; ++i) {
      if (i > 0) std::this_thread::sleep_for(before_next_try);
      answer = app.send(statement, side);
      book_.statement(phase, statement.release == Release::after, answer.ms, !answer.ok);
      if (answer.ok) break;
      if (must_reconnect(shape, at_, answer.sqlstate)) {
        app.forget_plans();
      } else if (!may_try_again(answer.sqlstate)) {
        break;
      }
    }
    {
      const std::lock_guard guard(result_mutex_);
      sent_.push_back({moment(), statement});
      ++result_.tried[fmt::format("together, {}: {}", name_of(statement.release),
                                  name_of(statement.kind))];
      ++result_.checks[Promise::executable];
    }
    if (!answer.ok) {
      fail(Promise::executable, answer.text(), "ok", {}, statement);
      return false;
    }
    if (!statement.key_left_out) return true;
    statement.new_keys.front().clear();
    for (const Value& value : answer.returned)
      statement.new_keys.front().push_back(value.value_or(""));
    const std::lock_guard guard(model_);
    if (!oracle_.attempt(with_key(statement, side)).accepted) return false;
    oracle_.keep();
    return true;
  }

  void look(App& app, const Statement& statement) {
    std::vector<Key> keys = statement.keys;
    keys.insert(keys.end(), statement.new_keys.begin(), statement.new_keys.end());
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    const std::lock_guard guard(model_);
    count(Promise::no_lost_write);
    const auto mismatch = read(app, statement.table, [&] {
      return audit_.rows(app, statement.release, statement.table, keys, at_);
    });
    if (mismatch)
      fail(Promise::no_lost_write, mismatch->saw, mismatch->should_see, mismatch, statement);
  }

  template <typename Read>
  std::optional<Mismatch> read(App& app, std::size_t table, const Read& what) {
    try {
      return what();
    } catch (const DatabaseError& error) {
      if (!must_reconnect(shapes_.tables[table], at_, error.sqlstate())) throw;
      app.forget_plans();
      return what();
    }
  }

  // ---- What is there when all are still ----

  void check_everything() {
    for (const Permission& one : permitted(shapes_, at_)) {
      App app(database_.open(std::string(name_of(one.release))), stage_.server().directory());
      for (std::size_t table = 0; table < shapes_.tables.size() && good(); ++table) {
        if (!shapes_.tables[table].side(one.release)) continue;
        count(Promise::no_lost_write);
        if (at_.filled()) count(Promise::complete);
        const auto mismatch = audit_.table(app, one.release, table, at_);
        if (!mismatch) continue;
        const bool by_app = std::any_of(sent_.begin(), sent_.end(), [&](const Sent& sent) {
          return touches(sent, table, mismatch->key);
        });
        fail(at_.filled() && !by_app ? Promise::complete : Promise::no_lost_write, mismatch->saw,
             mismatch->should_see, mismatch);
      }
    }
  }
  void check_end() {
    count(Promise::end_state);
    const auto differences =
        planner::differences(comparable(shapes_.after), read_structure(*database_.open()), {});
    if (!differences.empty())
      fail(Promise::end_state, differences.front(), "the schema that plain DDL makes");
  }

  // ---- What came of it ----

  static bool touches(const Sent& sent, std::size_t table, const Key& key) {
    const auto has = [&](const std::vector<Key>& list) {
      return std::find(list.begin(), list.end(), key) != list.end();
    };
    return sent.statement.table == table &&
           (has(sent.statement.keys) || has(sent.statement.new_keys));
  }

  void set_step(std::string step) {
    const std::lock_guard guard(result_mutex_);
    step_ = std::move(step);
  }
  std::string moment() const {
    if (step_.empty()) return fmt::format("0/phase {} complete", at_.complete);
    return fmt::format("0/{} within", step_.substr(0, step_.find(' ')));
  }
  void count(const std::string& what) {
    const std::lock_guard guard(result_mutex_);
    ++result_.tried[what];
  }
  void count(Promise promise) {
    const std::lock_guard guard(result_mutex_);
    ++result_.checks[promise];
  }

  void stalled(const LongWait& wait) {
    fail(Promise::stall,
         fmt::format("{}: waited {:.1f} s for a lock that segue held or waited for: {}", wait.who,
                     wait.waited.count(), wait.statement),
         fmt::format("no statement waits longer than {:.1f} s for segue",
                     options_.stall_budget.count()));
  }

  void fail(Promise promise, std::string saw, std::string should_see,
            std::optional<Mismatch> mismatch = {}, std::optional<Statement> statement = {}) {
    const std::lock_guard guard(result_mutex_);
    if (failed_) return;
    Violation violation;
    violation.promise = promise;
    violation.phase = phase_;
    violation.step = step_;
    violation.moment = moment();
    violation.saw = std::move(saw);
    violation.should_see = std::move(should_see);
    violation.because = "several wrote at once: the same seed writes the same, in another order";
    for (const Sent& sent : sent_) {
      if (mismatch && touches(sent, mismatch->table, mismatch->key)) result_.last.push_back(sent);
    }
    if (!mismatch && statement) result_.last.push_back({violation.moment, *statement});
    if (result_.last.size() > told_lines)
      result_.last.erase(result_.last.begin(),
                         result_.last.end() - static_cast<std::ptrdiff_t>(told_lines));
    violation.mismatch = std::move(mismatch);
    violation.statement = std::move(statement);
    result_.violation = std::move(violation);
    failed_ = true;
  }

  void finish(Seconds longest) {
    ++result_.checks[Promise::stall];
    result_.waits = book_.waits();
    result_.timeline = book_.timeline();
    result_.latencies = book_.latencies();
    result_.notes.push_back(fmt::format(
        "stall: of {} statements that ran beside the plan none may wait for segue longer than "
        "{:.0f} ms; the longest such wait was {:.0f} ms",
        sent_.size(), options_.stall_budget.count() * 1000, longest.count() * 1000));
  }

  Stage& stage_;
  const Shapes& shapes_;
  const codegen::ReviewedPlan& plan_;
  const TogetherOptions& options_;
  Database database_;
  Pools pools_;
  LiveKeys keys_;
  std::set<planner::QualifiedName> referenced_;
  std::mutex model_;  // held around the oracle and the audit
  Oracle oracle_;
  Audit audit_;
  std::shared_mutex state_;  // shared: a statement is under way; alone: at_ changes
  std::atomic<bool> wanted_ = false;
  Progressed at_;
  Phase phase_ = Phase::expand;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> failed_ = false;
  std::mutex result_mutex_;
  std::string step_;
  std::vector<Sent> sent_;
  WaitBook book_;
  Together result_;
};

}  // namespace

Together play_together(Stage& stage, const codegen::ReviewedPlan& plan,
                       const TogetherOptions& options) {
  return Crowd(stage, plan, options).run();
}

}  // namespace segue::runtime::rehearsal
