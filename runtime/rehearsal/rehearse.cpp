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
#include "runtime/rehearsal/together.hpp"
#include "runtime/rehearsal/trace.hpp"

namespace segue::runtime::rehearsal {

namespace {

// A short story is worth half a minute: nobody reads a long one.
constexpr Seconds shrink_budget{30};
constexpr std::size_t glance_batch = 4;
constexpr int glance_calibration = 50;  // statements
constexpr std::size_t kill_batch = 3;   // statements at each moment: there are many moments
constexpr std::uint64_t more_runs = 2;  // with other seeds, where it need not be quick

class Director {
 public:
  Director(const codegen::ReviewedPlan& plan, const RehearsalOptions& options)
      : plan_(plan), options_(options) {}

  Rehearsal run() {
    const Stopwatch watch(real_clock());
    describe();
    begins("filling tables");
    StageOptions stage_options;
    const ServerChoice server = choose_major(options_.major, plan_.plan.baseline.major());
    stage_options.major = server.major;
    result_.server_note = server.note;
    stage_options.load = options_.load;
    stage_options.rows = options_.rows;
    stage_options.seed = options_.seed;
    stage_options.like = options_.like;
    stage_options.server = options_.server;
    Stage stage(plan_.plan, stage_options);
    stage_ = &stage;
    // What comes behind the number is the packager's.
    const std::string version =
        connect(stage.server().conninfo())->exec("SHOW server_version").scalar();
    result_.server = version.substr(0, version.find(' '));
    result_.rows = stage.rows();
    result_.notes = options_.notes;
    result_.notes.insert(result_.notes.end(), stage.notes().begin(), stage.notes().end());
    begins("what no plan can foretell");
    for (std::string& note : glance() ? calibrate(stage, options_.seed, glance_calibration)
                                      : calibrate(stage, options_.seed))
      result_.notes.push_back(std::move(note));
    if (stage.shapes().by_app)
      result_.notes.emplace_back(
          "via app: a release that writes both sides was derived from the old one; the "
          "application's own was not tried");
    if (stage.shapes().one_way)
      result_.notes.emplace_back(
          "one way: the old release was gone before the new one wrote, as the notes ask");
    // First what tells most: a lost write says more than a schema that differs.
    step_by_step(options_.seed);
    team(options_.seed);
    together(options_.seed);
    if (options_.crash) killed();
    if (has_time_for(2)) alone("alone, by segue", [&] { return apply_by_segue(stage, plan_); });
    if (has_time_for(4))
      alone("alone, by psql", [&] { return apply_by_psql(stage, plan_, options_.seed); });
    if (has_time_for(6))
      alone("alone, and back", [&] { return undo_from_each_phase(stage, plan_); });
    const std::uint64_t more = options_.depth == Depth::whole ? more_runs : 0;
    for (std::uint64_t i = 1; i <= more && result_.passed(); ++i) {
      step_by_step(options_.seed + i);
      team(options_.seed + i);
      together(options_.seed + i);
    }
    if (!options_.crash) result_.notes.emplace_back("kills were not tried: --crash does");
    ends();
    project();
    result_.seconds = watch.elapsed().count();
    return std::move(result_);
  }

 private:
  bool glance() const { return options_.depth == Depth::glance; }
  // Each has moments of its own: half as much at each is as much in all.
  bool has_many_steps() const {
    constexpr std::size_t many = 20;
    return plan_.plan.steps.size() > many;
  }
  // A glance is for what several do at once; what nobody disturbs comes with every sixth seed.
  bool has_time_for(std::uint64_t turn) const {
    constexpr std::uint64_t turns = 6;
    return !glance() || options_.seed % turns == turn % turns;
  }

  void describe() {
    result_.plan = plan_.plan.name;
    result_.title = plan_.plan.title;
    result_.digest = plan_.digest;
    result_.checksums = plan_.checksums;
    result_.apps = "derived from the catalogue";
    if (!options_.apps.empty()) result_.apps += ", and " + options_.apps;
    result_.seed = options_.seed;
    result_.unplayed = options_.unplayed;
    result_.covers_not = options_.covers_not;
    if (result_.covers_not.empty() && options_.depth != Depth::whole)
      result_.covers_not = "it was a quick one";
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

  void begins(const std::string& what) {
    ends();
    options_.progress(what);
    result_.spent.emplace_back(what, 0);
    part_.emplace(real_clock());
  }
  void ends() {
    if (part_) result_.spent.back().second = part_->elapsed().count();
    part_.reset();
  }

  template <typename Work>
  void alone(const std::string& what, const Work& work) {
    if (!result_.passed()) return;
    begins(what);
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
    begins(fmt::format("step by step, seed {}", seed));
    PlayOptions play_options;
    play_options.seed = seed;
    // The first run of a whole rehearsal goes back from everywhere, the others take turns.
    const Leg back{1 + static_cast<int>((seed + 1) % 3), true};
    if (options_.depth != Depth::whole || seed != options_.seed)
      play_options.legs = {back, {4, false}};
    // At a glance one goes to the end and the other back: with several at once it is the reverse.
    if (glance()) {
      play_options.batch = has_many_steps() ? glance_batch / 2 : glance_batch;
      play_options.legs = {seed % 2 == 1 ? Leg{4, false} : back};
    }
    const Played played = play(*stage_, plan_, play_options);
    add(played);
    if (!played.violation) return;
    begins("looking for the smallest story that fails");
    result_.stories.push_back(shrink(*stage_, plan_, play_options, played, shrink_budget));
  }

  void together(std::uint64_t seed) {
    if (!result_.passed()) return;
    begins(fmt::format("together, seed {}", seed));
    TogetherOptions together_options;
    together_options.seed = seed;
    if (glance() && has_many_steps()) together_options.statements /= 2;
    if (glance() ? seed % 2 == 1 : seed != options_.seed) together_options.leg = way_back(seed);
    Together run = play_together(*stage_, plan_, together_options);
    for (const auto& [what, times] : run.tried) count(what, times);
    for (const auto& [promise, times] : run.checks) result_.checks[promise] += times;
    count("interleavings", 1);
    // The first one is the one that the report draws; of a failure, the one that failed.
    if (result_.timeline.empty() || run.violation) {
      result_.waits = std::move(run.waits);
      result_.timeline = std::move(run.timeline);
      result_.latencies = std::move(run.latencies);
      result_.notes.insert(result_.notes.end(), run.notes.begin(), run.notes.end());
    }
    if (!run.violation) return;
    result_.stories.push_back(tell(*stage_, run.last, *run.violation));
    result_.stories.back().seed = seed;
  }

  // One of the three, where the notes do not ask the app to mend rows before.
  Leg way_back(std::uint64_t seed) const {
    for (const TableShape& shape : stage_->shapes().tables) {
      // Nor where longer values than the old type takes were written meanwhile: undo refuses those.
      if (!shape.left_out_by_new().empty() || shape.swaps_in(planner::Phase::expand)) return {};
    }
    return {3 - static_cast<int>(seed / 2 % 3), true};
  }

  // Forwards under kills, and one way back under kills.
  void killed() {
    if (!result_.passed()) return;
    begins("killed and run again");
    PlayOptions play_options;
    play_options.seed = options_.seed;
    play_options.crash = true;
    play_options.batch = kill_batch;
    play_options.legs = {{3, true}, {4, false}};
    const Played played = play(*stage_, plan_, play_options);
    add(played);
    if (!played.violation) return;
    begins("looking for the smallest story that fails");
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
  std::optional<Stopwatch> part_;
  Rehearsal result_;
};

}  // namespace

Rehearsal rehearse(const codegen::ReviewedPlan& plan, const RehearsalOptions& options) {
  return Director(plan, options).run();
}

}  // namespace segue::runtime::rehearsal
