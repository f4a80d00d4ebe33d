// merge T(a, b) -> c TYPE = E: several columns become one.
#include <fmt/format.h>

#include <algorithm>

#include "planner/recipes/mapping.hpp"

namespace segue::planner {

namespace {

// All of the old columns have a `back`, or none has.
bool back_is_whole(Context& context, const dsl::MergeColumns& intent) {
  bool good = true;
  for (const dsl::BackValue& back : intent.back) {
    const bool known =
        std::any_of(intent.columns.begin(), intent.columns.end(),
                    [&](const dsl::Identifier& column) { return column.name == back.column.name; });
    if (known) continue;
    context.error(back.column.span,
                  fmt::format("\"{}\" is not one of the columns that are merged", back.column.name),
                  "");
    good = false;
  }
  if (intent.back.empty()) return good;
  for (const dsl::Identifier& column : intent.columns) {
    const bool given =
        std::any_of(intent.back.begin(), intent.back.end(),
                    [&](const dsl::BackValue& back) { return back.column.name == column.name; });
    if (given) continue;
    context.error(column.span, fmt::format("`back` does not say what \"{}\" holds", column.name),
                  "give each of the old columns its value, or leave `back` out");
    good = false;
  }
  return good;
}

}  // namespace

void plan(Context& context, const dsl::MergeColumns& intent) {
  const Table* table = context.table(intent.table);
  if (table == nullptr) return;
  bool good = back_is_whole(context, intent);
  std::vector<std::string> olds;
  for (const dsl::Identifier& name : intent.columns) {
    const Column* column = context.existing(*table, name);
    good = good && column != nullptr && may_be_mapped(context, *table, *column, name.span);
    olds.push_back(name.name);
  }
  if (!good) return;
  Mapping mapping{table, {}, {}, "merged", intent.columns.front().span};
  if (auto made = new_column(context, *table, intent.into, olds))
    mapping.news.push_back(std::move(*made));
  for (const dsl::Identifier& name : intent.columns) {
    const auto given =
        std::find_if(intent.back.begin(), intent.back.end(),
                     [&](const dsl::BackValue& back) { return back.column.name == name.name; });
    const std::optional<dsl::Fragment> back =
        given == intent.back.end() ? std::nullopt : std::optional(given->value);
    auto old =
        old_column(context, *table, *table->column(name.name), back, {intent.into.name.name}, olds);
    if (old) mapping.olds.push_back(std::move(*old));
  }
  if (mapping.news.empty() || mapping.olds.size() != olds.size()) return;
  plan_mapping(context, mapping);
}

}  // namespace segue::planner
