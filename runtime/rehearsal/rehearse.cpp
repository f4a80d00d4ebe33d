#include "runtime/rehearsal/rehearse.hpp"

#include <fmt/format.h>

#include "runtime/clock.hpp"
#include "runtime/rehearsal/calibrate.hpp"
#include "runtime/rehearsal/run.hpp"
#include "runtime/rehearsal/server_choice.hpp"
#include "runtime/rehearsal/stage.hpp"
#include "runtime/rehearsal/statistics.hpp"
#include "runtime/rehearsal/still.hpp"
#include "runtime/rehearsal/team_play.hpp"
#include "runtime/rehearsal/trace.hpp"

namespace segue::runtime::rehearsal {

namespace {

// A short story is worth half a minute: nobody reads a long one.
constexpr Seconds shrink_budget{30};
constexpr std::uint64_t more_runs = 2;  // with other seeds, where it need not be quick

class Director {
 public:
  Director(const codegen::ReviewedPlan& plan, const RehearsalOptions& options)
      : plan_(plan), options_(options) {}

  Rehearsal run() {
    const Stopwatch watch(real_clock());
    describe();
    options_.progress("filling tables");
    StageOptions stage_options;
    const ServerChoice server = choose_major(options_.major, plan_.plan.baseline.major());
    stage_options.major = server.major;
    result_.server_note = server.note;
    stage_options.load = options_.load;
    stage_options.rows = options_.rows;
    stage_options.seed = options_.seed;
    stage_options.like = options_.like;
    Stage stage(plan_.plan, stage_options);
    stage_ = &stage;
    // What comes behind the number is the packager's.
    const std::string version =
        connect(stage.server().conninfo())->exec("SHOW server_version").scalar();
    result_.server = version.substr(0, version.find(' '));
    result_.rows = stage.rows();
    result_.notes = options_.notes;
    result_.notes.insert(result_.notes.end(), stage.notes().begin(), stage.notes().end());
    options_.progress("what no plan can foretell");
    for (std::string& note : calibrate(stage, options_.seed))
      result_.notes.push_back(std::move(note));
    if (stage.shapes().by_app)
      result_.notes.emplace_back(
          "via app: the release that writes both was not tried; it is the application's own");
    if (stage.shapes().one_way)
      result_.notes.emplace_back(
          "one way: the old release was gone before the new one wrote, as the notes ask");
    // First what tells most: a lost write says more than a schema that differs.
    step_by_step(options_.seed);
    team(options_.seed);
    alone("alone, by segue", [&] { return apply_by_segue(stage, plan_); });
    alone("alone, by psql", [&] { return apply_by_psql(stage, plan_, options_.seed); });
    alone("alone, and back", [&] { return undo_from_each_phase(stage, plan_); });
    const std::uint64_t more = options_.quick ? 0 : more_runs;
    for (std::uint64_t i = 1; i <= more && result_.passed(); ++i) {
      step_by_step(options_.seed + i);
      team(options_.seed + i);
    }
    result_.notes.emplace_back(
        "one statement at a time: writers that wait for each other, the time that they wait, and "
        "kills were not tried");
    project();
    result_.seconds = watch.elapsed().count();
    return std::move(result_);
  }

 private:
  void describe() {
    result_.plan = plan_.plan.name;
    result_.title = plan_.plan.title;
    result_.digest = plan_.digest;
    result_.checksums = plan_.checksums;
    result_.apps = "derived from the catalogue";
    if (!options_.apps.empty()) result_.apps += ", and " + options_.apps;
    result_.seed = options_.seed;
    result_.covers_not = options_.covers_not;
    if (result_.covers_not.empty() && options_.quick) result_.covers_not = "it was a quick one";
    result_.covers = result_.covers_not.empty();
    if (options_.like != nullptr) result_.target_rows = options_.like->row_counts();
  }

  // A step is as long there as here for each of its tables' rows; those that know only the
  // catalogue take what they take.
  void project() {
    if (result_.target_rows.empty()) return;
    for (TracedStep& step : result_.steps) {
      double here = 0;
      double there = 0;
      for (const planner::LockUse& lock : step.declared_locks) {
        const std::string name = planner::quoted(lock.relation);
        const auto rows = result_.rows.find(name);
        const auto target = result_.target_rows.find(name);
        if (rows == result_.rows.end() || target == result_.target_rows.end()) continue;
        here += static_cast<double>(rows->second);
        there += static_cast<double>(target->second);
      }
      step.projected_ms = projected_ms(step.declared_scan, step.trace, here, there);
    }
  }

  template <typename Work>
  void alone(const std::string& what, const Work& work) {
    if (!result_.passed()) return;
    options_.progress(what);
    StillRun run = work();
    for (const auto& [tried, times] : run.tried) count(tried, times);
    for (const auto& [promise, times] : run.checks) result_.checks[promise] += times;
    result_.notes.insert(result_.notes.end(), run.notes.begin(), run.notes.end());
    if (result_.steps.empty()) result_.steps = std::move(run.steps);
    if (!run.violation) return;
    result_.stories.push_back(tell(*stage_, {}, *run.violation));
    result_.stories.back().seed = options_.seed;
  }

  void step_by_step(std::uint64_t seed) {
    options_.progress(fmt::format("step by step, seed {}", seed));
    PlayOptions play_options;
    play_options.seed = seed;
    const Played played = play(*stage_, plan_, play_options);
    add(played);
    if (!played.violation) return;
    options_.progress("looking for the smallest story that fails");
    result_.stories.push_back(shrink(*stage_, plan_, play_options, played, shrink_budget));
  }

  void team(std::uint64_t seed) {
    if (options_.team.empty() || !result_.passed()) return;
    options_.progress(fmt::format("the team's own statements, seed {}", seed));
    TeamRun run = play_team(*stage_, plan_, options_.team, seed);
    for (const auto& [what, times] : run.tried) count(what, times);
    for (const auto& [promise, times] : run.checks) result_.checks[promise] += times;
    if (seed == options_.seed)
      result_.notes.insert(result_.notes.end(), run.notes.begin(), run.notes.end());
    if (run.story) result_.stories.push_back(std::move(*run.story));
  }

  void add(const Played& played) {
    for (const auto& [what, times] : played.tried) count(what, times);
    for (const auto& [promise, times] : played.checks) result_.checks[promise] += times;
    result_.notes.insert(result_.notes.end(), played.notes.begin(), played.notes.end());
  }
  void count(const std::string& what, std::uint64_t times) {
    for (Tried& one : result_.tried) {
      if (one.what != what) continue;
      one.times += times;
      return;
    }
    result_.tried.push_back({what, times, 0});
  }

  const codegen::ReviewedPlan& plan_;
  const RehearsalOptions& options_;
  Stage* stage_ = nullptr;
  Rehearsal result_;
};

}  // namespace

Rehearsal rehearse(const codegen::ReviewedPlan& plan, const RehearsalOptions& options) {
  return Director(plan, options).run();
}

}  // namespace segue::runtime::rehearsal
