#include "runtime/rehearsal/together.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>

#include "runtime/apply.hpp"
#include "runtime/errors.hpp"
#include "runtime/rehearsal/crew.hpp"
#include "runtime/rehearsal/database_state.hpp"
#include "runtime/rehearsal/lock_watch.hpp"
#include "runtime/rehearsal/moments.hpp"
#include "runtime/rehearsal/permitted.hpp"
#include "runtime/rehearsal/round_maker.hpp"
#include "runtime/rehearsal/trace.hpp"
#include "runtime/undo.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::number_of;
using planner::Phase;
using planner::Step;

constexpr std::size_t told_lines = 6;

class Crowd {
 public:
  Crowd(Stage& stage, const codegen::ReviewedPlan& plan, const TogetherOptions& options)
      : stage_(stage),
        shapes_(stage.shapes()),
        plan_(plan),
        options_(options),
        database_(stage.fresh()),
        oracle_(shapes_, stage.model(Release::before).open(), stage.model(Release::after).open(),
                std::make_shared<Candidates>()),
        audit_(shapes_, oracle_),
        observer_(database_.open("observer"), stage.server().directory()),
        crew_(stage, database_,
              // A value that moves is in two rows: nobody can have both to himself.
              shapes_.moves.empty() ? options.writers : 1, book_) {
    oracle_.roll_back_at_end();
    maker_.emplace(shapes_, oracle_, options_.seed);
  }

  Together run() {
    LockWatch watch(database_, options_.stall_budget,
                    [this](const LongWait& wait) { stalled(wait); });
    among_themselves();
    for (const Phase phase : planner::all_phases) {
      if (number_of(phase) > options_.leg.last) break;
      if (good()) apply_phase(phase);
      if (good()) among_themselves();
    }
    if (good() && options_.leg.undo) undo_all();
    crew_.finish();
    watch.stop();
    if (good()) check_end();
    finish(watch.longest());
    return std::move(result_);
  }

 private:
  bool good() const { return !failed_; }

  // ---- Phases ----

  void apply_phase(Phase phase) {
    if (phase == Phase::backfill) bring_home_strays();
    at_.under_way = number_of(phase);
    phase_ = phase;
    ApplyOptions options;
    options.phase = phase;
    options.release = "new";
    options.gate.skip_soak = "rehearsal";
    const double from = book_.now();
    guarded(Promise::end_state, [&](const Connector& connector, Reporter& reporter) {
      runtime::apply(plan_, options, connector, real_clock(), reporter);
    });
    book_.stretch("phase", fmt::format("{} {}", number_of(phase), planner::name_of(phase)), from,
                  book_.now());
    at_.under_way = 0;
    if (!good()) return;
    at_.complete = number_of(phase);
    if (phase == Phase::contract) oracle_.part();
    check_everything();
  }

  void undo_all() {
    at_.undoing = true;
    guarded(Promise::reversible, [&](const Connector& connector, Reporter& reporter) {
      runtime::undo(plan_, {}, connector, real_clock(), reporter);
    });
    if (!good()) return;
    at_ = {};
    count(Promise::reversible);
    check_everything();
  }

  // The steps of `work`, each with its round of writers.
  template <typename Work>
  void guarded(Promise promise, const Work& work) {
    double began = 0;
    Moments moments;
    moments.before_step = [&](const Step& step) {
      set_step(step);
      began = book_.now();
      start_round();
    };
    moments.after_step = [&](const Step& step) {
      book_.stretch("segue", fmt::format("{} {}", step.id, step.title), began, book_.now());
      finish_round();
    };
    moments.before_undo = [&](const Step& step) {
      finish_round();
      set_step(step);
      start_round();
    };
    StepTracer tracer;
    const auto silent = make_silent_reporter();
    const auto with = with_moments(*silent, moments);
    const auto reporter = tracer.wrap(*with);
    const Connector connector = tracer.wrap([this] { return database_.open("segue"); });
    try {
      work(connector, *reporter);
    } catch (const std::runtime_error& error) {
      fail(promise, error.what(), "it succeeds while the apps write");
    }
    finish_round();
    step_.clear();
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

  // Phase 3 stops at values that have nowhere to go; the notes ask the app to mend them first.
  void bring_home_strays() {
    for (const MoveShape& move : shapes_.moves) {
      observer_.session().exec(take_back_strays(move.move, Release::before));
      for (const Release release : {Release::before, Release::after}) {
        const std::string sql = take_back_strays(move.move, release);
        if (!sql.empty()) oracle_.session(release).exec(sql);
      }
    }
    if (!shapes_.moves.empty()) oracle_.hold_to_pairs();
  }

  // ---- Rounds ----

  // Both releases between two phases, when segue rests.
  void among_themselves() {
    start_round();
    finish_round();
    if (good()) check_everything();
  }

  void start_round() {
    if (!good()) return;
    Round round = maker_->make(crew_.writers(), options_.statements, at_);
    if (const std::uint64_t left_out = maker_->take_left_out(); left_out > 0)
      result_.tried["together: left out, the two schemas do not agree on it"] += left_out;
    running_ = true;
    const int phase = at_.under_way > 0 ? at_.under_way : at_.complete;
    crew_.start(std::move(round), phase,
                [this](const Statement& statement, const std::string& sqlstate) {
                  return must_reconnect(shapes_.tables[statement.table], at_, sqlstate);
                });
  }

  void finish_round() {
    if (!std::exchange(running_, false)) return;
    Round round = crew_.finish();
    for (std::vector<Task>& tasks : round) {
      for (Task& task : tasks) {
        if (!good()) return;
        settle(task);
      }
    }
    count(Promise::no_lost_write);
    if (auto mismatch = maker_->settle(round, observer_.session(), at_))
      lost(*mismatch, Promise::no_lost_write);
    for (const std::vector<Task>& tasks : round) {
      for (const Task& task : tasks) {
        if (good() && !task.shared) look(task.statement);
      }
    }
  }

  void settle(Task& task) {
    const Statement& statement = task.statement;
    sent_.push_back({moment(), statement});
    count(Promise::executable);
    ++result_.tried[fmt::format("together, {}: {}{}", name_of(statement.release),
                                name_of(statement.kind), task.shared ? " of a shared row" : "")];
    if (!task.answer.ok) {
      const bool waited = task.answer.sqlstate == sqlstate::lock_not_available;
      fail(waited ? Promise::stall : Promise::executable, task.answer.text(), "ok", {}, statement);
      return;
    }
    if (!maker_->learn(task))
      fail(Promise::no_lost_write,
           fmt::format("the key {} is refused by the model",
                       task.statement.new_keys.front().front()),
           "a key of its own", {}, statement);
  }

  void look(const Statement& statement) {
    std::vector<Key> keys = statement.keys;
    keys.insert(keys.end(), statement.new_keys.begin(), statement.new_keys.end());
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const Permission& one : permitted(shapes_, at_)) {
      count(Promise::no_lost_write);
      compare(one.release, statement.table,
              [&] { return audit_.rows(observer_, one.release, statement.table, keys, at_); });
    }
  }

  void check_everything() {
    for (const Permission& one : permitted(shapes_, at_)) {
      for (std::size_t table = 0; table < shapes_.tables.size() && good(); ++table) {
        if (!shapes_.tables[table].side(one.release)) continue;
        count(Promise::no_lost_write);
        if (at_.filled()) count(Promise::complete);
        compare(one.release, table,
                [&] { return audit_.table(observer_, one.release, table, at_); });
      }
    }
  }

  template <typename Read>
  void compare(Release release, std::size_t table, const Read& read) {
    if (!good()) return;
    const auto again = [&](const DatabaseError& error) {
      return must_reconnect(shapes_.tables[table], at_, error.sqlstate());
    };
    std::optional<Mismatch> mismatch;
    try {
      try {
        mismatch = read();
      } catch (const DatabaseError& error) {
        if (!again(error)) throw;
        observer_.forget_plans();
        mismatch = read();
      }
    } catch (const DatabaseError& error) {
      fail(Promise::executable,
           fmt::format("{}: SELECT: ERROR: {} ({})", name_of(release), error.what(),
                       error.sqlstate()),
           "ok");
    }
    if (!mismatch) return;
    const bool by_app = std::any_of(sent_.begin(), sent_.end(), [&](const Sent& sent) {
      return touches(sent, mismatch->table, mismatch->key);
    });
    lost(*mismatch, at_.filled() && !by_app ? Promise::complete : Promise::no_lost_write);
  }

  void check_end() {
    const bool undone = options_.leg.undo;
    count(undone ? Promise::reversible : Promise::end_state);
    if (!undone && options_.leg.last < 4) return;
    const auto differences =
        planner::differences(undone ? stage_.undone() : comparable(shapes_.after),
                             read_structure(*database_.open()), {});
    if (!differences.empty())
      fail(undone ? Promise::reversible : Promise::end_state, differences.front(),
           undone ? "the schema as it was before the change" : "the schema that plain DDL makes");
  }

  // ---- What came of it ----

  static bool touches(const Sent& sent, std::size_t table, const Key& key) {
    const auto has = [&](const std::vector<Key>& list) {
      return std::find(list.begin(), list.end(), key) != list.end();
    };
    return sent.statement.table == table &&
           (has(sent.statement.keys) || has(sent.statement.new_keys));
  }

  void set_step(const Step& step) {
    const std::lock_guard guard(result_mutex_);
    phase_ = step.phase;
    step_ = fmt::format("{} {}", step.id, step.title);
  }
  std::string moment() const {
    if (step_.empty()) return fmt::format("0/phase {} complete", at_.complete);
    return fmt::format("0/{} {}", step_.substr(0, step_.find(' ')),
                       at_.undoing ? "undo" : "within");
  }
  void count(Promise promise) { ++result_.checks[promise]; }

  // Told by the watch's own thread.
  void stalled(const LongWait& wait) {
    fail(Promise::stall,
         fmt::format("{}: waited {:.1f} s for a lock that segue held or waited for: {}", wait.who,
                     wait.waited.count(), wait.statement),
         fmt::format("no statement waits longer than {:.1f} s for segue",
                     options_.stall_budget.count()));
  }
  void lost(const Mismatch& mismatch, Promise promise) {
    fail(promise, mismatch.saw, mismatch.should_see, mismatch);
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
    if (mismatch) {
      for (const Sent& sent : sent_) {
        if (touches(sent, mismatch->table, mismatch->key)) result_.last.push_back(sent);
      }
    } else if (statement) {
      result_.last.push_back({violation.moment, *statement});
    }
    if (result_.last.size() > told_lines)
      result_.last.erase(result_.last.begin(),
                         result_.last.end() - static_cast<std::ptrdiff_t>(told_lines));
    violation.mismatch = std::move(mismatch);
    violation.statement = std::move(statement);
    result_.violation = std::move(violation);
    failed_ = true;
  }

  void finish(Seconds longest) {
    count(Promise::stall);
    result_.waits = book_.waits();
    result_.timeline = book_.timeline();
    result_.latencies = book_.latencies();
    result_.notes.push_back(fmt::format(
        "stall: of {} statements that {} writer{} sent beside the plan none may wait for segue "
        "longer than {:.0f} ms; the longest such wait was {:.0f} ms",
        sent_.size(), crew_.writers(), crew_.writers() == 1 ? "" : "s",
        options_.stall_budget.count() * 1000, longest.count() * 1000));
  }

  Stage& stage_;
  const Shapes& shapes_;
  const codegen::ReviewedPlan& plan_;
  const TogetherOptions& options_;
  Database database_;
  Oracle oracle_;
  Audit audit_;
  App observer_;  // reads while the writers rest
  std::optional<RoundMaker> maker_;
  WaitBook book_;
  Crew crew_;
  Progressed at_;
  std::atomic<bool> failed_ = false;
  bool running_ = false;
  std::mutex result_mutex_;  // the watch may fail a run too
  Phase phase_ = Phase::expand;
  std::string step_;
  std::vector<Sent> sent_;
  Together result_;
};

}  // namespace

Together play_together(Stage& stage, const codegen::ReviewedPlan& plan,
                       const TogetherOptions& options) {
  return Crowd(stage, plan, options).run();
}

}  // namespace segue::runtime::rehearsal
