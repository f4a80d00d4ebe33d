// What was declared against what was done, and what it would take at another size.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "runtime/rehearsal/trace.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::LockMode;
using planner::LockUse;
using planner::Scan;
using planner::Step;

// The strongest mode that the step declares for a relation.
std::optional<LockMode> declared(const Step& step, const planner::QualifiedName& relation) {
  std::optional<LockMode> strongest;
  for (const LockUse& use : step.locks) {
    if (use.relation == relation) strongest = std::max(strongest.value_or(use.mode), use.mode);
  }
  return strongest;
}

bool made_here(const Trace& trace, const planner::QualifiedName& relation) {
  return std::find(trace.made.begin(), trace.made.end(), planner::quoted(relation)) !=
         trace.made.end();
}

// What `sql …` locks is its author's to know: the plan declares nothing for it.
bool is_authors_own(const Step& step) {
  return std::any_of(step.source.begin(), step.source.end(), [](const auto& source) {
    constexpr std::string_view keyword = "sql ";
    const std::string_view text = source.text;
    return text.size() > keyword.size() &&
           std::equal(keyword.begin(), keyword.end(), text.begin(), [](char one, char two) {
             return one == std::tolower(static_cast<unsigned char>(two));
           });
  });
}

void judge_lock(const Step& step, const Trace& trace, const HeldLock& lock,
                std::vector<std::string>& sentences) {
  if (lock.use.mode == LockMode::access_share || made_here(trace, lock.use.relation)) return;
  // Nobody gets at an index but by its table, and a partitioned table stands for its partitions.
  std::optional<LockMode> allowed = declared(step, lock.use.relation);
  for (const planner::QualifiedName& whole : lock.within) {
    const std::optional<LockMode> there = declared(step, whole);
    if (there) allowed = std::max(allowed.value_or(*there), *there);
  }
  if (allowed && lock.use.mode <= *allowed) return;
  const std::string part =
      lock.within.empty() ? "" : fmt::format(" (of {})", planner::quoted(lock.within.front()));
  const std::string taken =
      fmt::format("step {} takes {} on {}{}", step.id, planner::name_of(lock.use.mode),
                  planner::quoted(lock.use.relation), part);
  sentences.push_back(
      allowed ? fmt::format("{}; the plan declares {}", taken, planner::name_of(*allowed))
              : fmt::format("{}, for which the plan declares no lock", taken));
}

}  // namespace

std::vector<std::string> beyond_declared(const Step& step, const Trace& trace) {
  std::vector<std::string> sentences;
  if (!is_authors_own(step)) {
    for (const HeldLock& lock : trace.locks) judge_lock(step, trace, lock, sentences);
  }
  const std::string_view scan = planner::name_of(step.scan);
  const bool rewrites_declared =
      step.scan == Scan::writes && std::holds_alternative<planner::Transaction>(step.action);
  if (!rewrites_declared) {
    for (const std::string& name : trace.rewritten_tables()) {
      sentences.push_back(
          fmt::format("step {} rewrites {}; the plan declares: {}", step.id, name, scan));
    }
  }
  if (step.scan == Scan::catalogue) {
    for (const std::string& name : trace.scans) {
      sentences.push_back(
          fmt::format("step {} reads all of {}; the plan declares: {}", step.id, name, scan));
    }
  }
  if (step.scan != Scan::builds_index) {
    for (const std::string& name : trace.index_builds) {
      sentences.push_back(
          fmt::format("step {} builds index {}; the plan declares: {}", step.id, name, scan));
    }
  }
  return sentences;
}

std::vector<std::string> declared_too_much(const Step& step, const Trace& trace) {
  std::vector<std::string> sentences;
  for (const LockUse& use : step.locks) {
    const auto taken =
        std::find_if(trace.locks.begin(), trace.locks.end(),
                     [&](const HeldLock& lock) { return lock.use.relation == use.relation; });
    if (taken != trace.locks.end() && taken->use.mode >= use.mode) continue;
    // Readers outside of a transaction are not looked at.
    if (taken == trace.locks.end() && use.mode == LockMode::access_share) continue;
    sentences.push_back(fmt::format(
        "step {} declares {} on {} and takes {}", step.id, planner::name_of(use.mode),
        planner::quoted(use.relation),
        taken == trace.locks.end() ? "no lock there" : planner::name_of(taken->use.mode)));
  }
  return sentences;
}

std::optional<double> projected_ms(Scan scan, const Trace& trace, double rows_here,
                                   double rows_there) {
  if (scan == Scan::catalogue && trace.rewritten_tables().empty() && trace.scans.empty()) {
    return trace.milliseconds;
  }
  if (rows_here < 1 || rows_there < 0) return std::nullopt;
  double factor = rows_there / rows_here;
  if (scan == Scan::builds_index && rows_there > 1 && rows_here > 1) {
    factor *= std::log(rows_there) / std::log(rows_here);
  }
  // What every step costs: round trips, the ledger, a commit.
  constexpr double fixed_ms = 3;
  const double by_rows = std::max(trace.milliseconds - fixed_ms, 0.0);
  return std::min(trace.milliseconds, fixed_ms) + by_rows * factor;
}

}  // namespace segue::runtime::rehearsal
