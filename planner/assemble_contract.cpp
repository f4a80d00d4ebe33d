// Phase 4: one short transaction for each group of tables that have to change together.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "planner/draft.hpp"
#include "planner/probe.hpp"

namespace segue::planner {

namespace {

// Tables bound by a lock that one needs on the other go into one transaction.
class Groups {
 public:
  void join(const QualifiedName& a, const QualifiedName& b) {
    const QualifiedName first = root(a);
    const QualifiedName second = root(b);
    if (first != second) parent_[std::max(first, second)] = std::min(first, second);
  }
  QualifiedName root(const QualifiedName& name) {
    const auto found = parent_.find(name);
    if (found == parent_.end() || found->second == name) return name;
    const QualifiedName top = root(found->second);
    parent_[name] = top;
    return top;
  }

 private:
  std::map<QualifiedName, QualifiedName> parent_;
};

Step contract_step(const std::vector<TableDraft*>& tables) {
  std::set<QualifiedName> locks;
  std::set<QualifiedName> views;
  std::vector<std::pair<const TableDraft*, const ContractPiece*>> pieces;
  for (const TableDraft* table : tables) {
    locks.insert(table->table->name);
    locks.insert(table->contract_locks.begin(), table->contract_locks.end());
    views.insert(table->views_aside.begin(), table->views_aside.end());
    for (const ContractPiece& piece : table->contract) pieces.emplace_back(table, &piece);
  }
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const auto& a, const auto& b) { return a.second->slot < b.second->slot; });

  Step step;
  step.phase = Phase::contract;
  std::string names;
  std::string lock_tables;
  for (const QualifiedName& lock : locks) {
    lock_tables += fmt::format("{}{}", lock_tables.empty() ? "LOCK TABLE " : ", ", quoted(lock));
    step.locks.push_back({lock, LockMode::access_exclusive});
  }
  lock_tables += " IN ACCESS EXCLUSIVE MODE;\n";
  for (const QualifiedName& view : views) step.locks.push_back({view, LockMode::access_exclusive});
  for (const TableDraft* table : tables) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", quoted(table->table->name));
  }
  std::string comment;
  std::string sql;
  for (const auto& [table, piece] : pieces) {
    if (piece->slot != ContractSlot::views_aside) sql += std::exchange(lock_tables, {});
    if (!piece->comment.empty() && piece->comment != comment)
      sql += fmt::format("-- {}\n", piece->comment);
    comment = piece->comment;
    sql += piece->sql;
    step.done = probe::both(step.done, piece->done);
    const bool known =
        std::any_of(step.source.begin(), step.source.end(),
                    [&](const SourceLine& line) { return line.line == piece->source.line; });
    if (!known && piece->source.line != 0) step.source.push_back(piece->source);
  }
  std::sort(step.source.begin(), step.source.end(),
            [](const SourceLine& a, const SourceLine& b) { return a.line < b.line; });
  step.title = fmt::format("Contract {}", names);
  step.action = Transaction{std::move(sql)};
  step.why =
      "all at once, so that no release ever meets half of it; catalogue changes only, over in "
      "milliseconds "
      "once the lock is there";
  step.undo_note = "none: forward fix, as a new change";
  return step;
}

// Whether a view's query stands over the new type PostgreSQL alone can say, and phase 4 would be
// late: there is no way back behind it.
Step trial_of(const Step& contract, const std::vector<QualifiedName>& stand_ins,
              const std::vector<const View*>& in_the_way) {
  std::string sql;
  if (!in_the_way.empty())
    sql += "-- what somebody has to drop before phase 4, as the plan's hazards say\n";
  for (auto view = in_the_way.rbegin(); view != in_the_way.rend(); ++view)
    sql += fmt::format("DROP {}VIEW IF EXISTS {} RESTRICT;\n",
                       (*view)->materialized ? "MATERIALIZED " : "", quoted((*view)->name));
  for (const QualifiedName& view : stand_ins)
    sql += fmt::format("DROP VIEW IF EXISTS {} RESTRICT;\n", quoted(view));
  sql += std::get<Transaction>(contract.action).sql;
  Step step;
  step.phase = Phase::backfill;
  step.title = fmt::format("Try what phase 4 does: {}", contract.title);
  step.action = Transaction{
      fmt::format("SAVEPOINT segue_trial;\n{}ROLLBACK TO SAVEPOINT segue_trial;\nRELEASE SAVEPOINT "
                  "segue_trial;\n",
                  sql)};
  step.why =
      "a view that does not stand over the new type, or something that hangs on it, shows now and "
      "not when it is too late; all of it is taken back at once";
  step.locks = contract.locks;
  for (const QualifiedName& view : stand_ins)
    step.locks.push_back({view, LockMode::access_exclusive});
  for (const View* view : in_the_way)
    step.locks.push_back({view->name, LockMode::access_exclusive});
  step.source = contract.source;
  step.undo_note = "nothing: it is taken back at once";
  return step;
}

}  // namespace

void assemble_contract(Draft& draft, const CatalogIndex&) {
  Groups groups;
  for (const auto& [name, table] : draft.tables) {
    for (const QualifiedName& other : table.contract_locks) groups.join(name, other);
  }
  std::map<QualifiedName, std::vector<TableDraft*>> by_group;
  for (auto& [name, table] : draft.tables) {
    if (!table.contract.empty()) by_group[groups.root(name)].push_back(&table);
  }
  for (const auto& [root, tables] : by_group) {
    Step contract = contract_step(tables);
    const bool aside = std::any_of(tables.begin(), tables.end(), [](const TableDraft* table) {
      return !table->views_aside.empty();
    });
    // The views under old names of the tables are gone when phase 4 comes to this step.
    std::vector<QualifiedName> stand_ins;
    std::vector<const View*> in_the_way;
    for (const TableDraft* table : tables) {
      const auto view = draft.stand_ins.find(table->table->name);
      if (view != draft.stand_ins.end()) stand_ins.push_back(view->second);
      in_the_way.insert(in_the_way.end(), table->views_in_the_way.begin(),
                        table->views_in_the_way.end());
    }
    if (aside && !draft.swap_held)
      draft.steps.push_back({trial_of(contract, stand_ins, in_the_way), order::trial});
    draft.steps.push_back({std::move(contract), order::contract});
  }
}

}  // namespace segue::planner
