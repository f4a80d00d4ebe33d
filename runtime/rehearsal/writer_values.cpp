// The values that apps write.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "planner/back_value.hpp"
#include "runtime/rehearsal/writer_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_literal;
using planner::Column;

bool is_foreign_key(const planner::Table& table, const std::string& column) {
  return std::any_of(table.constraints.begin(), table.constraints.end(),
                     [&](const planner::Constraint& constraint) {
                       return constraint.kind == planner::ConstraintKind::foreign_key &&
                              holds(constraint.columns, column);
                     });
}

constexpr std::size_t longest_text = 200;

// Another text for each number. Behind the sign of life stays what a CHECK may ask for: '@', a
// length, a letter.
std::string fresh_text(std::uint64_t number, const std::string& donor, std::size_t limit) {
  const std::string sign = fmt::format("k{}", number);
  const bool goes_on = !donor.empty() && donor.front() >= '0' && donor.front() <= '9';
  std::string text = fmt::format("{}{}{}", sign, goes_on ? "x" : "", donor);
  if (text.size() <= limit) return text;
  if (limit >= longest_text) return text.substr(0, limit);
  if (sign.size() <= limit) return sign;
  // As many as so few characters can say.
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  text.assign(limit, '0');
  for (std::size_t place = limit; place-- > 0; number /= digits.size())
    text[place] = digits[number % digits.size()];
  return text;
}

// 0: no fresh value can be made.
int ease(const planner::Table& table, const std::string& name) {
  const Column* column = table.column(name);
  if (column == nullptr || is_foreign_key(table, name) || !column->generated.empty()) return 0;
  const std::string& type = column->type;
  if (type == "bigint" || type == "integer" || type.starts_with("numeric")) return 5;
  if (type == "text" || type.starts_with("character varying")) return 4;
  if (type == "uuid" || type == "smallint") return 3;
  if (type.starts_with("timestamp") || type == "date" || type.starts_with("character(")) return 2;
  return column->in_partition_key ? 0 : 1;
}

}  // namespace

bool Writer::is_paired(const Draft& draft, const std::string& column) const {
  return std::any_of(draft.shape.pairings.begin(), draft.shape.pairings.end(),
                     [&](const planner::Pairing& one) {
                       return holds(one.old_columns, column) || holds(one.new_columns, column);
                     });
}

bool Writer::is_new(const Draft& draft, const std::string& column) const {
  return draft.permission.schema == Release::after &&
         std::any_of(draft.shape.pairings.begin(), draft.shape.pairings.end(),
                     [&](const planner::Pairing& one) { return holds(one.new_columns, column); });
}

// A default that the two releases do not share counts only once the change is over.
bool Writer::may_omit(const Draft& draft, const Column& column) const {
  if (column.not_null && !has_own_value(column)) return false;
  // A statement that was refused has asked it too, in the model or in the database alone. (A key
  // that is left out is told by RETURNING.)
  if (asks_sequence(column)) return false;
  // A default fills one side alone.
  if (draft.statement.both && std::any_of(draft.shape.pairings.begin(), draft.shape.pairings.end(),
                                          [&](const planner::Pairing& one) {
                                            return one.by_app &&
                                                   holds(one.old_columns, column.name);
                                          }))
    return false;
  if (draft.permission.alone || !draft.shape.before || !draft.shape.after) return true;
  const auto& away = draft.shape.side(other(draft.permission.schema))->table;
  const std::string name = draft.permission.schema == Release::before
                               ? column.name
                               : draft.shape.old_name_of(column.name);
  const Column* twin = name.empty() ? nullptr : away.column(column.name);
  if (twin == nullptr) return true;
  return twin->default_value == column.default_value && twin->identity == column.identity;
}

bool Writer::was_unique(const Draft& draft, std::vector<std::string> columns) const {
  if (draft.permission.schema == Release::before) return true;
  if (!draft.shape.before) return false;
  for (std::string& column : columns) column = draft.shape.old_name_of(column);
  const auto& indexes = draft.shape.before->table.indexes;
  return std::any_of(indexes.begin(), indexes.end(), [&](const planner::Index& index) {
    return index.unique && index.predicate.empty() &&
           std::equal(index.keys.begin(), index.keys.end(), columns.begin(), columns.end(),
                      [](const planner::IndexKeyPart& part, const std::string& column) {
                        return part.column == column;
                      });
  });
}

// A NULL that means "not filled yet", up to contract where the column is filled once, and as long
// as it is not read where `back` gives a value for it: the notes ask the new release not to write
// it.
bool Writer::null_is_taken(const Draft& draft, const std::string& column) const {
  return draft.permission.schema == Release::after && !draft.permission.alone &&
         std::any_of(draft.shape.pairings.begin(), draft.shape.pairings.end(),
                     [&](const planner::Pairing& one) {
                       const bool single = one.back.size() == 1 && one.old_columns.size() == 1;
                       return holds(one.new_columns, column) &&
                              (one.once || (!draft.permission.reads_new && single &&
                                            planner::answers_for_null(one.back.front().value,
                                                                      one.old_columns.front())));
                     });
}

std::string Writer::value_for(const Draft& draft, const Column& column, const Row& donor) {
  std::string value = proposed_value(draft, column, donor);
  if (!null_is_taken(draft, column.name)) return value;
  const Literals& pool = pools_.of(draft.permission.schema, draft.statement.table, column.name);
  const auto is_null = [](const std::string& literal) { return literal.starts_with("NULL"); };
  if (is_null(value) && !std::all_of(pool.begin(), pool.end(), is_null)) {
    while (is_null(value)) value = any(pool);
  }
  return value;
}

std::string Writer::proposed_value(const Draft& draft, const Column& column, const Row& donor) {
  const auto place = donor.find(column.name);
  const Value old = place == donor.end() ? Value{} : place->second;
  if (is_foreign_key(draft.table(), column.name) || column.in_partition_key) {
    if (!column.not_null && chance(0.15)) return "NULL";
    return literal(old);
  }
  const Literals& pool = pools_.of(draft.permission.schema, draft.statement.table, column.name);
  const double change =
      is_paired(draft, column.name) || draft.shape.mended(column.name) ? 0.7 : 0.3;
  if (!pool.empty() && (place == donor.end() || chance(change))) return any(pool);
  return literal(old);
}

std::string Writer::fresh_value(const Column& column, const Value& donor) {
  const std::uint64_t number = keys_.fresh_number();
  const std::string& type = column.type;
  if (type == "bigint" || type == "integer") return std::to_string(1'000'000 + number);
  if (type.starts_with("numeric")) return std::to_string(number % 1000);
  if (type == "smallint") return std::to_string(20'000 + number % 12'000);
  if (type == "uuid") return fmt::format("'{:08x}-0000-4000-8000-{:012x}'", number, number * 7919);
  if (type.starts_with("timestamp") || type == "date")
    return fmt::format("{}::{} + interval '{} {}'", literal(donor.value_or("2030-01-01")), type,
                       number, type == "date" ? "days" : "seconds");
  const auto bracket = type.find('(');
  const bool limited = bracket != std::string::npos && type.starts_with("character");
  return quote_literal(fresh_text(
      number, donor.value_or(""),
      limited ? static_cast<std::size_t>(std::stoul(type.substr(bracket + 1))) : longest_text));
}

std::vector<std::vector<std::string>> Writer::unique_sets(const Draft& draft) const {
  std::vector<std::vector<std::string>> sets;
  const auto add = [&](const Side& side, bool translate) {
    for (const planner::Index& index : side.table.indexes) {
      if (!index.unique) continue;
      std::vector<std::string> columns = index.expression_columns;
      for (const planner::IndexKeyPart& part : index.keys) {
        if (!part.column.empty()) columns.push_back(part.column);
      }
      if (translate) {
        for (std::string& column : columns) {
          for (const planner::Pairing& one : draft.shape.pairings) {
            const auto& from =
                draft.permission.schema == Release::before ? one.new_columns : one.old_columns;
            const auto& to =
                draft.permission.schema == Release::before ? one.old_columns : one.new_columns;
            if (holds(from, column) && !to.empty()) column = to.front();
          }
        }
      }
      sets.push_back(std::move(columns));
    }
  };
  add(draft.side, false);
  const auto& away = draft.shape.side(other(draft.permission.schema));
  if (away && !draft.permission.alone) add(*away, true);
  if (!draft.side.key.empty()) sets.push_back(draft.side.key);
  return sets;
}

std::string Writer::easiest(const Draft& draft, const std::vector<std::string>& columns) const {
  std::string best;
  int most = 0;
  for (const std::string& column : columns) {
    const int now = ease(draft.table(), column);
    if (now > most) {
      most = now;
      best = column;
    }
  }
  return best;
}

std::set<std::string> Writer::freshen(const Draft& draft,
                                      std::map<std::string, std::string>& values,
                                      const Row& donor) {
  std::set<std::string> done;
  for (const auto& columns : unique_sets(draft)) {
    if (std::any_of(columns.begin(), columns.end(),
                    [&](const std::string& column) { return done.contains(column); }))
      continue;
    const std::string column = easiest(draft, columns);
    if (column.empty() || !values.contains(column)) continue;
    const auto place = donor.find(column);
    values[column] =
        fresh_value(*draft.table().column(column), place == donor.end() ? Value{} : place->second);
    done.insert(column);
  }
  return done;
}

bool Writer::meets_nobody(const Draft& draft, const std::map<std::string, std::string>& values,
                          const std::set<std::string>& fresh) const {
  const auto sets = unique_sets(draft);
  return std::all_of(sets.begin(), sets.end(), [&](const std::vector<std::string>& columns) {
    const auto is_written = [&](const std::string& column) { return values.contains(column); };
    const auto is_fresh = [&](const std::string& column) { return fresh.contains(column); };
    return std::none_of(columns.begin(), columns.end(), is_written) ||
           std::any_of(columns.begin(), columns.end(), is_fresh);
  });
}

}  // namespace segue::runtime::rehearsal
