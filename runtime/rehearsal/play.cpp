// Playing a run: apply, let the apps write, hold what they read against the model.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/apply.hpp"
#include "runtime/errors.hpp"
#include "runtime/rehearsal/app.hpp"
#include "runtime/rehearsal/audit.hpp"
#include "runtime/rehearsal/database_state.hpp"
#include "runtime/rehearsal/moments.hpp"
#include "runtime/rehearsal/run.hpp"
#include "runtime/undo.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::number_of;
using planner::Phase;
using planner::Step;

// Between two steps nothing may hold an app up; this is for what should not happen.
constexpr const char* app_patience = "SET lock_timeout = '1s'";
constexpr const char* cached_plan = "0A000";

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
    touched_.clear();
    at_ = {};
    within_ = 0;
    database_.emplace(stage_.fresh());
    old_model_.emplace(stage_.fresh());
    new_model_.emplace(stage_.plain());
    stage_.relax(*old_model_->open());
    oracle_.emplace(shapes_, old_model_->open(), new_model_->open(),
                    std::make_shared<Candidates>());
    audit_.emplace(shapes_, *oracle_);
    for (const Release release : {Release::before, Release::after}) {
      auto session = database_->open(std::string(name_of(release)));
      session->exec(app_patience);
      apps_.emplace(release, App(std::move(session), stage_.server().directory()));
    }
    keys_.emplace(shapes_.tables.size());
    for (std::size_t i = 0; i < shapes_.tables.size(); ++i) {
      if (!shapes_.tables[i].before || shapes_.tables[i].keyless) continue;
      for (const Key& key : oracle_->all_keys(Release::before, i)) keys_->add(i, key, false);
    }
    writer_.emplace(shapes_, pools_, *keys_, random_(), false);
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
    at_.under_way = number_of(phase);
    phase_ = phase;
    Moments moments;
    moments.before_step = [this](const Step& step) {
      step_ = shown(step);
      moment(step.id + " before", &step);
    };
    moments.after_step = [this](const Step& step) { moment(step.id + " after", &step); };
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
    step_.clear();
    at_.complete = number_of(phase);
    if (phase == Phase::contract) oracle_->part();
    check_everything();
    if (good()) moment(fmt::format("phase {} complete", number_of(phase)), nullptr);
    if (good()) check_everything();
  }

  void undo_all(int from) {
    at_.undoing = true;
    Moments moments;
    moments.before_undo = [this](const Step& step) {
      step_ = shown(step);
      moment(step.id + " undo", &step);
    };
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
    ++played_.checks[Promise::end_state];
    const auto differences =
        planner::differences(comparable(shapes_.after), read_structure(*database_->open()), {});
    if (!differences.empty())
      fail(Promise::end_state, differences.front(), "the schema that plain DDL makes");
  }

  // ---- Apps ----

  std::vector<Permission> permissions() const {
    const Permission old_app{Release::before, Release::before, true, false};
    if (at_.undoing) return {old_app};
    const int base = at_.under_way > 0 ? at_.under_way - 1 : at_.complete;
    const Permission new_app{Release::after, Release::after, base >= 3, at_.complete == 4};
    if (at_.under_way == 4 || at_.complete == 4) return {new_app};
    if (base < 2) return {old_app};
    // One release writes both; nobody can derive how it does that.
    if (shapes_.by_app) return {};
    if (shapes_.one_way) return {base == 2 ? old_app : new_app};
    return {old_app, new_app};
  }

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
    for (std::size_t i = 0; i < options_.batch && good(); ++i) {
      const Permission& one = allowed[writer_->random()() % allowed.size()];
      if (const auto statement = writer_->next(*oracle_, one)) {
        act(*statement);
        keys_->give_back(statement->table, statement->keys);
      }
    }
  }

  // Between the transactions of phase 4 a swapped column is neither here nor there.
  bool is_in_between(const TableShape& shape) const {
    return at_.under_way == 4 && shape.swap_phase() == Phase::contract;
  }

  void act(const Statement& statement) {
    const TableShape& shape = shapes_.tables[statement.table];
    if (is_in_between(shape)) return;
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
    if (!answer.ok && may_fail_once(shape, answer)) {
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
  // The notes name the release that has to reconnect when a column's type is another.
  bool may_fail_once(const TableShape& shape, const Answer& answer) const {
    return answer.sqlstate == cached_plan && shape.swap_phase() &&
           at_.may_be_new(*shape.swap_phase());
  }
  void settle(const Statement& statement) {
    for (const auto* list : {&statement.keys, &statement.new_keys}) {
      for (const Key& key : *list) touched_.insert({statement.table, key});
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
      if (mismatch) lost(*mismatch, Promise::no_lost_write);
    }
  }
  template <typename Read>
  std::optional<Mismatch> reads(Release release, std::size_t table, const Read& read) {
    App& app = apps_.at(release);
    try {
      try {
        return read(app);
      } catch (const DatabaseError& error) {
        Answer answer;
        answer.sqlstate = error.sqlstate();
        if (!may_fail_once(shapes_.tables[table], answer)) throw;
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
        if (mismatch) lost(*mismatch, promise);
      }
    }
  }
  void lost(const Mismatch& mismatch, std::optional<Promise> promise) {
    const bool by_app = touched_.contains({mismatch.table, mismatch.key});
    const bool unfilled = at_.filled() && !by_app;
    fail(promise.value_or(unfilled ? Promise::complete : Promise::no_lost_write), mismatch.saw,
         mismatch.should_see, mismatch);
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
  std::optional<Database> old_model_;
  std::optional<Database> new_model_;
  std::optional<LiveKeys> keys_;
  std::optional<Writer> writer_;
  std::optional<Oracle> oracle_;
  std::optional<Audit> audit_;
  std::map<Release, App> apps_;
  std::set<std::pair<std::size_t, Key>> touched_;
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
