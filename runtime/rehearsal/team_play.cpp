#include "runtime/rehearsal/team_play.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runtime/apply.hpp"
#include "runtime/errors.hpp"
#include "runtime/rehearsal/moments.hpp"
#include "runtime/rehearsal/team_equalities.hpp"
#include "runtime/rehearsal/team_notes.hpp"
#include "runtime/rehearsal/team_session.hpp"
#include "runtime/rehearsal/team_values.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::number_of;
using planner::Phase;
using planner::Step;

constexpr const char* app_patience = "SET lock_timeout = '1s'";
constexpr std::size_t statements_at_a_moment = 12;

// What depends on rows that the other release wrote: nobody could foretell it.
bool depends_on_rows(const std::string& sqlstate) {
  static const std::set<std::string> codes{"23505", "23503", "23P01"};
  return codes.contains(sqlstate);
}

class TeamPlayer {
 public:
  TeamPlayer(Stage& stage, const codegen::ReviewedPlan& plan,
             const std::vector<TeamStatement>& statements, std::uint64_t seed)
      : stage_(stage),
        plan_(plan),
        database_(stage.fresh()),
        old_model_(stage.fresh()),
        new_model_(stage.plain()),
        old_home_(old_model_.open()),
        new_home_(new_model_.open()),
        values_(stage.shapes(), *old_home_.session, *new_home_.session, seed),
        random_(seed),
        equalities_(equalities(plan.plan)) {
    stage_.relax(*old_home_.session);
    for (const Release release : {Release::before, Release::after}) {
      auto session = database_.open(std::string(name_of(release)));
      session->exec(app_patience);
      apps_.emplace(release, std::move(session));
    }
    admin_ = database_.open("segue");
    for (const TeamStatement& statement : statements) admit(statement);
  }

  TeamRun play() {
    moment("before phase 1");
    for (const Phase phase : planner::all_phases) {
      if (good()) apply(phase);
    }
    return std::move(run_);
  }

 private:
  bool good() const { return !run_.story; }
  TeamSession& home(Release release) { return release == Release::before ? old_home_ : new_home_; }

  // One that does not run on its own release's schema says nothing about a plan.
  void admit(const TeamStatement& statement) {
    try {
      types_[&statement] = home(statement.release).prepare(statement);
      statements_.push_back(&statement);
    } catch (const DatabaseError& error) {
      const std::string message = error.what();
      run_.notes.push_back(fmt::format(
          "{}: left out: on the schema of the {} alone it does not run: {}", statement.place,
          name_of(statement.release), message.substr(0, message.find('\n'))));
    }
  }

  void apply(Phase phase) {
    ApplyOptions options;
    options.phase = phase;
    options.release = "new";
    options.gate.skip_soak = "rehearsal";
    phase_ = phase;
    under_way_ = number_of(phase);
    Moments moments;
    moments.before_step = [this](const Step& step) {
      step_ = fmt::format("{} {}", step.id, step.title);
      moment("before " + step_);
    };
    moments.after_step = [this](const Step&) { moment(step_); };
    const auto silent = make_silent_reporter();
    const auto reporter = with_moments(*silent, moments);
    try {
      runtime::apply(
          plan_, options, [this] { return database_.open("segue"); }, real_clock(), *reporter);
    } catch (const std::runtime_error& error) {
      tell(Promise::end_state, nullptr, "", error.what(), "the step succeeds");
    }
    under_way_ = 0;
    complete_ = number_of(phase);
    step_.clear();
    if (good()) moment(fmt::format("phase {} complete", complete_));
  }

  // ---- Who may run what ----

  bool swaps_late(const TeamStatement& statement) const {
    return std::any_of(
        stage_.shapes().tables.begin(), stage_.shapes().tables.end(), [&](const TableShape& shape) {
          return shape.swaps_in(Phase::contract) &&
                 std::any_of(statement.shape.relations.begin(), statement.shape.relations.end(),
                             [&](const dsl::sql::RelationName& name) {
                               return shape.before && name.name == shape.before->table.name.name;
                             });
        });
  }
  bool may_run(const TeamStatement& statement) const {
    const bool last = under_way_ == 4 || complete_ == 4;
    const int base = under_way_ > 0 ? under_way_ - 1 : complete_;
    if (statement.release == Release::before)
      return !last && !(stage_.shapes().one_way && base > 2);
    // Both releases call such a column the same, and it is the old one until the last step.
    if (swaps_late(statement)) return complete_ == 4;
    if (stage_.shapes().one_way && base < 3) return false;
    return base >= (statement.writes() ? 2 : 3);
  }

  void moment(const std::string& name) {
    moment_ = name;
    std::vector<const TeamStatement*> allowed;
    for (const TeamStatement* one : statements_) {
      if (may_run(*one)) allowed.push_back(one);
    }
    for (std::size_t i = 0; i < statements_at_a_moment && !allowed.empty() && good(); ++i) {
      // Everyone once before anyone twice.
      const std::size_t place =
          i < allowed.size() ? i + random_() % (allowed.size() - i) : random_() % allowed.size();
      if (i < allowed.size()) std::swap(allowed[i], allowed[place]);
      act(*allowed[i < allowed.size() ? i : place]);
    }
  }

  // ---- One statement ----

  void act(const TeamStatement& statement) {
    const std::vector<std::string> values = values_.values_for(statement, types_.at(&statement));
    const TeamAnswer wanted = home(statement.release).run(statement, values);
    const std::vector<std::uint64_t> before = counts(statement);
    TeamAnswer found = apps_.at(statement.release).run(statement, values);
    if (found.sqlstate == "0A000" && notes_name_reconnect(plan_.plan)) {
      apps_.at(statement.release).forget(statement);
      found = apps_.at(statement.release).run(statement, values);
      ++run_.tried["own statements that had to be prepared again, as the notes say"];
    }
    ++run_.tried[fmt::format("{}: own statement", name_of(statement.release))];
    ++run_.checks[Promise::executable];
    if (!found.ok && wanted.ok && !depends_on_rows(found.sqlstate)) {
      const bool waited = found.sqlstate == sqlstate::lock_not_available;
      tell(waited ? Promise::stall : Promise::executable, &statement, shown(statement, values),
           found.text(), "ok, as on the schema that it was written for");
      return;
    }
    if (!found.ok) ++run_.tried["own statements refused by a constraint, as without a plan"];
    if (found.ok && statement.writes()) compare(statement, values, before);
  }

  // Rows that differ, by equality; only where triggers keep them.
  std::vector<std::uint64_t> counts(const TeamStatement& statement) {
    std::vector<std::uint64_t> list;
    const bool kept = complete_ >= 2 && complete_ < 4 && under_way_ != 4;
    if (!kept || !statement.writes()) return list;
    for (Equality& one : equalities_) {
      try {
        list.push_back(std::stoull(admin_->exec(one.count).scalar()));
      } catch (const DatabaseError&) {
        list.push_back(0);  // columns that are not side by side in one table
      }
    }
    return list;
  }
  void compare(const TeamStatement& statement, const std::vector<std::string>& values,
               const std::vector<std::uint64_t>& before) {
    if (before.empty()) return;
    const std::vector<std::uint64_t> after = counts(statement);
    for (std::size_t i = 0; i < after.size() && i < before.size(); ++i) {
      ++run_.checks[Promise::no_lost_write];
      const bool filled = complete_ >= 3;
      if (filled) ++run_.checks[Promise::complete];
      if (after[i] <= before[i] && !(filled && after[i] > 0)) continue;
      tell(filled && after[i] == before[i] ? Promise::complete : Promise::no_lost_write, &statement,
           shown(statement, values),
           fmt::format("{} row{} of {} where {} do not say the same", after[i],
                       after[i] == 1 ? "" : "s", equalities_[i].table, equalities_[i].promise),
           filled ? "no such row"
                  : fmt::format("no more than the {} that wait for phase 3", before[i]));
      return;
    }
  }

  static std::string shown(const TeamStatement& statement, const std::vector<std::string>& values) {
    std::string text = statement.sql;
    for (std::size_t i = 0; i < values.size(); ++i)
      text += fmt::format("{}${} = {}", i == 0 ? "  -- " : ", ", i + 1, values[i]);
    return text;
  }

  void tell(Promise promise, const TeamStatement* statement, const std::string& sent,
            const std::string& saw, const std::string& should_see) {
    Story story;
    story.promise = promise;
    story.phase = phase_;
    story.step = step_;
    story.lines.push_back({"segue", moment_, ""});
    if (statement != nullptr) {
      story.lines.push_back({std::string(name_of(statement->release)),
                             fmt::format("{}: {}", statement->place, sent), saw});
      story.because = because_of_notes(plan_.plan, phase_, *statement);
    }
    story.saw = saw;
    story.should_see = should_see;
    if (!run_.story) run_.story = std::move(story);
  }

  Stage& stage_;
  const codegen::ReviewedPlan& plan_;
  Database database_;
  Database old_model_;
  Database new_model_;
  TeamSession old_home_;
  TeamSession new_home_;
  TeamValues values_;
  std::mt19937_64 random_;
  std::vector<Equality> equalities_;
  std::map<Release, TeamSession> apps_;
  std::unique_ptr<Session> admin_;
  std::vector<const TeamStatement*> statements_;
  std::map<const TeamStatement*, std::vector<std::string>> types_;
  Phase phase_ = Phase::expand;
  int complete_ = 0;
  int under_way_ = 0;
  std::string step_;
  std::string moment_;
  TeamRun run_;
};

}  // namespace

TeamRun play_team(Stage& stage, const codegen::ReviewedPlan& plan,
                  const std::vector<TeamStatement>& statements, std::uint64_t seed) {
  TeamRun run = TeamPlayer(stage, plan, statements, seed).play();
  if (run.story) run.story->seed = seed;
  return run;
}

}  // namespace segue::runtime::rehearsal
