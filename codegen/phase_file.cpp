#include "codegen/phase_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "codegen/altered_triggers.hpp"
#include "codegen/ledger_sql.hpp"
#include "codegen/plan_files.hpp"
#include "codegen/step_sql.hpp"
#include "dsl/sql.hpp"
#include "planner/catalog_index.hpp"

namespace segue::codegen {

namespace {

using dsl::sql::quote_literal;
using planner::Phase;
using planner::Plan;
using planner::Step;

// Under psql a lock that does not come fails the file, which may be run again; segue itself tries
// again. Short, since every later statement on the table queues behind a waiting ALTER.
// All the locks of one step together stay below the second that an app's statement may wait.
constexpr std::size_t longest_lock_timeout_ms = 200;
constexpr std::size_t all_locks_ms = 800;
// Shorter ones would fail for an app's everyday transactions.
constexpr std::size_t shortest_lock_timeout_ms = 20;

// PostgreSQL locks a table's partitions one after the other, and holds all that it has.
std::size_t lock_timeout_ms(const planner::CatalogIndex& baseline, const Step& step) {
  std::size_t locks = 0;
  for (const planner::LockUse& lock : step.locks) {
    const planner::Table* table =
        planner::stops_writers(lock.mode) ? baseline.table(lock.relation) : nullptr;
    locks += table == nullptr ? 1 : planner::tree_of(baseline, *table).size();
  }
  return std::clamp(all_locks_ms / std::max<std::size_t>(locks, 1), shortest_lock_timeout_ms,
                    longest_lock_timeout_ms);
}

constexpr std::size_t width = 100;

std::string_view when(Phase phase) {
  switch (phase) {
    case Phase::expand:
      return "any time; the release that runs now goes on unchanged";
    case Phase::dual_write:
      return "after phase 1; before the release that writes what is new";
    case Phase::backfill:
      return "after phase 2; before the release that reads what is new";
    case Phase::contract:
      return "when no release runs that knows what is old";
  }
  return "";
}

std::string_view no_steps(Phase phase) {
  switch (phase) {
    case Phase::expand:
      return "Nothing has to be there before the app may run: no object is added.";
    case Phase::dual_write:
      return "Old and new need no keeping in step: nothing is written twice.";
    case Phase::backfill:
      return "Old rows need nothing: nothing is filled, built or validated.";
    case Phase::contract:
      return "Nothing old is left to remove: the earlier phases led to the end state.";
  }
  return "";
}

class PhaseWriter {
 public:
  void line(std::string_view text = {}) {
    out_.text += text;
    out_.text += '\n';
    lines_ += 1 + count(text);
  }
  // Text that ends with a newline, as it is; answers the lines that it takes.
  LineRange block(std::string_view text) {
    const std::size_t first = lines_ + 1;
    out_.text += text;
    lines_ += count(text);
    return {first, lines_};
  }
  // "-- label   text", wrapped; continuation lines stand under the text.
  void comment(std::string_view label, std::string_view text) {
    std::string current;
    std::string_view shown = label;
    const auto flush = [&] {
      line(fmt::format("-- {:<7}{}", shown, current));
      shown = "";
      current.clear();
    };
    while (!text.empty()) {
      const std::size_t space = text.find(' ');
      const std::string_view word = text.substr(0, space);
      if (!current.empty() && current.size() + word.size() + 11 > width) flush();
      if (!current.empty()) current += ' ';
      current += word;
      text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
    }
    flush();
  }
  std::map<std::string, LineRange>& steps() { return out_.steps; }
  PhaseFile take() { return std::move(out_); }

 private:
  static std::size_t count(std::string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  PhaseFile out_;
  std::size_t lines_ = 0;
};

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else if (c != ' ' || line.empty() || line.back() != ' ') {
      line += c;
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string undo_text(const Step& step) {
  std::string text;
  for (const planner::Action& action : step.undo) {
    std::string one;
    if (const auto* pass = std::get_if<planner::BackfillPass>(&action)) {
      one = fmt::format("put back what was overwritten in {}", quoted(pass->table));
    } else if (const auto* check = std::get_if<planner::NoRows>(&action)) {
      one = fmt::format("refused while {}", check->message);
    } else {
      one = one_line(action_sql(action));
      constexpr std::size_t longest = 300;
      if (one.size() > longest) one = one_line(one.substr(0, one.find(';') + 1)) + " …";
    }
    text += (text.empty() ? "" : "; then ") + one;
  }
  if (!step.undo_note.empty()) text += (text.empty() ? "" : " — ") + step.undo_note;
  return text.empty() ? "nothing to undo" : text;
}

std::string locks_text(const Step& step) {
  std::string text;
  for (const planner::LockUse& lock : step.locks) {
    text += fmt::format("{}{} on {}", text.empty() ? "" : ", ", name_of(lock.mode),
                        quoted(lock.relation));
  }
  if (text.empty()) return "none";
  const bool short_lock = step.scan == planner::Scan::catalogue;
  return text + (short_lock ? ", for a moment" : "");
}

std::string_view scan_text(planner::Scan scan) {
  switch (scan) {
    case planner::Scan::catalogue:
      return "the catalogue only, whatever the table's size";
    case planner::Scan::reads:
      return "reads the table";
    case planner::Scan::writes:
      return "writes rows, in small transactions";
    case planner::Scan::builds_index:
      return "reads the table twice, builds an index";
  }
  return "";
}

void header(PhaseWriter& out, const Plan& plan, Phase phase) {
  out.line(fmt::format("-- {} · phase {} of 4: {}", plan.name, number_of(phase), name_of(phase)));
  if (!plan.title.empty()) out.line(fmt::format("-- {}", one_line(plan.title)));
  out.line("--");
  out.comment("when", when(phase));
  out.comment("apply", fmt::format("segue apply <this directory> --phase {}{}", number_of(phase),
                                   phase == Phase::contract ? " --release NAME" : ""));
  out.comment("",
              fmt::format("or psql -v ON_ERROR_STOP=1 -f {}; either may be run again at any time",
                          file_name(phase)));
  out.comment(
      "from",
      fmt::format("{}; made by segue: change that file and plan again rather than edit here",
                  plan.source_name));
  out.line();
}

// segue asks much more before it begins (segue gate); the ledger's part of it holds for psql too.
void ask_for_release(PhaseWriter& out, const Plan& plan) {
  const bool removes = std::any_of(plan.steps.begin(), plan.steps.end(),
                                   [](const Step& step) { return step.phase == Phase::contract; });
  if (!removes) return;
  out.line();
  out.line(
      "-- No release that runs may still need what goes: segue.ack says so, segue.skip_soak why a "
      "soak");
  out.line("-- need not be over. See `segue gate` for what else there is to ask.");
  out.line(fmt::format(
      "SELECT segue.require_release({}, interval '{} seconds') AS segue_released \\gset",
      quote_literal(plan.name), plan.soak.count()));
}

void remember_triggers(PhaseWriter& out, const Plan& plan) {
  std::string all;
  for (const Step& step : plan.steps) all += psql_remembers_triggers(plan, step);
  if (all.empty()) return;
  out.line();
  out.line("-- The dual-write triggers keep what a look finds: none may be altered behind it.");
  out.block(all);
}

void opening(PhaseWriter& out, const Plan& plan, Phase phase, const std::string& fingerprint) {
  out.line(
      "-- Lines that begin with a backslash, and the queries in front of them, are for psql "
      "alone.");
  out.line("\\set ON_ERROR_STOP on");
  out.line("SET client_min_messages = warning;");
  out.line("-- What a backslash in a string means, whatever the role or the database has set.");
  out.line("SET standard_conforming_strings = on;");
  if (phase == Phase::expand) {
    out.line();
    out.line("-- ── The ledger ── where this database keeps account of its changes ──");
    out.line("BEGIN;");
    out.block(ledger_sql());
    out.line("COMMIT;");
  }
  if (phase == Phase::contract) ask_for_release(out, plan);
  out.line();
  out.line(fmt::format("SELECT segue.enter({}, {}, {}, {}) AS segue_contracted \\gset",
                       quote_literal(plan.name), quote_literal(plan.title), number_of(phase),
                       quote_literal(fingerprint)));
  out.line("\\if :segue_contracted");
  out.line("\\echo This change is contracted: nothing to do.");
  out.line("\\quit");
  out.line("\\endif");
  if (phase == Phase::contract) remember_triggers(out, plan);
}

void step_paragraph(PhaseWriter& out, const Plan& plan, const planner::CatalogIndex& baseline,
                    const Step& step) {
  out.line();
  out.line(fmt::format("-- ── {}  {} ──", step.id, one_line(step.title)));
  out.comment("why", step.why);
  out.comment("locks", locks_text(step));
  out.comment("scans", scan_text(step.scan));
  out.comment("undo", undo_text(step));
  for (const planner::SourceLine& source : step.source)
    out.comment("from", fmt::format("line {}: {}", source.line, source.text));
  if (!step.done.empty()) {
    out.line(fmt::format("SELECT {} AS segue_done \\gset", step.done));
    out.line("\\if :segue_done");
    out.line("\\else");
  }
  const std::string sql = action_sql(step.action);
  LineRange lines;
  if (is_transactional(step.action)) {
    out.line("BEGIN;");
    out.line(fmt::format("SET LOCAL lock_timeout = '{}ms';", lock_timeout_ms(baseline, step)));
    if (step.phase == Phase::contract) out.block(psql_asks_for_triggers(plan, step));
    lines = out.block(sql);
    out.line("COMMIT;");
  } else {
    if (const auto* index = std::get_if<planner::ConcurrentIndex>(&step.action);
        index != nullptr && !index->drop) {
      out.line("-- what an earlier build left behind when it failed");
      out.line(fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {};", quoted(index->index)));
    }
    lines = out.block(sql);
  }
  if (!step.done.empty()) out.line("\\endif");
  out.steps().emplace(step.id, lines);
}

}  // namespace

PhaseFile render_phase(const Plan& plan, Phase phase, const std::string& fingerprint) {
  PhaseWriter out;
  header(out, plan, phase);
  opening(out, plan, phase, fingerprint);
  const planner::CatalogIndex baseline(plan.baseline);
  bool any = false;
  for (const Step& step : plan.steps) {
    if (step.phase != phase) continue;
    any = true;
    step_paragraph(out, plan, baseline, step);
  }
  if (!any) {
    out.line();
    out.line(fmt::format("-- {}", no_steps(phase)));
  }
  out.line();
  out.line(fmt::format("SELECT segue.leave({}, {}) AS \"phase complete\";",
                       quote_literal(plan.name), number_of(phase)));
  return out.take();
}

}  // namespace segue::codegen
