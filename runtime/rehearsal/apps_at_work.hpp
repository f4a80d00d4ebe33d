// The two releases of an app on the database of one leg: what they write at each moment of it, and
// what they read then, held against the model.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/rehearsal/app.hpp"
#include "runtime/rehearsal/audit.hpp"
#include "runtime/rehearsal/blame.hpp"
#include "runtime/rehearsal/oracle.hpp"
#include "runtime/rehearsal/run.hpp"
#include "runtime/rehearsal/run_record.hpp"
#include "runtime/rehearsal/stage.hpp"
#include "runtime/rehearsal/writer.hpp"

namespace segue::runtime::rehearsal {

// Whatever it finds goes into the record, and nothing is tried after a violation.
class AppsAtWork {
 public:
  // All of these outlive it. Throws DatabaseError.
  AppsAtWork(Stage& stage, const planner::Plan& plan, const PlayOptions& options,
             const Pools& pools, std::uint64_t seed, RunRecord& record);

  const Database& database() const { return database_; }
  // Again, where the server has been down.
  void connect();

  // They write, each what it may just now. `step`: whose moment it is; none: it lies between
  // phases.
  void moment(const std::string& what, const planner::Step* step);
  void step_ended(const planner::Step& step) { blame_.ended(step); }
  // Contract is complete: what either release writes is its own affair from now on.
  void part() { oracle_.part(); }

  // Every row of every table that a release reads. `promise`: the one that a difference breaks;
  // none: the one that the row's history tells.
  void check_everything(std::optional<Promise> promise = {});

  // Phase 3 stops at values that have nowhere to go; the notes ask the app to mend them first.
  void bring_home_strays();
  // Undo is refused while rows lack what the new release did not write: the app mends them first.
  void fill_left_out();

 private:
  // Asks the model first, and sends what that takes.
  void act(Statement statement);
  // Who wrote which row, and which rows there are now.
  void settle(const Statement& statement);
  // The rows of a statement, as each release reads them right behind it.
  void look(const Statement& statement);
  // Once more where the release has to reconnect; none as well where PostgreSQL refuses, which is
  // in the record then.
  std::optional<Mismatch> reads(Release release, std::size_t table,
                                const std::function<std::optional<Mismatch>(App&)>& read);
  void lost(const Mismatch& mismatch, std::optional<Promise> promise, bool at_once);

  Stage& stage_;
  const Shapes& shapes_;
  const PlayOptions& options_;
  const Pools& pools_;
  RunRecord& record_;
  Database database_;
  Oracle oracle_;
  Audit audit_;
  Blame blame_;
  LiveKeys keys_;
  Writer writer_;
  std::map<Release, App> apps_;  // behind the database: their sessions end before it goes
};

}  // namespace segue::runtime::rehearsal
