// Keys that run out: how far the sequences of a change's tables are, by the catalogue's statistics.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>

#include "planner/key_family.hpp"
#include "planner/table_hazards.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// Widening takes four phases with a release and a soak between them: weeks. A table that has grown
// evenly for a year has a quarter of that left when four fifths are used; one that doubles every
// year, four months.
constexpr double near_end = 0.8;

using Integer = std::int64_t;

struct Range {
  Integer least = std::numeric_limits<Integer>::min();
  Integer most = std::numeric_limits<Integer>::max();
};

// What an integer column holds; any other holds what a sequence gives.
Range range_of(const Context& context, const std::string& type) {
  switch (integer_width(context, type)) {
    case 1:
      return {std::numeric_limits<std::int16_t>::min(), std::numeric_limits<std::int16_t>::max()};
    case 2:
      return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
    default:
      return {};
  }
}

Range range_of(const SequencePlace& place) {
  // One that starts over never ends by itself; what it feeds still may.
  if (place.cycle) return {};
  return {place.minimum, place.maximum};
}

// The last value that fits both.
Integer end_of(const SequencePlace& place, const Range& sequence, const Range& column) {
  return place.increment > 0 ? std::min(sequence.most, column.most)
                             : std::max(sequence.least, column.least);
}

// How much of the way is used. In floating point: the whole range of bigint has no difference that
// an integer could hold.
double used(const SequencePlace& place, Integer end) {
  const auto first = static_cast<double>(place.increment > 0 ? place.minimum : place.maximum);
  const double way = static_cast<double>(end) - first;
  return way == 0 ? 1 : (static_cast<double>(place.last) - first) / way;
}

Integer values_left(const SequencePlace& place, Integer end) {
  const double left = (static_cast<double>(end) - static_cast<double>(place.last)) /
                      static_cast<double>(place.increment);
  return static_cast<Integer>(std::max(0., left));
}

// The type that the column has once the change is contracted.
std::string type_at_end(const TableDraft& draft, const Column& column) {
  const auto& made = draft.renames;
  const auto found = std::find_if(made.begin(), made.end(), [&](const Rename& rename) {
    return rename.from == column.name && !rename.type.empty();
  });
  return found == made.end() ? column.type : found->type;
}

// `widen` takes the sequence of its column along; `retype` an identity's alone.
bool sequence_follows(const Context& context, const Column& column, const SequencePlace& place) {
  if (!column.sequence || column.sequence->name != place.name) return false;
  const auto& statements = context.change().statements;
  return !column.identity.empty() ||
         std::any_of(statements.begin(), statements.end(), [](const dsl::Statement& one) {
           return std::holds_alternative<dsl::WidenKey>(one.intent);
         });
}

void key_near_end(Context& context, const TableDraft& draft, const Table& table,
                  const Column& column) {
  const SequencePlace& place = *column.drawn_from;
  const Range sequence = range_of(place);
  const Range now = range_of(context, column.type);
  const Integer end = end_of(place, sequence, now);
  if (used(place, end) < near_end) return;

  const std::string shown = fmt::format("{}.{}", quoted(table.name), quote_identifier(column.name));
  const bool by_column = end != end_of(place, sequence, {});
  const std::string type = type_at_end(draft, column);
  const Range then = range_of(context, type);
  const bool follows = type != column.type && sequence_follows(context, column, place);
  const bool mended = used(place, end_of(place, follows ? then : sequence, then)) < near_end;
  std::string advice;
  if (mended) {
    advice =
        "Bring this change through its phase 4 before that; a widened copy helps nobody "
        "earlier.";
  } else if (end == end_of(place, {}, then)) {
    advice = then.most == std::numeric_limits<Integer>::max()
                 ? "No integer is wider: let new rows take their keys from a range that is free."
                 : fmt::format("widen {} -> bigint, in a change of its own and before any other.",
                               shown);
  } else {
    advice = fmt::format(
        "ALTER SEQUENCE {} AS bigint, or with another MAXVALUE or MINVALUE: it "
        "changes the catalogue alone.",
        quoted(place.name));
  }
  context.hazard(
      "sequence-near-end", HazardLevel::note, shown,
      fmt::format("Its values come from {}, which is at {} of {} ({:.0f} %): after {} more an "
                  "INSERT fails, since {} ends there.",
                  quoted(place.name), place.last, end, std::min(used(place, end), 1.) * 100,
                  values_left(place, end),
                  by_column ? fmt::format("{} {}", column.type, quote_identifier(column.name))
                            : "the sequence"),
      advice);
}

// A column that references a key and is narrower than the values that the key gets.
void reference_near_end(Context& context, const TableDraft& draft, const Table& table,
                        const Constraint& key) {
  const Table* target = context.catalog.table(key.target);
  if (key.kind != ConstraintKind::foreign_key || target == nullptr) return;
  for (std::size_t i = 0; i < std::min(key.columns.size(), key.target_columns.size()); ++i) {
    const Column* column = table.column(key.columns[i]);
    const Column* source = target->column(key.target_columns[i]);
    if (column == nullptr || source == nullptr || !source->drawn_from) continue;
    const SequencePlace& place = *source->drawn_from;
    const Integer end = end_of(place, {}, range_of(context, column->type));
    // As wide as the key: what is said of the key holds for both.
    if (end == end_of(place, {}, range_of(context, source->type)) || used(place, end) < near_end)
      continue;
    const std::string shown =
        fmt::format("{}.{}", quoted(table.name), quote_identifier(column->name));
    const bool mended =
        used(place, end_of(place, {}, range_of(context, type_at_end(draft, *column)))) < near_end;
    context.hazard(
        "sequence-near-end", HazardLevel::note, shown,
        fmt::format("It references {}.{}, whose sequence {} is at {}, and {} ends at {}: a row "
                    "that references a later key cannot be written.",
                    quoted(key.target), quote_identifier(source->name), quoted(place.name),
                    place.last, column->type, end),
        mended ? "Bring this change through its phase 4 before that."
               : fmt::format("widen {} -> bigint, in a change of its own and before any other.",
                             shown));
  }
}

}  // namespace

void sequence_hazards(Context& context) {
  for (const auto& [name, draft] : context.draft.tables) {
    if (context.makes_table(name)) continue;
    for (const Column& column : draft.table->columns) {
      if (column.drawn_from) key_near_end(context, draft, *draft.table, column);
    }
    for (const Constraint& key : draft.table->constraints)
      reference_near_end(context, draft, *draft.table, key);
  }
}

}  // namespace segue::planner
