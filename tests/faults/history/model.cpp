#include "history/model.hpp"

#include <algorithm>
#include <utility>

namespace segue::test::history {
namespace {

bool empty(const Values& values) {
  return std::none_of(values.begin(), values.end(),
                      [](const Value& one) { return one.has_value(); });
}

Values nulls(const std::vector<std::string>& columns) {
  return Values(columns.size());
}

bool makes(Verb verb) {
  return verb >= Verb::insert && verb <= Verb::copy;
}
bool makes_or_writes(Verb verb) {
  return verb == Verb::upsert || verb == Verb::merge;
}

}  // namespace

Model::Model(const Subject& subject, bool filled) : subject_(subject), filled_(filled) {
  for (int key = 0; key < keys / 2; ++key) {
    Row row = made(subject.written(Release::old_one, first_number(key)), {});
    if (!filled) row.now = nulls(subject.new_columns);
    committed_[key] = row;
  }
}

std::optional<Row> Model::row(int session, int key) const {
  const Rows& own = changed_[at(session)];
  if (const auto place = own.find(key); place != own.end()) return place->second;
  const auto place = committed_.find(key);
  return place == committed_.end() ? std::nullopt : std::optional(place->second);
}

std::optional<int> Model::holder(int session, int key) const {
  for (int other = 0; other < sessions; ++other) {
    if (other != session && changed_[at(other)].contains(key)) return other;
  }
  return std::nullopt;
}

std::vector<Step> Model::waiting_for(int session) const {
  std::vector<Step> steps;
  for (const int one : order_) {
    if (waiting_[at(one)]->holder == session) steps.push_back(waiting_[at(one)]->step);
  }
  return steps;
}

// READ COMMITTED: a statement waits for a row that it can see. Writes of a pair of rows take two
// locks, and who then waits for whom is another test's subject.
Verdict Model::verdict_of_held(const Step& step, int holder) const {
  const bool may_wait = step.verb == Verb::upsert || step.verb == Verb::remove ||
                        step.verb == Verb::fill ||
                        (step.verb >= Verb::update && step.verb <= Verb::touch);
  if (!may_wait || subject_.other_table || waits(holder)) return Verdict::impossible;
  // Who waits for a row whose key changes locks it under its new key, whether or not that is the
  // row then looked for, and keeps the lock: PostgreSQL's way, and nothing to hold against a model.
  const auto& rows = changed_[at(holder)];
  if (!rows.at(step.key) && rows.contains(other_key(step.key))) return Verdict::impossible;
  for (const auto& other : waiting_) {
    if (other && other->step.key == step.key) return Verdict::impossible;
  }
  if (step.verb != Verb::upsert && !committed_.contains(step.key)) return Verdict::impossible;
  return Verdict::waits;
}

// What phase 3 has proven stays so: a value of the old release that does not convert is refused
// then.
bool Model::has_no_value(const Step& step) const {
  const bool writes_old = step.release == Release::old_one || step.verb == Verb::insert_both ||
                          step.verb == Verb::update_both;
  return writes_old && empty(subject_.map(subject_.written(Release::old_one, step.value)));
}

Verdict Model::verdict(const Step& step) const {
  const bool open = open_[at(step.session)];
  const auto when = [](bool possible) { return possible ? Verdict::at_once : Verdict::impossible; };
  if (step.verb == Verb::begin || step.verb == Verb::begin_as_replica) return when(!open);
  if (step.ends_transaction()) return when(open);
  if (step.verb == Verb::read) return Verdict::at_once;
  if (filled_ && has_no_value(step)) return Verdict::impossible;
  if (const auto other = holder(step.session, step.key)) return verdict_of_held(step, *other);
  const auto now = row(step.session, step.key);
  if (makes(step.verb)) return when(!now);
  if (makes_or_writes(step.verb)) return Verdict::at_once;
  // A cascade does not follow under replica.
  const bool cascades = step.verb == Verb::change_key || step.verb == Verb::remove;
  if (cascades && subject_.other_table && replica_[at(step.session)]) return Verdict::impossible;
  if (step.verb == Verb::change_key) {
    if (!waiting_for(step.session).empty()) return Verdict::impossible;  // as above
    const int to = other_key(step.key);
    return when(now && !holder(step.session, to) && !row(step.session, to));
  }
  return Verdict::at_once;
}

void Model::put(const Step& step, int key, const std::optional<Row>& row) {
  if (open_[at(step.session)]) {
    changed_[at(step.session)][key] = row;
  } else if (row) {
    committed_[key] = *row;
  } else {
    committed_.erase(key);
  }
}

// `now` is empty: the old side alone was given.
Row Model::made(const Values& old_side, const Values& now) {
  Row row{old_side, now, ++lives_};
  if (empty(now)) {
    row.now = subject_.map(old_side);
  } else if (subject_.back && subject_.map(old_side) != now) {
    row.old_side = subject_.back(now);
  }
  return row;
}

void Model::fill(Row& row) const {
  if (empty(row.now)) row.now = subject_.map(row.old_side);
}

void Model::write_old(Row& row, const Values& values) const {
  const bool changes = values != row.old_side;
  row.old_side = values;
  if ((changes && subject_.back) || empty(row.now)) row.now = subject_.map(row.old_side);
}

void Model::write_new(Row& row, const Values& values) const {
  const bool changes = values != (empty(row.now) ? subject_.map(row.old_side) : row.now);
  row.now = values;
  if (!subject_.back) {
    fill(row);
  } else if (changes) {
    row.old_side = subject_.back(row.now);
  }
}

void Model::write(const Step& step) {
  const auto found = row(step.session, step.key);
  const bool is_old = step.release == Release::old_one;
  const auto& columns = is_old ? subject_.old_columns : subject_.new_columns;
  const Values values = subject_.written(step.release, step.value);
  const auto make = [&](const Values& old_side, const Values& now) {
    put(step, step.key, made(old_side, now));
  };
  const Values& usual = subject_.old_default;
  if (makes(step.verb) || (makes_or_writes(step.verb) && !found)) {
    switch (step.verb) {
      case Verb::insert_default:
        // The new columns have no default before contract, and a NULL is filled from the old side.
        return make(usual, {});
      case Verb::insert_null:
        return make(is_old ? nulls(columns) : usual, {});
      case Verb::insert_both:
        return make(subject_.written(Release::old_one, step.value),
                    subject_.written(Release::new_one, step.value));
      default:
        return is_old ? make(values, {}) : make(usual, values);
    }
  }
  if (!found) return;
  Row row = *found;
  const auto set = [&](const Values& given) {
    is_old ? write_old(row, given) : write_new(row, given);
    put(step, step.key, row);
  };
  switch (step.verb) {
    case Verb::upsert:
    case Verb::merge:
    case Verb::update:
      return set(values);
    case Verb::update_one: {
      // What a write of the new release leaves out of a row that is not filled comes from the old
      // side.
      if (!is_old) fill(row);
      Values given = is_old ? row.old_side : row.now;
      const auto place = static_cast<std::size_t>(step.value) % columns.size();
      given[place] = values[place];
      return set(given);
    }
    case Verb::update_null:
      return set(nulls(columns));
    case Verb::update_default:
      return set(is_old ? usual : nulls(columns));
    case Verb::update_both:
      write_old(row, subject_.written(Release::old_one, step.value));
      write_new(row, subject_.written(Release::new_one, step.value));
      return put(step, step.key, row);
    case Verb::touch:
      if (subject_.touch_fills) fill(row);
      return put(step, step.key, row);
    case Verb::fill:
      fill(row);
      return put(step, step.key, row);
    case Verb::change_key:
      fill(row);
      put(step, step.key, std::nullopt);
      return put(step, other_key(step.key), row);
    case Verb::remove:
      return put(step, step.key, std::nullopt);
    default:
      return;
  }
}

void Model::play(const Step& step) {
  Rows& own = changed_[at(step.session)];
  switch (step.verb) {
    case Verb::begin:
    case Verb::begin_as_replica:
      open_[at(step.session)] = true;
      replica_[at(step.session)] = step.verb == Verb::begin_as_replica;
      return;
    case Verb::commit:
    case Verb::rollback: {
      open_[at(step.session)] = replica_[at(step.session)] = false;
      const Rows written = std::exchange(own, {});
      if (step.verb == Verb::rollback) return;
      for (const auto& [key, row] : written) put(step, key, row);
      return;
    }
    case Verb::read:
      return;
    default:
      return write(step);
  }
}

void Model::wait(const Step& step) {
  const auto seen = committed_.find(step.key);
  waiting_[at(step.session)] = Waiting{step, *holder(step.session, step.key),
                                       seen == committed_.end() ? 0 : seen->second.life};
  order_.push_back(step.session);
}

void Model::go_on(int session) {
  const Waiting waited = *std::exchange(waiting_[at(session)], std::nullopt);
  std::erase(order_, session);
  const auto found = row(session, waited.step.key);
  // An upsert looks for its key again; others follow the row that they found.
  if (waited.step.verb != Verb::upsert && (!found || found->life != waited.life)) return;
  write(waited.step);
}

}  // namespace segue::test::history
