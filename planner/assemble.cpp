// From a Draft to numbered steps.
#include <fmt/format.h>

#include <algorithm>

#include "planner/draft.hpp"

namespace segue::planner {

dsl::sql::ColumnMap TableDraft::rename_map() const {
  dsl::sql::ColumnMap map;
  for (const Rename& rename : renames) map.emplace(rename.from, rename.to);
  return map;
}

std::vector<QualifiedName> leaves_of(const CatalogIndex& catalog, const Table& table) {
  std::vector<QualifiedName> leaves;
  for (const Table* one : tree_of(catalog, table)) {
    if (one->kind != TableKind::partitioned) leaves.push_back(one->name);
  }
  std::sort(leaves.begin(), leaves.end());
  return leaves;
}

std::vector<std::string> row_key(const Table& table) {
  if (const Constraint* key = table.primary_key()) return key->columns;
  for (const Index& index : table.indexes) {
    if (!index.unique || !index.valid || !index.predicate.empty()) continue;
    std::vector<std::string> columns;
    for (const IndexKeyPart& part : index.keys) {
      const Column* column = part.column.empty() ? nullptr : table.column(part.column);
      if (column == nullptr || !column->not_null) break;
      columns.push_back(part.column);
    }
    if (columns.size() == index.keys.size()) return columns;
  }
  return {};
}

void add_source(std::vector<SourceLine>& sources, const SourceLine& source) {
  const bool known = std::any_of(sources.begin(), sources.end(),
                                 [&](const SourceLine& line) { return line.line == source.line; });
  if (!known && source.line != 0) sources.push_back(source);
}

namespace {

// A column that gets NOT NULL has a CHECK that proves it, whichever statement promised it a value.
void name_proofs(Draft& draft) {
  constexpr std::string_view missing = " IS NULL";
  for (Verification& verification : draft.verifications) {
    const auto table = draft.tables.find(verification.table);
    if (table == draft.tables.end() || !verification.differs.ends_with(missing)) continue;
    const std::string column =
        verification.differs.substr(0, verification.differs.size() - missing.size());
    const std::string definition = fmt::format("CHECK ({} IS NOT NULL)", column);
    for (const ConstraintDraft& constraint : table->second.constraints) {
      if (constraint.validate && constraint.definition == definition)
        verification.proven_by = constraint.name;
    }
  }
}

}  // namespace

std::vector<Step> assemble(Draft& draft, const CatalogIndex& catalog) {
  name_proofs(draft);
  assemble_triggers(draft, catalog);
  assemble_backfill(draft, catalog);
  assemble_contract(draft, catalog);
  std::stable_sort(draft.steps.begin(), draft.steps.end(),
                   [](const LooseStep& a, const LooseStep& b) {
                     return std::pair{a.step.phase, a.order} < std::pair{b.step.phase, b.order};
                   });
  std::vector<Step> steps;
  steps.reserve(draft.steps.size());
  std::array<int, 5> count{};
  for (LooseStep& loose : draft.steps) {
    const int phase = number_of(loose.step.phase);
    loose.step.id = fmt::format("{}.{}", phase, ++count.at(static_cast<std::size_t>(phase)));
    steps.push_back(std::move(loose.step));
  }
  draft.steps.clear();
  return steps;
}

}  // namespace segue::planner
