#include "history/schedule.hpp"

#include <fmt/format.h>

#include <deque>
#include <random>

namespace segue::test::history {
namespace {

const char* name_of(Verb verb) {
  constexpr std::array names{"begin",      "begin as replica", "commit",      "rollback",
                             "insert",     "insert default",   "copy",        "upsert",
                             "update",     "update null",      "update both", "touch",
                             "change key", "delete",           "fill",        "read"};
  return names.at(static_cast<std::size_t>(verb));
}

bool writes(Verb verb) {
  return verb >= Verb::insert && verb != Verb::read;
}

}  // namespace

std::string Step::text() const {
  if (!writes(verb) && verb != Verb::read)
    return fmt::format("session {}: {}", session, name_of(verb));
  return fmt::format("session {}: {} {} row {} ({})", session,
                     release == Release::old_one ? "old" : "new", name_of(verb), key,
                     value_of(*this));
}

std::string text_of(const Schedule& schedule) {
  std::string text;
  for (const Step& step : schedule) text += "  " + step.text() + '\n';
  return text;
}

std::string value_of(const Step& step) {
  return fmt::format("v{}", step.value);
}
std::string initial_value(int key) {
  return fmt::format("first {}", key);
}

Schedule random_schedule(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](int bound) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(bound));
  };
  std::vector<std::deque<Step>> waiting(static_cast<std::size_t>(2 + below(sessions - 1)));
  int value = 0;
  for (std::size_t session = 0; session < waiting.size(); ++session) {
    const int number = static_cast<int>(session);
    for (int transactions = 1 + below(2); transactions > 0; --transactions) {
      const Verb begin = below(8) == 0 ? Verb::begin_as_replica : Verb::begin;
      // One statement alone is a transaction too.
      const bool bare = begin == Verb::begin && below(4) == 0;
      if (!bare) waiting[session].push_back({number, begin});
      for (int steps = bare ? 1 : 1 + below(3); steps > 0; --steps) {
        const auto first = static_cast<int>(Verb::insert);
        const auto last = static_cast<int>(Verb::read);
        waiting[session].push_back({number, static_cast<Verb>(first + below(last - first + 1)),
                                    below(2) == 0 ? Release::old_one : Release::new_one,
                                    below(keys), ++value});
      }
      if (!bare)
        waiting[session].push_back({number, below(6) == 0 ? Verb::rollback : Verb::commit});
    }
  }
  Schedule schedule;
  while (!waiting.empty()) {
    const auto place = waiting.begin() + below(static_cast<int>(waiting.size()));
    schedule.push_back(place->front());
    place->pop_front();
    if (place->empty()) waiting.erase(place);
  }
  return schedule;
}

Model::Model() {
  for (int key = 0; key < keys / 2; ++key) committed_[key] = {initial_value(key), false};
}

std::optional<Model::Row> Model::row(int session, int key) const {
  const Rows& own = changed_[at(session)];
  if (const auto place = own.find(key); place != own.end()) return place->second;
  const auto place = committed_.find(key);
  return place == committed_.end() ? std::nullopt : std::optional(place->second);
}

std::optional<Name> Model::seen(int session, int key) const {
  const auto found = row(session, key);
  if (!found) return std::nullopt;
  return std::optional<Name>(std::in_place, found->value);
}

bool Model::held_by_another(int session, int key) const {
  for (int other = 0; other < sessions; ++other) {
    if (other != session && changed_[at(other)].contains(key)) return true;
  }
  return false;
}

bool Model::possible(const Step& step) const {
  const bool open = open_[at(step.session)];
  switch (step.verb) {
    case Verb::begin:
    case Verb::begin_as_replica:
      return !open;
    case Verb::commit:
    case Verb::rollback:
      return open;
    case Verb::read:
      return true;
    default:
      break;
  }
  if (held_by_another(step.session, step.key)) return false;
  const auto now = row(step.session, step.key);
  switch (step.verb) {
    case Verb::insert:
    case Verb::insert_default:
    case Verb::copy:
      return !now;
    case Verb::change_key:
      return now && !held_by_another(step.session, other_key(step.key)) &&
             !row(step.session, other_key(step.key));
    default:
      return true;
  }
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

void Model::play(const Step& step) {
  Rows& own = changed_[at(step.session)];
  const auto now = row(step.session, step.key);
  switch (step.verb) {
    case Verb::begin:
    case Verb::begin_as_replica:
      open_[at(step.session)] = true;
      return;
    case Verb::commit:
      open_[at(step.session)] = false;
      for (const auto& [key, row] : own) put(step, key, row);
      own.clear();
      return;
    case Verb::rollback:
      open_[at(step.session)] = false;
      own.clear();
      return;
    case Verb::insert:
    case Verb::copy:
    case Verb::upsert:
      return put(step, step.key, Row{value_of(step), true});
    case Verb::insert_default:
      // The new column has no default before contract, and a NULL is filled from the old one.
      return put(step, step.key, Row{old_default, true});
    case Verb::update:
    case Verb::update_both:
      if (now) put(step, step.key, Row{value_of(step), true});
      return;
    case Verb::update_null:
      if (now) put(step, step.key, Row{std::nullopt, true});
      return;
    case Verb::touch:
    case Verb::fill:
      if (now) put(step, step.key, Row{now->value, true});
      return;
    case Verb::change_key:
      if (!now) return;
      put(step, step.key, std::nullopt);
      return put(step, other_key(step.key), Row{now->value, true});
    case Verb::remove:
      if (now) put(step, step.key, std::nullopt);
      return;
    case Verb::read:
      return;
  }
}

}  // namespace segue::test::history
