// Playing a run: apply, let the apps write, hold what they read against the model.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/apply.hpp"
#include "runtime/errors.hpp"
#include "runtime/rehearsal/app.hpp"
#include "runtime/rehearsal/audit.hpp"
#include "runtime/rehearsal/blame.hpp"
#include "runtime/rehearsal/crash.hpp"
#include "runtime/rehearsal/database_state.hpp"
#include "runtime/rehearsal/moments.hpp"
#include "runtime/rehearsal/permitted.hpp"
#include "runtime/rehearsal/run.hpp"
#include "runtime/undo.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::number_of;
using planner::Phase;
using planner::Step;

constexpr int deaths_by_the_clock = 3;       // in each phase
constexpr std::uint64_t longest_life = 400;  // milliseconds: a phase of small tables takes as long
constexpr std::uint64_t one_death_in_so_many_takes_the_server = 4;
// Between two steps nothing may hold an app up; this is for what should not happen.
constexpr const char* app_patience = "SET lock_timeout = '1s'";

std::string shown(const Step& step) {
  return fmt::format("{} {}", step.id, step.title);
}

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
    for (std::size_t i = 0; i < options_.legs.size() && good(); ++i) {
      leg_ = i;
      begin_leg();
      play_leg(options_.legs[i]);
    }
    return std::move(played_);
  }

 private:
  bool good() const { return !played_.violation; }

  // Each leg has databases, apps and a model of its own: what an undo left behind is checked at its
  // end and then in nobody's way.
  void begin_leg() {
    audit_.reset();
    oracle_.reset();
    apps_.clear();
    blame_.emplace(plan_.plan, shapes_);
    at_ = {};
    within_ = 0;
    database_.emplace(options_.crash ? stage_.fresh_on_victim() : stage_.fresh());
    oracle_.emplace(shapes_, stage_.model(Release::before).open(),
                    stage_.model(Release::after).open(), std::make_shared<Candidates>());
    oracle_->roll_back_at_end();
    audit_.emplace(shapes_, *oracle_);
    connect_apps();
    keys_.emplace(shapes_.tables.size());
    for (std::size_t i = 0; i < shapes_.tables.size(); ++i) {
      if (!shapes_.tables[i].before || shapes_.tables[i].keyless) continue;
      for (const Key& key : oracle_->all_keys(Release::before, i)) keys_->add(i, key, false);
    }
    writer_.emplace(shapes_, pools_, *keys_, random_(), false);
  }
  void connect_apps() {
    apps_.clear();
    for (const Release release : {Release::before, Release::after}) {
      auto session = database_->open(std::string(name_of(release)));
      session->exec(app_patience);
      apps_.emplace(release, App(std::move(session), stage_.server().directory()));
    }
  }

  // ---- Phases ----

  void play_leg(const Leg& leg) {
    for (const Phase phase : planner::all_phases) {
      if (number_of(phase) > leg.last || !good()) break;
      if (number_of(phase) == 1) {
        moment("before phase 1", nullptr);
        check_everything();
      }
      if (good()) apply_phase(phase);
    }
    if (good() && leg.last == 4 && at_.complete == 4) check_end();
    if (good() && leg.undo) undo_all(leg.last);
  }

  void apply_phase(Phase phase) {
    ApplyOptions options;
    options.phase = phase;
    options.release = "new";
    options.gate.skip_soak = "rehearsal";
    phase_ = phase;
    step_.clear();
    if (phase == Phase::backfill) bring_home_strays();
    at_.under_way = number_of(phase);
    if (options_.crash) die_and_die_again(phase, options);
    if (!good()) return;
    Moments moments;
    moments.before_step = [this](const Step& step) {
      step_ = shown(step);
      moment(step.id + " before", &step);
    };
    moments.after_step = [this](const Step& step) {
      blame_->ended(step);
      moment(step.id + " after", &step);
    };
    moments.within_step = [this](const Step& step) {
      moment(fmt::format("{} within {}", step.id, ++within_), &step);
    };
    const auto silent = make_silent_reporter();
    const auto reporter = with_moments(*silent, moments);
    try {
      runtime::apply(
          plan_, options, [this] { return database_->open("segue"); }, real_clock(), *reporter);
    } catch (const Refused& error) {
      fail(Promise::end_state,
           fmt::format("phase {} is refused: {}", number_of(phase), error.what()),
           "the phase is applied");
    } catch (const Failed& error) {
      fail(Promise::end_state, error.what(), "the step succeeds");
    } catch (const DatabaseError& error) {
      fail(Promise::end_state, error.what(), "the step succeeds");
    }
    at_.under_way = 0;
    if (!good()) return;
    at_.complete = number_of(phase);
    if (phase == Phase::contract) oracle_->part();
    check_everything();
    if (good()) moment(fmt::format("phase {} complete", number_of(phase)), nullptr);
    if (good()) check_everything();
  }

  // Each run gets a step further than the one before it, and the apps go on in between.
  void die_and_die_again(Phase phase, const ApplyOptions& options) {
    const auto work = [&](const Moments& moments) {
      const auto silent = make_silent_reporter();
      const auto reporter = with_moments(*silent, moments);
      runtime::apply(
          plan_, options, [this] { return database_->open("segue"); }, real_clock(), *reporter);
    };
    for (const Step* step : codegen::steps_of(plan_.plan, phase)) {
      step_ = shown(*step);
      for (const bool behind : {false, true}) {
        if (good()) die(work, {step->id, behind, {}}, step);
      }
    }
    for (int i = 0; i < deaths_by_the_clock && good(); ++i)
      die(work, {"", false, std::chrono::milliseconds(random_() % longest_life)}, nullptr);
    step_.clear();
  }
  void die(const std::function<void(const Moments&)>& work, const Death& death, const Step* step) {
    const bool with_server = random_() % one_death_in_so_many_takes_the_server == 0;
    const auto stop_server = [&] {
      if (with_server) stage_.victim().crash();
    };
    const bool killed = killed_while(work, death, stop_server);
    if (with_server) {
      stage_.victim().restart();
      connect_apps();
      ++played_.tried["the server stopped at once, and started again"];
    } else if (killed && !wait_for_the_dead(*database_)) {
      fail(Promise::rerunnable, "a session of the segue that was killed lives on", "none does");
    }
    if (!killed) return;
    ++played_.tried[step != nullptr ? "kills at a step's boundary" : "kills at any moment"];
    ++played_.checks[Promise::rerunnable];
    if (with_server) check_everything();
    moment(step != nullptr
               ? fmt::format("{} killed {}", step->id, death.behind ? "behind" : "before")
               : fmt::format("killed {}", ++within_),
           step);
  }

  // Phase 3 stops at values that have nowhere to go; the notes ask the app to mend them first.
  void bring_home_strays() {
    if (shapes_.moves.empty()) return;
    for (const MoveShape& move : shapes_.moves) {
      apps_.at(Release::before).session().exec(take_back_strays(move.move, Release::before));
      for (const Release release : {Release::before, Release::after}) {
        const std::string sql = take_back_strays(move.move, release);
        if (!sql.empty()) oracle_->session(release).exec(sql);
      }
    }
    oracle_->hold_to_pairs();
  }

  void undo_all(int from) {
    at_.undoing = true;
    Moments moments;
    moments.before_undo = [this](const Step& step) {
      step_ = shown(step);
      moment(step.id + " undo", &step);
    };
    if (options_.crash) {
      const auto work = [&](const Moments& deadly) {
        const auto silent = make_silent_reporter();
        const auto reporter = with_moments(*silent, deadly);
        runtime::undo(
            plan_, {}, [this] { return database_->open("segue"); }, real_clock(), *reporter);
      };
      for (auto step = plan_.plan.steps.rbegin(); step != plan_.plan.steps.rend(); ++step) {
        if (number_of(step->phase) <= from && good()) die(work, {step->id, false, {}}, &*step);
      }
    }
    const auto silent = make_silent_reporter();
    const auto reporter = with_moments(*silent, moments);
    const auto run = [&] {
      runtime::undo(
          plan_, {}, [this] { return database_->open("segue"); }, real_clock(), *reporter);
    };
    try {
      try {
        run();
      } catch (const Refused&) {
        fill_left_out();
        run();
      }
    } catch (const std::runtime_error& error) {
      fail(Promise::reversible, error.what(), fmt::format("undo from phase {} succeeds", from));
    }
    if (!good()) return;
    at_ = {};
    ++played_.checks[Promise::reversible];
    ++played_.tried[fmt::format("undo from phase {}", from)];
    const auto differences =
        planner::differences(stage_.undone(), read_structure(*database_->open()), {});
    if (!differences.empty())
      fail(Promise::reversible, differences.front(), "the schema as it was before the change");
    if (good()) check_everything(Promise::reversible);
  }
  // Undo is refused while rows lack what the new release did not write: the app mends them first.
  void fill_left_out() {
    for (std::size_t i = 0; i < shapes_.tables.size(); ++i) {
      const TableShape& shape = shapes_.tables[i];
      for (const std::string& column : shape.left_out_by_new()) {
        const Literals& pool = pools_.of(Release::before, i, column);
        const auto value = std::find_if(pool.begin(), pool.end(),
                                        [](const std::string& one) { return one != "NULL"; });
        if (value == pool.end()) continue;
        const std::string sql = fmt::format("UPDATE {} SET {} = {} WHERE {} IS NULL", shape.name(),
                                            column_list({column}), *value, column_list({column}));
        apps_.at(Release::before).session().exec(sql);
        oracle_->session(Release::before).exec(sql);
      }
    }
  }

  void check_end() {
    if (options_.crash) {
      const Rows left = database_->open()->exec(
          "SELECT indexrelid::pg_catalog.regclass::text FROM pg_catalog.pg_index WHERE NOT "
          "indisvalid UNION ALL SELECT tgname FROM pg_catalog.pg_trigger WHERE tgname LIKE "
          "'%segue%'");
      if (!left.empty())
        fail(Promise::rerunnable, fmt::format("{} was left behind", left.rows[0][0].value_or("")),
             "no trigger of the plan and no invalid index");
    }
    ++played_.checks[Promise::end_state];
    const auto differences =
        planner::differences(comparable(shapes_.after), read_structure(*database_->open()), {});
    if (!differences.empty())
      fail(Promise::end_state, differences.front(), "the schema that plain DDL makes");
  }

  // ---- Apps ----

  std::vector<Permission> permissions() const { return permitted(shapes_, at_); }

  std::string moment_name(const std::string& what) const {
    return fmt::format("{}/{}", leg_, what);
  }

  void moment(const std::string& what, const Step* step) {
    if (!good()) return;
    moment_ = moment_name(what);
    if (step != nullptr) phase_ = step->phase;
    if (options_.script != nullptr) {
      for (const Sent& sent : *options_.script) {
        if (sent.moment == moment_ && good()) act(sent.statement);
      }
      return;
    }
    const std::vector<Permission> allowed = permissions();
    if (allowed.empty()) return;
    Chance chance{moment_, {}};
    for (const Permission& one : allowed) chance.releases.insert(one.release);
    played_.chances.push_back(std::move(chance));
    for (std::size_t i = 0; i < options_.batch && good(); ++i) {
      const Permission& one = allowed[writer_->random()() % allowed.size()];
      if (const auto statement = writer_->next(*oracle_, one)) {
        act(*statement);
        keys_->give_back(statement->table, statement->keys);
      }
    }
  }

  void act(const Statement& statement) {
    const TableShape& shape = shapes_.tables[statement.table];
    if (is_in_between(shape, at_)) return;
    const Side& side = *shape.side(statement.schema);
    const std::string what =
        fmt::format("{}: {}", name_of(statement.release), name_of(statement.kind));
    const Verdict verdict =
        oracle_->attempt(statement.key_left_out ? with_key(statement, side) : statement);
    if (!verdict.accepted) {
      ++played_.tried[fmt::format("{}: left out, the two schemas do not agree on it",
                                  name_of(statement.release))];
      return;
    }
    if (statement.key_left_out) oracle_->forget();
    played_.sent.push_back({moment_, statement});
    ++played_.tried[what];
    App& app = apps_.at(statement.release);
    Answer answer = app.send(statement, side);
    if (!answer.ok && must_reconnect(shape, at_, answer.sqlstate)) {
      app.forget_plans();
      answer = app.send(statement, side);
    }
    ++played_.checks[Promise::executable];
    if (!answer.ok) {
      oracle_->forget();
      const bool waited = answer.sqlstate == sqlstate::lock_not_available;
      fail(waited ? Promise::stall : Promise::executable, answer.text(), "ok", {}, statement);
      return;
    }
    Statement known = statement;
    if (statement.key_left_out) {
      known.new_keys.clear();
      Key key;
      for (const Value& value : answer.returned) key.push_back(value.value_or(""));
      known.new_keys.push_back(key);
      if (!oracle_->attempt(with_key(known, side)).accepted) return;
    }
    oracle_->keep();
    settle(known);
    look(known);
  }
  void settle(const Statement& statement) {
    for (const auto* list : {&statement.keys, &statement.new_keys}) {
      for (const Key& key : *list) blame_->wrote(statement.table, key);
    }
    if (options_.script != nullptr || statement.kind == StatementKind::remove) return;
    for (const Key& key : statement.new_keys) keys_->add(statement.table, key, true);
  }

  // ---- What they read ----

  void look(const Statement& statement) {
    std::vector<Key> keys = statement.keys;
    keys.insert(keys.end(), statement.new_keys.begin(), statement.new_keys.end());
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const Permission& one : permissions()) {
      if (!good()) return;
      ++played_.checks[Promise::no_lost_write];
      const auto mismatch = reads(one.release, statement.table, [&](App& app) {
        return audit_->rows(app, one.release, statement.table, keys, at_);
      });
      if (mismatch) lost(*mismatch, Promise::no_lost_write, true);
    }
  }
  template <typename Read>
  std::optional<Mismatch> reads(Release release, std::size_t table, const Read& read) {
    App& app = apps_.at(release);
    try {
      try {
        return read(app);
      } catch (const DatabaseError& error) {
        if (!must_reconnect(shapes_.tables[table], at_, error.sqlstate())) throw;
        app.forget_plans();
        return read(app);
      }
    } catch (const DatabaseError& error) {
      fail(error.sqlstate() == sqlstate::lock_not_available ? Promise::stall : Promise::executable,
           fmt::format("{}: SELECT: ERROR: {} ({})", name_of(release), error.what(),
                       error.sqlstate()),
           "ok");
      return std::nullopt;
    }
  }
  void check_everything(std::optional<Promise> promise = {}) {
    for (const Permission& one : permissions()) {
      for (std::size_t table = 0; table < shapes_.tables.size() && good(); ++table) {
        if (!shapes_.tables[table].side(one.release)) continue;
        ++played_.checks[Promise::no_lost_write];
        if (at_.filled()) ++played_.checks[Promise::complete];
        const auto mismatch = reads(one.release, table, [&](App& app) {
          return audit_->table(app, one.release, table, at_);
        });
        if (mismatch) lost(*mismatch, promise, false);
      }
    }
  }
  void lost(const Mismatch& mismatch, std::optional<Promise> promise, bool at_once) {
    const bool by_app = blame_->knows(mismatch.table, mismatch.key);
    const bool unfilled = at_.filled() && !by_app;
    fail(promise.value_or(unfilled ? Promise::complete : Promise::no_lost_write), mismatch.saw,
         mismatch.should_see, mismatch);
    const bool both_are_there = at_.complete == 3 || (at_.complete == 2 && at_once);
    if (!both_are_there || at_.undoing || at_.under_way == 4) return;
    const Culprit culprit = blame_->of(mismatch, at_once);
    played_.violation->because = culprit.because;
    if (culprit.step == nullptr) return;
    played_.violation->step = shown(*culprit.step);
    played_.violation->phase = culprit.step->phase;
  }

  void fail(Promise promise, std::string saw, std::string should_see,
            std::optional<Mismatch> mismatch = {}, std::optional<Statement> statement = {}) {
    if (played_.violation) return;
    Violation violation;
    violation.promise = promise;
    violation.phase = phase_;
    violation.step = step_;
    violation.moment = moment_;
    violation.saw = std::move(saw);
    violation.should_see = std::move(should_see);
    violation.mismatch = std::move(mismatch);
    violation.statement = std::move(statement);
    violation.leg = leg_;
    played_.violation = std::move(violation);
  }

  Stage& stage_;
  const Shapes& shapes_;
  const codegen::ReviewedPlan& plan_;
  const PlayOptions& options_;
  Pools pools_;
  std::mt19937_64 random_;
  std::optional<Database> database_;
  std::optional<LiveKeys> keys_;
  std::optional<Writer> writer_;
  std::optional<Oracle> oracle_;
  std::optional<Audit> audit_;
  std::map<Release, App> apps_;
  std::optional<Blame> blame_;
  Progressed at_;
  Phase phase_ = Phase::expand;
  std::string step_;
  std::string moment_;
  std::size_t leg_ = 0;
  int within_ = 0;
  Played played_;
};

}  // namespace

Played play(Stage& stage, const codegen::ReviewedPlan& plan, const PlayOptions& options) {
  return Player(stage, plan, options).play();
}

}  // namespace segue::runtime::rehearsal
