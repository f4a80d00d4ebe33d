#include "runtime/rehearsal/together.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/apply.hpp"
#include "runtime/errors.hpp"
#include "runtime/rehearsal/crew.hpp"
#include "runtime/rehearsal/crowd_verdict.hpp"
#include "runtime/rehearsal/database_state.hpp"
#include "runtime/rehearsal/drawn_locks.hpp"
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
      if (verdict_.good()) apply_phase(phase);
      if (verdict_.good()) among_themselves();
    }
    if (verdict_.good() && options_.leg.undo) undo_all();
    crew_.finish();
    watch.stop();
    if (verdict_.good()) check_end();
    finish(watch.longest());
    return std::move(result_);
  }

 private:
  // ---- Phases ----

  void apply_phase(Phase phase) {
    if (phase == Phase::backfill) bring_home_strays();
    at_.under_way = number_of(phase);
    verdict_.begin(phase);
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
    if (!verdict_.good()) return;
    at_.complete = number_of(phase);
    if (phase == Phase::contract) oracle_.part();
    check_everything();
  }

  void undo_all() {
    at_.undoing = true;
    guarded(Promise::reversible, [&](const Connector& connector, Reporter& reporter) {
      runtime::undo(plan_, {}, connector, real_clock(), reporter);
    });
    if (!verdict_.good()) return;
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
      verdict_.begin(step);
      began = book_.now();
      start_round();
    };
    moments.after_step = [&](const Step& step) {
      book_.stretch("segue", fmt::format("{} {}", step.id, step.title), began, book_.now());
      finish_round();
    };
    moments.before_undo = [&](const Step& step) {
      finish_round();
      verdict_.begin(step);
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
      verdict_.fail(promise, error.what(), "it succeeds while the apps write");
    }
    finish_round();
    verdict_.end_step();
    draw_locks(tracer.take(), book_);
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
    if (verdict_.good()) check_everything();
  }

  void start_round() {
    if (!verdict_.good()) return;
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
        if (!verdict_.good()) return;
        settle(task);
      }
    }
    count(Promise::no_lost_write);
    if (auto mismatch = maker_->settle(round, observer_.session(), at_))
      verdict_.lost(*mismatch, Promise::no_lost_write);
    for (const std::vector<Task>& tasks : round) {
      for (const Task& task : tasks) {
        if (verdict_.good() && !task.shared) look(task.statement);
      }
    }
  }

  void settle(Task& task) {
    const Statement& statement = task.statement;
    verdict_.sent(statement);
    count(Promise::executable);
    ++result_.tried[fmt::format("together, {}: {}{}", name_of(statement.release),
                                name_of(statement.kind), task.shared ? " of a shared row" : "")];
    if (!task.answer.ok) {
      const bool waited = task.answer.sqlstate == sqlstate::lock_not_available;
      verdict_.fail(waited ? Promise::stall : Promise::executable, task.answer.text(), "ok", {},
                    statement);
      return;
    }
    if (!maker_->learn(task))
      verdict_.fail(Promise::no_lost_write,
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
      for (std::size_t table = 0; table < shapes_.tables.size() && verdict_.good(); ++table) {
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
    if (!verdict_.good()) return;
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
      verdict_.fail(Promise::executable,
                    fmt::format("{}: SELECT: ERROR: {} ({})", name_of(release), error.what(),
                                error.sqlstate()),
                    "ok");
    }
    if (!mismatch) return;
    const bool by_app = verdict_.was_sent(mismatch->table, mismatch->key);
    verdict_.lost(*mismatch, at_.filled() && !by_app ? Promise::complete : Promise::no_lost_write);
  }

  void check_end() {
    const bool undone = options_.leg.undo;
    count(undone ? Promise::reversible : Promise::end_state);
    if (!undone && options_.leg.last < 4) return;
    const auto differences =
        planner::differences(undone ? stage_.undone() : comparable(shapes_.after),
                             read_structure(*database_.open()), {});
    if (!differences.empty())
      verdict_.fail(
          undone ? Promise::reversible : Promise::end_state, differences.front(),
          undone ? "the schema as it was before the change" : "the schema that plain DDL makes");
  }

  // ---- What came of it ----

  void count(Promise promise) { ++result_.checks[promise]; }

  // Told by the watch's own thread.
  void stalled(const LongWait& wait) {
    verdict_.fail(Promise::stall,
                  fmt::format("{}: waited {:.1f} s for a lock that segue held or waited for: {}",
                              wait.who, wait.waited.count(), wait.statement),
                  fmt::format("no statement waits longer than {:.1f} s for segue",
                              options_.stall_budget.count()));
  }
  void finish(Seconds longest) {
    count(Promise::stall);
    verdict_.put_into(result_);
    result_.waits = book_.waits();
    result_.timeline = book_.timeline();
    result_.latencies = book_.latencies();
    result_.notes.push_back(fmt::format(
        "stall: of {} statements that {} writer{} sent beside the plan none may wait for segue "
        "longer than {:.0f} ms; the longest such wait was {:.0f} ms",
        verdict_.statements(), crew_.writers(), crew_.writers() == 1 ? "" : "s",
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
  CrowdVerdict verdict_{at_};
  bool running_ = false;
  Together result_;
};

}  // namespace

Together play_together(Stage& stage, const codegen::ReviewedPlan& plan,
                       const TogetherOptions& options) {
  return Crowd(stage, plan, options).run();
}

}  // namespace segue::runtime::rehearsal
