// The seam to whoever watches: what an apply tells while it runs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "planner/plan.hpp"
#include "runtime/clock.hpp"
#include "runtime/ledger.hpp"
#include "runtime/pacing/pace.hpp"

namespace segue::runtime {

// How far a pass over a table has come. Blocks are exact, rows are those written so far.
struct Progress {
  std::string step;      // "3.1"; empty: a verification
  std::string activity;  // "backfill public.users", "sweep public.users", "verify public.users"
  std::uint64_t rows = 0;
  std::uint64_t blocks_done = 0;
  std::uint64_t blocks_total = 0;
  double seconds = 0;  // of this run

  double rows_per_second() const { return seconds > 0 ? static_cast<double>(rows) / seconds : 0; }
  // By blocks; none before anything is done. `blocks_at_start` were done by an earlier run.
  std::uint64_t blocks_at_start = 0;
  std::optional<double> seconds_left() const;
};

struct VerificationResult;

class Reporter {
 public:
  virtual ~Reporter() = default;
  virtual void phase_begins(const planner::Plan& plan, planner::Phase phase) = 0;
  virtual void phase_ends(const planner::Plan& plan, planner::Phase phase, double seconds) = 0;
  virtual void step_begins(const planner::Step& step) = 0;
  virtual void step_ends(const planner::Step& step, const StepOutcome& outcome) = 0;
  virtual void undo_begins(const planner::Step& step) = 0;
  // Why it does not go on just now.
  virtual void waits(const std::string& step, const std::string& why) = 0;
  // A backfill goes on at another pace than before, or waits, and why.
  virtual void paces(const std::string& step, const pacing::Pace& pace) = 0;
  virtual void advances(const Progress& progress) = 0;
  virtual void verified(const VerificationResult& result) = 0;
  virtual void says(const std::string& message) = 0;
};

enum class ReportStyle { terminal, plain, json };

// terminal: one line that is written over while something runs; plain: a line now and then, for
// logs; json: one object a line. Not for several threads at once.
std::unique_ptr<Reporter> make_reporter(ReportStyle style, std::ostream& out, const Clock& clock);

// For those who do not want to hear anything.
std::unique_ptr<Reporter> make_silent_reporter();

// "1.2 s", "35 s", "4 min 10 s", "2 h 5 min"; "12 ms" below a second.
std::string duration_text(double seconds);
// 1234567 -> "1,234,567".
std::string count_text(std::uint64_t count);

}  // namespace segue::runtime
