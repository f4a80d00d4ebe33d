// split T.c -> a TYPE = E, b TYPE = E: one column becomes several.
#include "planner/recipes/mapping.hpp"

namespace segue::planner {

void plan(Context& context, const dsl::SplitColumn& intent) {
  const Table* table = context.table(intent.column.table);
  if (table == nullptr) return;
  const dsl::Identifier& from = intent.column.column;
  const Column* column = context.existing(*table, from);
  if (column == nullptr) return;
  bool good = may_be_mapped(context, *table, *column, from.span);
  Mapping mapping{table, {}, {}, "split", from.span};
  std::vector<std::string> news;
  for (const dsl::ComputedColumn& one : intent.into) {
    auto made = new_column(context, *table, one, {from.name});
    news.push_back(one.name.name);
    good = good && made.has_value();
    if (made) mapping.news.push_back(std::move(*made));
  }
  auto old = old_column(context, *table, *column, intent.back, news, {from.name});
  if (!good || !old) return;
  mapping.olds.push_back(std::move(*old));
  plan_mapping(context, mapping);
}

}  // namespace segue::planner
