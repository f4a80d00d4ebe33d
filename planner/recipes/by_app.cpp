#include "planner/recipes/by_app.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

Step look_at_sides(const BothWritten& both, Phase phase, const std::string& title,
                   const std::string& why) {
  const Table& table = *both.table;
  RowLook sought;
  sought.phase = phase;
  sought.title = title;
  sought.why = why;
  sought.condition = both.differs;
  sought.shown = both.olds;
  sought.shown.insert(sought.shown.end(), both.news.begin(), both.news.end());
  sought.message = fmt::format("rows of {} have {} and {} that do not agree", quoted(table.name),
                               joined(both.olds), joined(both.news));
  sought.hint =
      "a release writes one side alone, or not the same to both: see that it is out, mend these "
      "rows, then run the phase again";
  if (phase == Phase::contract) sought.done = probe::column_missing(table.name, both.olds.front());
  return look_at_rows(table, sought);
}

void looks(Context& context, const BothWritten& both) {
  const std::string sides = fmt::format("{} and {} of {}", joined(both.olds), joined(both.news),
                                        quoted(both.table->name));
  if (both.two_way) {
    context.add_step(
        order::check_filled,
        look_at_sides(both, Phase::backfill,
                      fmt::format("Look for rows where {} do not agree", sides),
                      "the application keeps both sides in step: where it did not, only a "
                      "person knows which is right"));
  }
  if (both.proven) return;
  context.add_step(
      order::last_look,
      look_at_sides(both, Phase::contract, fmt::format("Look once more whether {} agree", sides),
                    "no trigger and no CHECK holds the promise: what a release wrote to "
                    "one side alone since phase 3 would be lost with the old columns"));
}

void notes(Context& context, const BothWritten& both, const std::string& olds,
           const std::string& news) {
  auto& expand = context.draft.notes_for(Phase::expand);
  auto& dual = context.draft.notes_for(Phase::dual_write);
  auto& backfill = context.draft.notes_for(Phase::backfill);
  auto& contract = context.draft.notes_for(Phase::contract);
  context.note(expand.changes, fmt::format("{} appear beside {}, empty.", news, olds));
  context.note(expand.must_not, fmt::format("name {} yet.", news));
  context.note(dual.changes,
               fmt::format("No trigger: the release that goes with this phase writes {} and {} "
                           "itself, in every INSERT and UPDATE of either.",
                           olds, news));
  context.note(dual.must_not, fmt::format("read {}, or write one of the two sides alone.", news));
  if (both.defaults) {
    context.note(dual.must_not,
                 fmt::format("leave both sides out of an INSERT: a default of {} fills that side "
                             "alone.",
                             olds));
  }
  context.note(
      backfill.watch,
      fmt::format("Every release that writes {} alone is gone before this phase, and may not come "
                  "back after it: {}.",
                  olds,
                  both.proven ? "PostgreSQL refuses what it writes"
                              : "nothing carries over what it writes, and phase 4 stops at it"));
  context.note(backfill.changes,
               fmt::format("{} are filled where they were NULL on every row.", news));
  context.note(backfill.may,
               fmt::format("read {} instead of {}; it goes on writing both.", news, olds));
  context.note(contract.changes, fmt::format("{} is gone; {} have its place.", olds, news));
  context.note(contract.must_not, fmt::format("name {} any more.", olds));
}

}  // namespace

void let_the_app_write(Context& context, const BothWritten& both) {
  const auto list = [&](const std::vector<std::string>& columns) {
    std::vector<std::string> names;
    for (const std::string& column : columns)
      names.push_back(fmt::format("`{}.{}`", both.table->name.name, column));
    return fmt::format("{}", fmt::join(names, ", "));
  };
  const std::string olds = list(both.olds);
  looks(context, both);
  notes(context, both, olds, list(both.news));
  app_at_contract(context, *both.table, fmt::format("{}", fmt::join(both.olds, ", ")), olds);
}

void app_at_contract(Context& context, const Table& table, const std::string& old_columns,
                     const std::string& shown, std::string_view until) {
  context.hazard(
      "app-at-contract", HazardLevel::note, fmt::format("{}.{}", quoted(table.name), old_columns),
      fmt::format("Up to contract {}, and from then on the old side is gone: the release that runs "
                  "then has to go over by itself.",
                  until),
      fmt::format(
          "Let it write {} only while `SELECT phase < 4 FROM segue.status WHERE change = "
          "…` is true, and ask again when a statement fails with 42703 or 23514; or stop its "
          "writes for that moment.",
          shown));
}

std::string_view why_not_by_app(const dsl::Intent& intent) {
  const auto one_of = [&]<typename... Intents>() {
    return (std::holds_alternative<Intents>(intent) || ...);
  };
  if (one_of.operator()<dsl::RenameTable>())
    return "both releases write the one table, each by its own name";
  if (one_of.operator()<dsl::WidenKey>())
    return "the key keeps its name, and the application sees one column of it";
  if (one_of.operator()<dsl::SetDefault, dsl::AddIndex, dsl::AddUnique, dsl::AddPrimaryKey>())
    return "PostgreSQL keeps it by itself, and no trigger has to";
  if (one_of.operator()<dsl::RelaxColumn, dsl::DropIndex, dsl::DropConstraint, dsl::DropTable,
                        dsl::ExtendType>())
    return "no value is carried over";
  if (one_of.operator()<dsl::RunSql>())
    return "what the application has to write for your own SQL only you can tell";
  return {};
}

void repaired_by_app(Context& context, const std::string& what) {
  context.note(context.draft.notes_for(Phase::dual_write).must_not,
               fmt::format("write {}: no trigger mends it.", what));
  context.note(context.draft.notes_for(Phase::backfill).watch,
               fmt::format("Every release that writes {} is gone before this phase: PostgreSQL "
                           "refuses it from here on.",
                           what));
}

}  // namespace segue::planner
