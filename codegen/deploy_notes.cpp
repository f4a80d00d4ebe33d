#include "codegen/deploy_notes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "codegen/plan_files.hpp"
#include "codegen/step_sql.hpp"

namespace segue::codegen {

namespace {

using planner::Phase;
using planner::Plan;
using planner::Step;

struct Texts {
  std::string_view release;  // the app release that goes with the phase
  std::string_view order;
  std::string_view horizon;  // how far back the app and the schema may go
};

Texts texts(Phase phase) {
  switch (phase) {
    case Phase::expand:
      return {"the release that runs now, unchanged",
              "The phase goes first. No release has to follow it.",
              "`segue undo` drops what is new; nothing is lost. Any release may be rolled back."};
    case Phase::dual_write:
      return {"the release that may write what is new (optional)",
              "The phase goes first, the release after it.",
              "The app goes back at will. `segue undo` removes the triggers and what is new."};
    case Phase::backfill:
      return {"the release that reads and writes what is new",
              "The phase goes first, the release after it. Old and new run together.",
              "The app goes back at will; the schema stays, or goes back with `segue undo`."};
    case Phase::contract:
      return {"none: the release of phase 3 must be fully out",
              "First the old release is gone everywhere, then the phase.",
              "None for the schema: forward fix, as a new change. No release that knows what is "
              "old may come back."};
  }
  return {};
}

std::string duration(std::chrono::seconds seconds) {
  const auto count = seconds.count();
  const auto spell = [](std::int64_t n, std::string_view unit) {
    return fmt::format("{} {}{}", n, unit, n == 1 ? "" : "s");
  };
  if (count % 86400 == 0) return spell(count / 86400, "day");
  if (count % 3600 == 0) return spell(count / 3600, "hour");
  if (count % 60 == 0) return spell(count / 60, "minute");
  return spell(count, "second");
}

bool has_steps(const Plan& plan, Phase phase) {
  return !steps_of(plan, phase).empty();
}

void picture(std::string& out, const Plan& plan) {
  out += "```mermaid\nflowchart LR\n  subgraph schema\n    direction LR\n";
  for (const Phase phase : planner::all_phases) {
    out += fmt::format("    P{0}[\"{0} {1}{2}\"]\n", number_of(phase), name_of(phase),
                       has_steps(plan, phase) ? "" : "<br/>(nothing to do)");
  }
  out +=
      "    P1 --> P2 --> P3 --> P4\n  end\n  subgraph app\n    direction LR\n"
      "    R1([\"old release\"])\n    R2([\"may write new\"])\n    R3([\"reads new\"])\n    R1 --> "
      "R2 --> R3\n  end\n"
      "  R1 -. runs through .-> P3\n  P2 -. then .-> R2\n  P3 -. then .-> R3\n  R3 -. fully out, "
      "then .-> P4\n```\n\n";
}

void list(std::string& out, std::string_view lead, const std::vector<std::string>& sentences) {
  if (sentences.empty()) return;
  out += fmt::format("{}\n\n", lead);
  for (const std::string& sentence : sentences) out += fmt::format("- {}\n", sentence);
  out += '\n';
}

std::string escaped(std::string text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c == '\n' ? ' ' : c;
  }
  return cell;
}

void steps_table(std::string& out, const Plan& plan, Phase phase) {
  const auto steps = steps_of(plan, phase);
  if (steps.empty()) {
    out += "No steps: nothing to do in this phase.\n\n";
    return;
  }
  out += "| step | does | locks | touches |\n|---|---|---|---|\n";
  for (const Step* step : steps) {
    std::string locks;
    for (const planner::LockUse& lock : step->locks) {
      locks += fmt::format("{}{} on `{}`", locks.empty() ? "" : ", ", name_of(lock.mode),
                           quoted(lock.relation));
    }
    out += fmt::format("| {} | {} | {} | {} |\n", step->id, escaped(step->title), escaped(locks),
                       name_of(step->scan));
  }
  out += '\n';
}

void phase_section(std::string& out, const Plan& plan, Phase phase) {
  const Texts text = texts(phase);
  const planner::PhaseNotes& notes = plan.notes_for(phase);
  out += fmt::format("## Phase {}: {}\n\n", number_of(phase), name_of(phase));
  out += fmt::format(
      "```sh\nsegue apply <this directory> --phase {}{} --db \"$DATABASE_URL\"\n```\n\n",
      number_of(phase), phase == Phase::contract ? " --release NAME" : "");
  out += fmt::format("Goes with: {}. {}\n\n", text.release, text.order);
  list(out, "What happens:", notes.changes);
  list(out,
       phase == Phase::contract ? "The release that runs now may …"
                                : "The release that goes with it may …",
       notes.may);
  list(out, "It must not …", notes.must_not);
  steps_table(out, plan, phase);
  list(out, "Good to know:", notes.watch);
  out += fmt::format("Rollback horizon: {}\n\n", text.horizon);
  if (phase == Phase::backfill && !plan.flag.empty()) {
    out += fmt::format(
        "Feature flag `{}`: turn it on once this phase is complete and the release is out; off "
        "again at any time before phase 4. "
        "Remove it, and the code behind its old side, before phase 4.\n\n",
        plan.flag);
  }
  if (phase == Phase::contract) {
    out +=
        "Refused until the new release is acknowledged as fully out: `--release NAME` here, or "
        "earlier `segue ack <this directory> --release NAME`";
    out += plan.soak.count() > 0
               ? fmt::format(", and {} have passed since then.\n\n", duration(plan.soak))
               : std::string{".\n\n"};
    out += "`segue gate <this directory>` shows what else it asks, and what is proof of it.\n\n";
  }
}

void hazards(std::string& out, const Plan& plan) {
  if (plan.hazards.empty()) {
    out += "None was found.\n\n";
    return;
  }
  out += "| code | object | what | what to do |\n|---|---|---|---|\n";
  for (const planner::Hazard& hazard : plan.hazards) {
    std::string weight;
    if (hazard.allowed) {
      weight = " (allowed)";
    } else if (hazard.level == planner::HazardLevel::stops_contract) {
      weight = " (stops phase 4)";
    }
    out += fmt::format("| `{}`{} | `{}` | {} | {} |\n", hazard.code, weight, escaped(hazard.object),
                       escaped(hazard.message), escaped(hazard.advice));
  }
  out += '\n';
}

bool any_step(const Plan& plan, const auto& predicate) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), predicate);
}

// What the plan can vouch for is ticked; what only people can do is theirs.
void checklist(std::string& out, const Plan& plan) {
  const auto item = [&](bool done, std::string_view text) {
    out += fmt::format("- [{}] {}\n", done ? 'x' : ' ', text);
  };
  item(true, "Backward compatible: old and new release run together in every phase up to 3.");
  item(true, "New columns are nullable or have a constant default; no statement rewrites a table.");
  if (any_step(plan, [](const Step& step) {
        return std::holds_alternative<planner::ConcurrentIndex>(step.action);
      })) {
    item(true, "Indexes are built CONCURRENTLY.");
  }
  if (any_step(plan, [](const Step& step) { return step.title.starts_with("Validate"); })) {
    item(true, "Constraints come as NOT VALID and are validated separately.");
  }
  if (any_step(plan, [](const Step& step) {
        return std::holds_alternative<planner::BackfillPass>(step.action);
      })) {
    item(true, "The backfill runs in small batches and goes on where it stopped.");
  }
  item(true, "The way back is written beside each step, up to phase 4.");
  item(false, "Tested on production-like data; the run time is acceptable.");
  item(false, "Nobody outside the app reads what goes away: reports, ETL, replicas' users.");
  item(false, "Phases are applied by a person or a deploy job, never by the app at start-up.");
  item(false,
       plan.flag.empty()
           ? "A feature flag, where the new behaviour should be switched apart from the release."
           : "The feature flag is in place, and off.");
  item(false, "Phase 4 waits until every instance runs the new release.");
  out += '\n';
}

}  // namespace

std::string render_deploy_notes(const Plan& plan) {
  std::string out = fmt::format("# Deploy {}\n\n", plan.name);
  if (!plan.title.empty()) out += fmt::format("{}\n\n", plan.title);
  out += fmt::format("From `{}`:\n\n```\n{}{}```\n\n", plan.source_name, plan.source_text,
                     plan.source_text.ends_with('\n') ? "" : "\n");
  if (!plan.after.empty()) {
    out += "Needs these changes contracted first:";
    for (const std::string& name : plan.after) out += fmt::format(" `{}`", name);
    out += ".\n\n";
  }
  picture(out, plan);
  out +=
      "A team with a slower train may take phases 1 to 3 in one release; never fewer than one "
      "release between 3 and 4.\n\n";
  for (const Phase phase : planner::all_phases) phase_section(out, plan, phase);
  out += "## Hazards\n\n";
  hazards(out, plan);
  out += "## Checklist\n\n";
  checklist(out, plan);
  return out;
}

}  // namespace segue::codegen
