#include "runtime/rehearsal/round_maker.hpp"

#include <algorithm>

#include "runtime/rehearsal/both_sides.hpp"

namespace segue::runtime::rehearsal {

namespace {

// Pauses get longer, so that some statement comes whenever the step takes its locks: at once, or
// after a tenth of a second of looking about. Whoever is left when it ends does not pause.
constexpr std::uint64_t first_pause = 10'000;  // microseconds
constexpr std::uint64_t growth = 3;
constexpr std::uint64_t one_in_so_many_is_shared = 4;

}  // namespace

RoundMaker::RoundMaker(const Shapes& shapes, Oracle& oracle, std::uint64_t seed)
    : shapes_(shapes), oracle_(oracle), pools_(shapes, seed), keys_(shapes.tables.size()) {
  for (std::size_t i = 0; i < shapes_.tables.size(); ++i) {
    if (!shapes_.tables[i].before || shapes_.tables[i].keyless) continue;
    for (const Key& key : oracle_.all_keys(Release::before, i)) keys_.add(i, key, false);
  }
  for (const planner::Catalog* catalog : {&shapes_.before, &shapes_.after}) {
    for (const planner::Table& table : catalog->tables) {
      for (const planner::Constraint& constraint : table.constraints) {
        if (constraint.kind != planner::ConstraintKind::foreign_key) continue;
        referenced_.insert(constraint.target);
        for (const std::string& column : constraint.target_columns)
          referenced_columns_.emplace(constraint.target, column);
      }
    }
  }
  shared_.emplace(shapes_, oracle_, pools_, keys_, seed);
  writer_.emplace(shapes_, pools_, keys_, seed, true);
}

// Rows that others wait for, or hang on, would go in one order here and in another there.
bool RoundMaker::depends_on_order(const Statement& statement) const {
  const auto& table = shapes_.tables[statement.table].side(statement.schema)->table;
  if (!referenced_.contains(table.name)) return false;
  switch (statement.kind) {
    case StatementKind::remove:
    case StatementKind::update_key:
      return true;
    case StatementKind::update:
    case StatementKind::lock_and_update:
    case StatementKind::upsert:
    case StatementKind::merge:
      return std::any_of(
          statement.columns.begin(), statement.columns.end(), [&](const std::string& column) {
            return referenced_columns_.contains({table.name, column}) &&
                   std::find(statement.conflict.begin(), statement.conflict.end(), column) ==
                       statement.conflict.end();
          });
    default:
      return false;
  }
}

std::optional<Task> RoundMaker::next(const Permission& permission, const Progressed& at,
                                     std::chrono::microseconds pause) {
  std::mt19937_64& random = writer_->random();
  if (random() % one_in_so_many_is_shared == 0) {
    if (auto statement = shared_->next(permission))
      return Task{std::move(*statement), pause, true, {}};
  }
  auto statement = writer_->next(oracle_, permission);
  if (!statement) return std::nullopt;
  const TableShape& shape = shapes_.tables[statement->table];
  const Side& side = *shape.side(statement->schema);
  const bool fitting = !is_in_between(shape, at) && !depends_on_order(*statement);
  if (!fitting ||
      !oracle_.attempt(statement->key_left_out ? with_key(*statement, side) : *statement)
           .accepted) {
    keys_.give_back(statement->table, statement->keys);
    if (fitting) ++left_out_;
    return std::nullopt;
  }
  write_both(oracle_, *statement);
  if (statement->key_left_out) {
    oracle_.forget();
  } else {
    oracle_.keep();
  }
  return Task{std::move(*statement), pause, false, {}};
}

Round RoundMaker::make(std::size_t writers, std::size_t statements, const Progressed& at) {
  Round round(writers);
  const std::vector<Permission> allowed = permitted(shapes_, at);
  if (allowed.empty()) return round;
  std::uint64_t longest = first_pause;
  for (std::size_t i = 0; i < statements; ++i, longest *= growth) {
    for (std::vector<Task>& tasks : round) {
      const Permission& one = allowed[writer_->random()() % allowed.size()];
      const std::chrono::microseconds pause(writer_->random()() % longest);
      if (auto task = next(one, at, pause)) tasks.push_back(std::move(*task));
    }
  }
  return round;
}

bool RoundMaker::learn(Task& task) {
  if (task.shared) return true;
  Statement& statement = task.statement;
  keys_.give_back(statement.table, statement.keys);
  if (statement.key_left_out) {
    statement.new_keys.front().clear();
    for (const Value& value : task.answer.returned)
      statement.new_keys.front().push_back(value.value_or(""));
    const Side& side = *shapes_.tables[statement.table].side(statement.schema);
    if (!oracle_.attempt(with_key(statement, side)).accepted) return false;
    oracle_.keep();
  }
  if (statement.kind == StatementKind::remove) return true;
  for (const Key& key : statement.new_keys) keys_.add(statement.table, key, true);
  return true;
}

}  // namespace segue::runtime::rehearsal
