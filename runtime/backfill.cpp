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
#include "runtime/shared_reporter.hpp"
#include "runtime/stripes.hpp"

namespace segue::runtime {

namespace {

using planner::BackfillPass;
using planner::QualifiedName;
using planner::quoted;
using planner::Step;

using SessionSource = std::function<Session&()>;

// Somebody else's session that is in the middle of something, or was a moment ago. What a role may
// not see counts as work.
constexpr const char* app_at_work = R"(SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity
 WHERE datname = pg_catalog.current_database() AND backend_type = 'client backend'
   AND pid <> pg_catalog.pg_backend_pid() AND application_name NOT LIKE 'segue%'
   AND (coalesce(state, 'hidden') <> 'idle' OR state_change > pg_catalog.clock_timestamp() - interval '10 s')))";

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
  // Whether its last sweep proved that nothing is left.
  bool fill(const Leaf& leaf);
  // Works through all parts; gives the number of rows filled. Throws what a worker threw first.
  std::uint64_t work_off(const Leaf& leaf, const std::vector<Part>& parts);
  void work_off(const Leaf& leaf, Part part, const SessionSource& session);
  void work_off_region(const Leaf& leaf, Part& part, BlockRange region, unsigned turns,
                       unsigned ranges, bool idle, const SessionSource& session);
  std::uint64_t batch_rows(Session& session) const;
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

  std::atomic<bool> stop_ = false;
  std::atomic<std::uint64_t> filled_ = 0;
  std::atomic<std::uint64_t> blocks_done_ = 0;
  std::uint64_t blocks_total_ = 0;
  std::uint64_t blocks_at_start_ = 0;
  std::uint64_t most_blocks_ = 0;  // of a region
};

std::uint64_t Backfill::batch_rows(Session& session) const {
  if (context_.options.batch) return std::max<std::uint64_t>(*context_.options.batch, 1);
  if (pass_.batch) return std::max<std::uint64_t>(*pass_.batch, 1);
  return session.exec(app_at_work).scalar() == "t" ? rows_beside_app : rows_when_idle;
}

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

// A region that was cut short is begun again: its rows that are filled already are not pending.
void Backfill::work_off(const Leaf& leaf, Part part, const SessionSource& session) {
  while (!part.complete() && !stop_) {
    const bool sweeps = part.pass > 0;
    const unsigned turns = sweeps ? 1 : leaf.striping.turns;
    const unsigned ranges = sweeps ? 1 : ranges_per_region;
    const std::uint64_t asked = batch_rows(session());
    const auto rows = static_cast<double>(asked);
    const std::uint64_t blocks =
        std::min(most_blocks_, blocks_for(rows * turns * ranges, leaf.size.rows_per_block));
    const BlockRange region{part.position, std::min(part.upper, part.position + blocks)};
    work_off_region(leaf, part, region, turns, ranges, asked > rows_beside_app, session);
  }
}

void Backfill::work_off_region(const Leaf& leaf, Part& part, BlockRange region, unsigned turns,
                               unsigned ranges, bool idle, const SessionSource& session) {
  const std::vector<BlockRange> shares = share_out(region.to - region.from, ranges, 1);
  for (unsigned turn = 0; turn < turns; ++turn) {
    for (const BlockRange& share : shares) {
      if (stop_) return;
      const bool last = turn + 1 == turns && &share == &shares.back();
      BatchRows rows;
      rows.blocks = block_condition(session().server_version(), leaf.size.block_size,
                                    region.from + share.from, region.from + share.to);
      if (turns > 1) rows.share = leaf.striping.condition(turn);
      // A cursor that moved on is not lost again, whatever happens to the server; a sweep's is of
      // use only as a whole.
      rows.durable = !idle || (last && (part.pass == 0 || region.to == part.upper));
      Part after = part;
      filled_ += run_batch(context_, settings_, step_, pass_, leaf.name, rows, session,
                           [&](Session& here, std::uint64_t filled) {
                             after = part;
                             after.rows += filled;
                             if (last) after.position = region.to;
                             cursor_.save(here, after, last ? 0 : turn);
                           });
      if (last) blocks_done_ += region.to - region.from;
      part = after;
      tell(leaf, part.pass);
    }
  }
}

std::uint64_t Backfill::work_off(const Leaf& leaf, const std::vector<Part>& parts) {
  const std::uint64_t before = filled_;
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr first_error;
  const auto work = [&](const SessionSource& session) {
    try {
      for (std::size_t i = next++; i < parts.size() && !stop_; i = next++) {
        work_off(leaf, parts[i], session);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!first_error) first_error = std::current_exception();
      stop_ = true;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (const std::unique_ptr<Session>& helper : helpers_) {
      threads.emplace_back([&work, &helper] { work([&helper]() -> Session& { return *helper; }); });
    }
    work([this]() -> Session& { return own(); });
  }
  if (first_error) std::rethrow_exception(first_error);
  return filled_ - before;
}

bool Backfill::fill(const Leaf& leaf) {
  const std::string relation = quoted(leaf.name);
  const std::uint64_t smallest = blocks_for(rows_when_idle * stripes, leaf.size.rows_per_block);
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
    if ((pass > 0 && whole && found == last_found) || sweeps == most_sweeps) return false;
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

StepOutcome Backfill::run() {
  const std::vector<QualifiedName> names = leaves_of(own(), pass_.table, pass_.leaves);
  settings_ =
      batch_settings(context_, own(), silences_triggers(context_, own(), step_, pass_, names));
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
  const std::uint32_t workers =
      std::max(1U, context_.options.workers.value_or(pass_.workers.value_or(1)));
  for (std::uint32_t i = 1; i < workers; ++i) helpers_.push_back(context_.connection.another());
  most_blocks_ = most_blocks_of_a_region(own(), workers);
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
