// Playing a run: its phases, deaths and undo, with the apps at work in between.
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <random>

#include "runtime/apply.hpp"
#include "runtime/errors.hpp"
#include "runtime/rehearsal/apps_at_work.hpp"
#include "runtime/rehearsal/crash.hpp"
#include "runtime/rehearsal/database_state.hpp"
#include "runtime/rehearsal/moments.hpp"
#include "runtime/rehearsal/run.hpp"
#include "runtime/rehearsal/run_record.hpp"
#include "runtime/undo.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::number_of;
using planner::Phase;
using planner::Step;

constexpr int deaths_by_the_clock = 3;       // in each phase
constexpr std::uint64_t longest_life = 400;  // milliseconds: a phase of small tables takes as long
constexpr std::uint64_t one_death_in_so_many_takes_the_server = 4;

// Takes a plan through the legs of a run and has the apps act at each moment of it.
class Player {
 public:
  Player(Stage& stage, const codegen::ReviewedPlan& plan, const PlayOptions& options)
      : stage_(stage),
        shapes_(stage.shapes()),
        plan_(plan),
        options_(options),
        pools_(shapes_, options.seed),
        random_(options.seed) {}

  Played play() {
    for (std::size_t i = 0; i < options_.legs.size() && record_.good(); ++i) {
      record_.leg = i;
      begin_leg();
      play_leg(options_.legs[i]);
    }
    return std::move(record_.played);
  }

 private:
  // Each leg has databases, apps and a model of its own: what an undo left behind is checked at its
  // end and then in nobody's way.
  void begin_leg() {
    record_.at = {};
    within_ = 0;
    apps_.emplace(stage_, plan_.plan, options_, pools_, random_(), record_);
  }

  // ---- Phases ----

  void play_leg(const Leg& leg) {
    for (const Phase phase : planner::all_phases) {
      if (number_of(phase) > leg.last || !record_.good()) break;
      if (number_of(phase) == 1) {
        apps_->moment("before phase 1", nullptr);
        apps_->check_everything();
      }
      if (record_.good()) apply_phase(phase);
    }
    if (record_.good() && leg.last == 4 && record_.at.complete == 4) check_end();
    if (record_.good() && leg.undo) undo_all(leg.last);
  }

  void apply_phase(Phase phase) {
    ApplyOptions options;
    options.phase = phase;
    options.release = "new";
    options.gate.skip_soak = "rehearsal";
    record_.phase = phase;
    record_.step.clear();
    if (phase == Phase::backfill) apps_->bring_home_strays();
    record_.at.under_way = number_of(phase);
    if (options_.crash) die_and_die_again(phase, options);
    if (!record_.good()) return;
    Moments moments;
    moments.before_step = [this](const Step& step) {
      record_.step = id_and_title(step);
      apps_->moment(step.id + " before", &step);
    };
    moments.after_step = [this](const Step& step) {
      apps_->step_ended(step);
      apps_->moment(step.id + " after", &step);
    };
    moments.within_step = [this](const Step& step) {
      apps_->moment(fmt::format("{} within {}", step.id, ++within_), &step);
    };
    try {
      apply(options, moments);
    } catch (const Refused& error) {
      record_.fail(Promise::end_state,
                   fmt::format("phase {} is refused: {}", number_of(phase), error.what()),
                   "the phase is applied");
    } catch (const Failed& error) {
      record_.fail(Promise::end_state, error.what(), "the step succeeds");
    } catch (const DatabaseError& error) {
      record_.fail(Promise::end_state, error.what(), "the step succeeds");
    }
    record_.at.under_way = 0;
    if (!record_.good()) return;
    record_.at.complete = number_of(phase);
    if (phase == Phase::contract) apps_->part();
    apps_->check_everything();
    if (record_.good()) apps_->moment(fmt::format("phase {} complete", number_of(phase)), nullptr);
    if (record_.good()) apps_->check_everything();
  }

  // Each run gets a step further than the one before it, and the apps go on in between.
  void die_and_die_again(Phase phase, const ApplyOptions& options) {
    const auto work = [&](const Moments& deadly) { apply(options, deadly); };
    for (const Step* step : codegen::steps_of(plan_.plan, phase)) {
      record_.step = id_and_title(*step);
      for (const bool behind : {false, true}) {
        if (record_.good()) die(work, {step->id, behind, {}}, step);
      }
    }
    for (int i = 0; i < deaths_by_the_clock && record_.good(); ++i)
      die(work, {"", false, std::chrono::milliseconds(random_() % longest_life)}, nullptr);
    record_.step.clear();
  }
  void die(const std::function<void(const Moments&)>& work, const Death& death, const Step* step) {
    const bool with_server = random_() % one_death_in_so_many_takes_the_server == 0;
    const auto stop_server = [&] {
      if (with_server) stage_.victim().crash();
    };
    const bool killed = killed_while(work, death, stop_server);
    if (with_server) {
      stage_.victim().restart();
      apps_->connect();
      ++record_.played.tried["the server stopped at once, and started again"];
    } else if (killed && !wait_for_the_dead(apps_->database())) {
      record_.fail(Promise::rerunnable, "a session of the segue that was killed lives on",
                   "none does");
    }
    if (!killed) return;
    ++record_.played.tried[step != nullptr ? "kills at a step's boundary" : "kills at any moment"];
    ++record_.played.checks[Promise::rerunnable];
    if (with_server) apps_->check_everything();
    apps_->moment(step != nullptr
                      ? fmt::format("{} killed {}", step->id, death.behind ? "behind" : "before")
                      : fmt::format("killed {}", ++within_),
                  step);
  }

  void undo_all(int from) {
    record_.at.undoing = true;
    Moments moments;
    moments.before_undo = [this](const Step& step) {
      record_.step = id_and_title(step);
      apps_->moment(step.id + " undo", &step);
    };
    if (options_.crash) {
      const auto work = [&](const Moments& deadly) { undo(deadly); };
      for (auto step = plan_.plan.steps.rbegin(); step != plan_.plan.steps.rend(); ++step) {
        if (number_of(step->phase) <= from && record_.good())
          die(work, {step->id, false, {}}, &*step);
      }
    }
    try {
      try {
        undo(moments);
      } catch (const Refused&) {
        apps_->fill_left_out();
        undo(moments);
      }
    } catch (const std::runtime_error& error) {
      record_.fail(Promise::reversible, error.what(),
                   fmt::format("undo from phase {} succeeds", from));
    }
    if (!record_.good()) return;
    record_.at = {};
    ++record_.played.checks[Promise::reversible];
    ++record_.played.tried[fmt::format("undo from phase {}", from)];
    const auto differences =
        planner::differences(stage_.undone(), read_structure(*apps_->database().open()), {});
    if (!differences.empty())
      record_.fail(Promise::reversible, differences.front(),
                   "the schema as it was before the change");
    if (record_.good()) apps_->check_everything(Promise::reversible);
  }

  void check_end() {
    if (options_.crash) {
      const Rows left = apps_->database().open()->exec(
          "SELECT indexrelid::pg_catalog.regclass::text FROM pg_catalog.pg_index WHERE NOT "
          "indisvalid UNION ALL SELECT tgname FROM pg_catalog.pg_trigger WHERE tgname LIKE "
          "'%segue%'");
      if (!left.empty())
        record_.fail(Promise::rerunnable,
                     fmt::format("{} was left behind", left.rows[0][0].value_or("")),
                     "no trigger of the plan and no invalid index");
    }
    ++record_.played.checks[Promise::end_state];
    const auto differences = planner::differences(comparable(shapes_.after),
                                                  read_structure(*apps_->database().open()), {});
    if (!differences.empty())
      record_.fail(Promise::end_state, differences.front(), "the schema that plain DDL makes");
  }

  // ---- Segue ----

  void apply(const ApplyOptions& options, const Moments& moments) {
    const auto silent = make_silent_reporter();
    const auto reporter = with_moments(*silent, moments);
    runtime::apply(
        plan_, options, [this] { return session_of_segue(); }, real_clock(), *reporter);
  }
  void undo(const Moments& moments) {
    const auto silent = make_silent_reporter();
    const auto reporter = with_moments(*silent, moments);
    runtime::undo(
        plan_, {}, [this] { return session_of_segue(); }, real_clock(), *reporter);
  }
  std::unique_ptr<Session> session_of_segue() const { return apps_->database().open("segue"); }

  Stage& stage_;
  const Shapes& shapes_;
  const codegen::ReviewedPlan& plan_;
  const PlayOptions& options_;
  Pools pools_;
  std::mt19937_64 random_;
  RunRecord record_;
  std::optional<AppsAtWork> apps_;
  int within_ = 0;
};

}  // namespace

Played play(Stage& stage, const codegen::ReviewedPlan& plan, const PlayOptions& options) {
  return Player(stage, plan, options).play();
}

}  // namespace segue::runtime::rehearsal
