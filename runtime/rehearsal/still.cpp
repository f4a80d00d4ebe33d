#include "runtime/rehearsal/still.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "runtime/apply.hpp"
#include "runtime/errors.hpp"
#include "runtime/rehearsal/database_state.hpp"
#include "runtime/rehearsal/moments.hpp"
#include "runtime/rehearsal/psql.hpp"
#include "runtime/rehearsal/trace.hpp"
#include "runtime/undo.hpp"

namespace segue::runtime::rehearsal {

namespace {

namespace fs = std::filesystem;
using codegen::ReviewedPlan;
using planner::number_of;
using planner::Phase;
using planner::Step;

std::set<std::string> untold(const Shapes& shapes) {
  std::set<std::string> columns;
  for (const TableShape& shape : shapes.tables) {
    const auto add = [&](const std::optional<Side>& side, const std::set<std::string>& names) {
      if (!side) return;
      const auto& name = side->table.name;
      for (const std::string& column : names)
        columns.insert(fmt::format("{}.{}.{}", name.schema, name.name, column));
    };
    // Whose the old values were nobody can tell, as the plan's hazard says.
    if (shape.keyless) {
      for (const planner::Mend& mend : shape.mends) {
        add(shape.before, {shape.old_name_of(mend.column)});
        add(shape.after, {mend.column});
      }
    }
    // A clock's column stands still while nobody writes: only what the change itself makes up
    // differs.
    for (const planner::Pairing& pairing : shape.pairings) {
      if (pairing.map.empty())
        add(shape.after, {pairing.new_columns.begin(), pairing.new_columns.end()});
    }
  }
  return columns;
}

class Still {
 public:
  Still(Stage& stage, const ReviewedPlan& plan)
      : stage_(stage), plan_(plan), database_(stage.fresh()), untold_(untold(stage.shapes())) {}

  void apply(Phase phase, bool again = false) {
    if (!good()) return;
    ApplyOptions options;
    options.phase = phase;
    options.release = "new";
    options.gate.skip_soak = "rehearsal";
    phase_ = phase;
    guarded(again ? Promise::rerunnable : Promise::end_state,
            again ? "the step succeeds when the phase is applied again" : "the step succeeds",
            [&](Reporter& reporter) {
              runtime::apply(plan_, options, connector(), real_clock(), reporter);
            });
  }
  void undo(int from) {
    if (!good()) return;
    guarded(
        Promise::reversible, fmt::format("undo from phase {} succeeds", from),
        [&](Reporter& reporter) { runtime::undo(plan_, {}, connector(), real_clock(), reporter); });
    ++result.tried[fmt::format("undo from phase {}", from)];
  }
  DatabaseState state() const { return read_state(database_.conninfo(), untold_); }
  DatabaseState state_of(const Database& database) const {
    return read_state(database.conninfo(), untold_);
  }
  void expect(Promise promise, const DatabaseState& wanted, const std::string& should_see) {
    if (!good()) return;
    ++result.checks[promise];
    const auto differences = compare(wanted, state());
    if (!differences.empty()) fail(promise, differences.front(), should_see);
  }
  void fail(Promise promise, std::string saw, std::string should_see) {
    if (result.violation) return;
    Violation violation;
    violation.promise = promise;
    violation.phase = phase_;
    violation.step = step_;
    violation.saw = std::move(saw);
    violation.should_see = std::move(should_see);
    result.violation = std::move(violation);
  }
  bool good() const { return !result.violation; }
  // What contract asks of the ledger where psql runs it.
  void acknowledge() {
    connect(database_.conninfo())
        ->exec(
            "SELECT segue.ack(name, 'new'), segue.skip_soak(name, 'rehearsal') FROM "
            "segue.change");
  }

  const Database& database() const { return database_; }
  void enter(Phase phase, std::string step) {
    phase_ = phase;
    step_ = std::move(step);
  }
  Connector& connector() { return connector_; }

  StillRun result;

 private:
  // What every step did beside what it says that it does.
  void judge() {
    for (TracedStep& traced : tracer_.take()) {
      ++result.checks[Promise::as_declared];
      if (!traced.beyond.empty()) {
        enter(traced.phase, fmt::format("{} {}", traced.id, traced.title));
        fail(Promise::as_declared, traced.beyond.front(), "no more than the plan declares");
      }
      result.steps.push_back(std::move(traced));
    }
  }

  template <typename Work>
  void guarded(Promise promise, const std::string& should_see, const Work& work) {
    Moments moments;
    moments.before_step = [this](const Step& step) {
      step_ = fmt::format("{} {}", step.id, step.title);
    };
    moments.before_undo = moments.before_step;
    const auto silent = make_silent_reporter();
    const auto with = with_moments(*silent, moments);
    const auto reporter = tracer_.wrap(*with);
    try {
      work(*reporter);
      step_.clear();
      judge();
    } catch (const std::runtime_error& error) {
      fail(promise, error.what(), should_see);
    }
  }

  Stage& stage_;
  const ReviewedPlan& plan_;
  Database database_;
  std::set<std::string> untold_;
  Phase phase_ = Phase::expand;
  std::string step_;
  StepTracer tracer_;
  Connector connector_ = tracer_.wrap([this] { return database_.open("segue"); });
};

std::string text_of(const fs::path& file) {
  const std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// The file as far as the step, as if psql had been stopped there.
std::string cut_before(const std::string& text, const Step& step) {
  const auto place = text.find(fmt::format("\n-- ── {} ", step.id));
  return place == std::string::npos ? text : text.substr(0, place + 1);
}

DatabaseState plain_state(Stage& stage, const Still& still) {
  return still.state_of(stage.plain_itself());
}

}  // namespace

StillRun apply_by_segue(Stage& stage, const ReviewedPlan& plan) {
  Still still(stage, plan);
  for (const Phase phase : planner::all_phases) {
    still.apply(phase);
    if (!still.good()) return std::move(still.result);
    const DatabaseState once = still.state();
    still.apply(phase, true);
    still.enter(phase, "");
    still.expect(Promise::rerunnable, once,
                 fmt::format("phase {} applied again changes nothing", number_of(phase)));
    ++still.result.tried["phase applied again by segue"];
  }
  still.expect(Promise::end_state, plain_state(stage, still), "what plain DDL makes of it");
  return std::move(still.result);
}

StillRun undo_from_each_phase(Stage& stage, const ReviewedPlan& plan) {
  Still still(stage, plan);
  DatabaseState before = still.state();
  before.catalog = stage.undone();
  for (int last = 1; last <= 3; ++last) {
    for (int phase = 1; phase <= last; ++phase) still.apply(static_cast<Phase>(phase));
    still.undo(last);
    still.enter(static_cast<Phase>(last), "");
    still.expect(Promise::reversible, before,
                 fmt::format("after undo from phase {}: all as it was before", last));
  }
  return std::move(still.result);
}

StillRun apply_by_psql(Stage& stage, const ReviewedPlan& plan, std::uint64_t seed) {
  Still still(stage, plan);
  if (!psql_is_installed()) {
    still.result.notes.emplace_back("psql is not installed: the files were not run by it");
    return std::move(still.result);
  }
  std::mt19937_64 random(seed);
  const auto run = [&](Phase phase, const std::string& text, const std::string& how) {
    if (!still.good()) return;
    still.enter(phase, "");
    ++still.result.tried["file run by psql"];
    ++still.result.checks[Promise::rerunnable];
    const PsqlAnswer answer = run_psql(still.database().conninfo(), text);
    if (answer.ok) return;
    still.enter(phase, step_at(plan.plan, phase, text, answer.line));
    still.fail(Promise::rerunnable, answer.message, how + " succeeds");
  };
  for (const Phase phase : planner::all_phases) {
    const std::string text = text_of(plan.directory / codegen::file_name(phase));
    const auto steps = codegen::steps_of(plan.plan, phase);
    if (phase == Phase::contract) still.acknowledge();
    if (!steps.empty())
      run(phase, cut_before(text, *steps[random() % steps.size()]), "a file cut short");
    run(phase, text, "the file");
    if (!still.good()) break;
    const DatabaseState once = still.state();
    run(phase, text, "the file, run again,");
    still.expect(Promise::rerunnable, once, "the file, run again, changes nothing");
  }
  still.expect(Promise::end_state, plain_state(stage, still), "what plain DDL makes of it");
  return std::move(still.result);
}

}  // namespace segue::runtime::rehearsal
