#include "runtime/backfill.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>

#include "runtime/backfill_batch.hpp"
#include "runtime/backfill_cursor.hpp"
#include "runtime/errors.hpp"
#include "runtime/ledger.hpp"
#include "runtime/pacing/pacer.hpp"
#include "runtime/part_queue.hpp"
#include "runtime/shared_reporter.hpp"
#include "runtime/stripes.hpp"

namespace segue::runtime {

namespace {

using planner::BackfillPass;
using planner::QualifiedName;
using planner::quoted;
using planner::Step;

using SessionSource = std::function<Session&()>;

// One of those that fill at a time; the first is the run's own.
struct Worker {
  std::uint32_t number = 0;
  SessionSource session;
};

// A sweep looks at many rows and finds few: its transactions may look at more than they could fill.
constexpr unsigned rows_swept_for_one_filled = 4;

// Every turn reads its region again: all regions under way at a time stay in a quarter of the
// server's own memory, or each turn would read the disk and write out what the one before it wrote.
std::uint64_t most_blocks_of_a_region(Session& session, std::uint32_t workers) {
  const std::string buffers =
      session.exec("SELECT setting FROM pg_catalog.pg_settings WHERE name = 'shared_buffers'")
          .scalar();
  return std::max<std::uint64_t>(std::strtoull(buffers.c_str(), nullptr, 10) / (4ULL * workers),
                                 ranges_per_region);
}

class Backfill {
 public:
  Backfill(const RunContext& context, const Step& step, const BackfillPass& pass)
      : shared_reporter_(context.reporter),
        context_{context.connection, shared_reporter_, context.change, context.options},
        step_(step),
        pass_(pass),
        cursor_(context.change, step.id),
        watch_(context.clock()) {}

  StepOutcome run();

 private:
  struct Leaf {
    QualifiedName name;
    TableSize size;
    Striping striping;
  };

  Session& own() { return context_.connection.checked(); }
  // A whole region at full pace: smaller ones would only be more transactions.
  std::uint64_t smallest_part(const Leaf& leaf) const {
    const auto asked = context_.options.batch ? context_.options.batch : pass_.batch;
    const double rows = asked.value_or(pacing::rows_when_idle);
    return blocks_for(rows * stripes * ranges_per_region, leaf.size.rows_per_block);
  }
  // Whether its last sweep proved that nothing is left.
  bool waits_for_partners();
  bool fill(const Leaf& leaf);
  // Works through all parts; gives the number of rows filled. Throws what a worker threw first.
  std::uint64_t work_off(const Leaf& leaf, const std::vector<Part>& parts);
  // Until it is complete, or the worker is not wanted any more: what is left is for another.
  void work_off(const Leaf& leaf, Part& part, const Worker& worker);
  void work_off_region(const Leaf& leaf, Part& part, BlockRange region, unsigned turns,
                       unsigned ranges, const Worker& worker);
  // One transaction; `after` is the part as its cursor then has it.
  void batch(const Leaf& leaf, Part& part, const BatchRows& rows, const Part& after,
             unsigned next_turn, const Worker& worker);
  bool goes_on(const Worker& worker) const { return !stop_ && pacer_->wants(worker.number); }
  void hire(const std::vector<Leaf>& leaves);
  void require_none_left(const std::vector<QualifiedName>& leaves);
  void tell(const Leaf& leaf, int pass);

  SharedReporter shared_reporter_;
  RunContext context_;
  const Step& step_;
  const BackfillPass& pass_;
  BackfillCursor cursor_;
  BatchSettings settings_;
  Stopwatch watch_;
  std::vector<std::unique_ptr<Session>> helpers_;  // of the workers beside this thread
  std::optional<pacing::Pacer> pacer_;

  std::atomic<bool> stop_ = false;
  std::atomic<std::uint64_t> filled_ = 0;
  std::atomic<std::uint64_t> blocks_done_ = 0;
  std::uint64_t blocks_total_ = 0;
  std::uint64_t blocks_at_start_ = 0;
  std::uint64_t most_blocks_ = 0;  // of a region
  Milliseconds waited_for_partners_{0};
  int server_version_ = 0;
};

void Backfill::tell(const Leaf& leaf, int pass) {
  Progress progress;
  progress.step = step_.id;
  progress.activity = fmt::format("{} {}", pass == 0 ? "backfill" : "sweep", quoted(leaf.name));
  progress.rows = filled_;
  progress.blocks_done = blocks_done_;
  progress.blocks_total = blocks_total_;
  progress.blocks_at_start = blocks_at_start_;
  progress.seconds = watch_.elapsed().count();
  context_.reporter.advances(progress);
}

// Where the next piece of [from, end) ends: at its end where that is not much more than `blocks`.
std::uint64_t piece_end(std::uint64_t from, std::uint64_t end, std::uint64_t blocks) {
  return end - from <= blocks + blocks / 2 + 1 ? end : from + blocks;
}

// A region that was cut short is begun again: its rows that are filled already are not pending.
void Backfill::work_off(const Leaf& leaf, Part& part, const Worker& worker) {
  while (!part.complete() && goes_on(worker)) {
    const bool sweeps = part.pass > 0;
    const unsigned turns = sweeps ? 1 : leaf.striping.turns;
    const unsigned ranges = sweeps ? 1 : ranges_per_region;
    const auto rows = static_cast<double>(pacer_->rows_now(worker.session)) *
                      (sweeps ? rows_swept_for_one_filled : turns);
    const std::uint64_t blocks =
        std::min(most_blocks_, blocks_for(rows * ranges, leaf.size.rows_per_block));
    const BlockRange region{part.position, piece_end(part.position, part.upper, blocks)};
    work_off_region(leaf, part, region, turns, ranges, worker);
  }
}

void Backfill::work_off_region(const Leaf& leaf, Part& part, BlockRange region, unsigned turns,
                               unsigned ranges, const Worker& worker) {
  const std::vector<BlockRange> shares = share_out(region.to - region.from, ranges, 1);
  const unsigned looked_at = part.pass > 0 ? rows_swept_for_one_filled : turns;
  for (unsigned turn = 0; turn < turns; ++turn) {
    for (const BlockRange& share : shares) {
      // The pace may have fallen since the region was measured out: then a share is several
      // batches.
      for (std::uint64_t from = share.from; from < share.to;) {
        if (!goes_on(worker)) return;
        const std::uint32_t asked = pacer_->rows_now(worker.session);
        const std::uint64_t to =
            piece_end(from, share.to,
                      blocks_for(static_cast<double>(asked) * looked_at, leaf.size.rows_per_block));
        const bool last = turn + 1 == turns && to == shares.back().to;
        BatchRows rows;
        rows.blocks = block_condition(server_version_, leaf.size.block_size, region.from + from,
                                      region.from + to);
        if (turns > 1) rows.share = leaf.striping.condition(turn);
        // A cursor that moved on is not lost again, whatever happens to the server; a sweep's is of
        // use only as a whole.
        rows.durable = asked <= pacing::rows_beside_app ||
                       (last && (part.pass == 0 || region.to == part.upper));
        Part after = part;
        if (last) after.position = region.to;
        batch(leaf, part, rows, after, last ? 0 : turn, worker);
        if (last) blocks_done_ += region.to - region.from;
        tell(leaf, part.pass);
        from = to;
      }
    }
  }
}

void Backfill::batch(const Leaf& leaf, Part& part, const BatchRows& rows, const Part& after,
                     unsigned next_turn, const Worker& worker) {
  const Stopwatch watch(context_.clock());
  double before_commit = 0;
  Part saved;
  filled_ += run_batch(context_, settings_, step_, pass_, leaf.name, rows, worker.session,
                       [&](Session& here, std::uint64_t filled) {
                         saved = after;
                         saved.rows += filled;
                         cursor_.save(here, saved, next_turn);
                         before_commit = watch.elapsed().count();
                       });
  const double seconds = watch.elapsed().count();
  part = saved;
  pacer_->batch_done(seconds, seconds - before_commit);
}

std::uint64_t Backfill::work_off(const Leaf& leaf, const std::vector<Part>& parts) {
  const std::uint64_t before = filled_;
  PartQueue queue(parts);
  std::mutex mutex;
  std::exception_ptr first_error;
  const auto work = [&](const Worker& worker) {
    try {
      while (!stop_ && !queue.done()) {
        std::optional<Part> part = goes_on(worker) ? queue.take() : std::nullopt;
        if (!part) {
          queue.rest();
          continue;
        }
        work_off(leaf, *part, worker);
        queue.give_back(*part);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!first_error) first_error = std::current_exception();
      stop_ = true;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t i = 0; i < helpers_.size(); ++i) {
      threads.emplace_back([&, i] {
        work({i + 1, [this, i]() -> Session& { return *helpers_[i]; }});
      });
    }
    work({0, [this]() -> Session& { return context_.connection.checked_lately(); }});
  }
  if (first_error) std::rethrow_exception(first_error);
  return filled_ - before;
}

// A value that comes from another table's row is left out while somebody holds that row.
bool Backfill::waits_for_partners() {
  constexpr Milliseconds pause{200};
  constexpr Milliseconds patience{30000};
  const bool has_partners =
      std::any_of(step_.locks.begin(), step_.locks.end(), [&](const planner::LockUse& use) {
        return use.mode == planner::LockMode::row_share && use.relation != pass_.table;
      });
  if (!has_partners || waited_for_partners_ >= patience) return false;
  context_.reporter.waits(step_.id, "for rows that the values come from and somebody holds");
  context_.clock().sleep(pause);
  waited_for_partners_ += pause;
  return true;
}

bool Backfill::fill(const Leaf& leaf) {
  const std::string relation = quoted(leaf.name);
  const std::uint64_t smallest = smallest_part(leaf);
  std::vector<Part> parts = cursor_.load(own(), relation);
  const bool begun = !parts.empty();
  // A sweep that another run began may have found rows then: its count alone proves nothing.
  bool whole = !begun;
  if (!begun)
    parts =
        cursor_.begin(own(), relation, 0, share_out(leaf.size.blocks, parts_per_leaf, smallest));
  std::optional<std::uint64_t> last_found;
  for (int sweeps = 0;; ++sweeps) {
    const int pass = parts.empty() ? 0 : parts.front().pass;
    const std::uint64_t found = work_off(leaf, parts);
    if (pass > 0 && whole && found == 0) return true;
    if (((pass > 0 && whole && found == last_found) || sweeps >= most_sweeps) &&
        !waits_for_partners())
      return false;
    if (pass > 0 && whole) last_found = found;
    const TableSize now = size_of(own(), leaf.name);
    parts =
        cursor_.begin(own(), relation, pass + 1, share_out(now.blocks, parts_per_leaf, smallest));
    blocks_total_ += now.blocks;
    whole = true;
  }
}

// Rows that are pending after all sweeps are rows that the expression cannot fill.
void Backfill::require_none_left(const std::vector<QualifiedName>& leaves) {
  Search what{pass_.table, leaves, pass_.key, pass_.pending};
  const Findings left = search([this]() -> Session& { return own(); }, what, nullptr);
  if (left.found == 0) return;
  std::string keys;
  for (const std::string& key : left.first) keys += "\n  " + key;
  if (left.found > left.first.size()) keys += "\n  …";
  throw Failed(
      step_.id,
      fmt::format("step {}: {} of {} rows of {} could not be filled:{}", step_.id,
                  count_text(left.found), count_text(left.checked), quoted(pass_.table), keys),
      "",
      "The expression gives no value for them. Mend those rows, or undo the change and plan it "
      "with another expression; then run the same command again.");
}

void Backfill::hire(const std::vector<Leaf>& leaves) {
  pacing::Pacer::Task task{step_.id, {}, pass_.batch, pass_.workers};
  bool shared = false;  // a table that is one part is one worker's
  for (const Leaf& leaf : leaves) {
    task.leaves.push_back(leaf.name);
    shared = shared || share_out(leaf.size.blocks, parts_per_leaf, smallest_part(leaf)).size() > 1;
  }
  std::uint32_t workers = shared ? pacing::Pacer::most_workers(context_, task) : 1;
  // A role may have so many connections and no more. The one that watches the app comes before a
  // worker, and has to know all of them.
  for (;; --workers) {
    try {
      std::vector<int> pids{own().backend_pid()};
      while (helpers_.size() + 1 < workers)
        helpers_.push_back(context_.connection.another_beside());
      for (const auto& helper : helpers_) pids.push_back(helper->backend_pid());
      pacer_.emplace(context_, context_.reporter, task, std::move(pids));
      return;
    } catch (const DatabaseError& error) {
      if (error.connection_lost() || workers == 1) throw;
      context_.reporter.says(
          fmt::format("  {} goes on with fewer workers: {}", step_.id, error.what()));
      helpers_.clear();
    }
  }
}

StepOutcome Backfill::run() {
  const std::vector<QualifiedName> names = leaves_of(own(), pass_.table, pass_.leaves);
  settings_ = batch_settings(context_, own(),
                             silences_triggers(context_.options.allowed, own(), pass_, names));
  Ledger(own()).begin_step(context_.change, step_);
  std::vector<Leaf> leaves;
  for (const QualifiedName& name : names) {
    leaves.push_back({name, size_of(own(), name), choose_striping(own(), name, pass_.key)});
    if (leaves.back().striping.reason != leaves.front().striping.reason || leaves.size() == 1)
      context_.reporter.says(fmt::format("{}: {}", quoted(name), leaves.back().striping.reason));
    blocks_total_ += leaves.back().size.blocks;
    for (const Part& part : cursor_.load(own(), quoted(name))) {
      if (part.pass == 0) continue;
      // Its fill is over; a sweep counts for itself.
      blocks_at_start_ += part.number == 0 ? leaves.back().size.blocks : 0;
    }
  }
  blocks_done_ = blocks_at_start_;
  hire(leaves);
  server_version_ = own().server_version();
  most_blocks_ = most_blocks_of_a_region(own(), static_cast<std::uint32_t>(helpers_.size()) + 1);
  bool none_left = true;
  for (const Leaf& leaf : leaves) none_left = fill(leaf) && none_left;
  if (!none_left) require_none_left(names);

  StepOutcome outcome;
  outcome.seconds = watch_.elapsed().count();
  std::uint64_t rows = 0;
  for (const Leaf& leaf : leaves) {
    for (const Part& part : cursor_.load(own(), quoted(leaf.name))) rows += part.rows;
  }
  outcome.rows = rows;
  Ledger(own()).complete_step(context_.change, step_, outcome);
  return outcome;
}

}  // namespace

std::uint64_t blocks_for(double rows, double rows_per_block) {
  if (rows_per_block <= 0) rows_per_block = 1;
  return std::max<std::uint64_t>(1,
                                 static_cast<std::uint64_t>(std::llround(rows / rows_per_block)));
}

std::vector<BlockRange> share_out(std::uint64_t blocks, unsigned parts, std::uint64_t smallest) {
  const std::uint64_t count =
      std::clamp<std::uint64_t>(blocks / std::max<std::uint64_t>(smallest, 1), 1, parts);
  std::vector<BlockRange> ranges;
  for (std::uint64_t i = 0; i < count; ++i) {
    ranges.push_back({blocks * i / count, blocks * (i + 1) / count});
  }
  return ranges;
}

StepOutcome run_backfill(const RunContext& context, const Step& step, const BackfillPass& pass) {
  return Backfill(context, step, pass).run();
}

}  // namespace segue::runtime
