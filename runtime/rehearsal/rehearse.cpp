#include "runtime/rehearsal/rehearse.hpp"

#include <fmt/format.h>

#include "runtime/clock.hpp"
#include "runtime/rehearsal/calibrate.hpp"
#include "runtime/rehearsal/run.hpp"
#include "runtime/rehearsal/stage.hpp"
#include "runtime/rehearsal/still.hpp"

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
    stage_options.major = options_.major;
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
    result_.notes = stage.notes();
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
    alone("alone, by segue", [&] { return apply_by_segue(stage, plan_); });
    alone("alone, by psql", [&] { return apply_by_psql(stage, plan_, options_.seed); });
    alone("alone, and back", [&] { return undo_from_each_phase(stage, plan_); });
    const std::uint64_t more = options_.quick ? 0 : more_runs;
    for (std::uint64_t i = 1; i <= more && result_.passed(); ++i) step_by_step(options_.seed + i);
    result_.notes.emplace_back(
        "one statement at a time: writers that wait for each other, the time that they wait, and "
        "kills were not tried");
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
    result_.seed = options_.seed;
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
