#include "history/schedule.hpp"

#include <fmt/format.h>

#include <array>
#include <deque>
#include <random>

namespace segue::test::history {
namespace {

const char* name_of(Verb verb) {
  constexpr std::array names{"begin",      "begin as replica", "commit",         "rollback",
                             "insert",     "insert default",   "insert NULL",    "insert both",
                             "copy",       "upsert",           "merge",          "update",
                             "update one", "update NULL",      "update DEFAULT", "update both",
                             "touch",      "change key",       "delete",         "read",
                             "fill"};
  return names.at(static_cast<std::size_t>(verb));
}

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  Schedule make() {
    std::vector<std::deque<Step>> waiting;
    for (int session = 0, count = 2 + below(backfill_session - 1); session < count; ++session)
      waiting.push_back(session_of(session));
    waiting.push_back(fills());
    Schedule schedule;
    while (!waiting.empty()) {
      const auto place = waiting.begin() + below(static_cast<int>(waiting.size()));
      if (!place->empty()) {
        schedule.push_back(place->front());
        place->pop_front();
      }
      if (place->empty()) waiting.erase(place);
    }
    return schedule;
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }

  std::deque<Step> session_of(int session) {
    std::deque<Step> steps;
    for (int transactions = 1 + below(2); transactions > 0; --transactions) {
      const Verb begin = below(8) == 0 ? Verb::begin_as_replica : Verb::begin;
      // One statement alone is a transaction too.
      const bool bare = begin == Verb::begin && below(4) == 0;
      if (!bare) steps.push_back({session, begin});
      for (int count = bare ? 1 : 1 + below(3); count > 0; --count) {
        const auto first = static_cast<int>(Verb::insert);
        const auto last = static_cast<int>(Verb::read);
        steps.push_back({session, static_cast<Verb>(first + below(last - first + 1)),
                         below(2) == 0 ? Release::old_one : Release::new_one, below(keys),
                         ++value_});
      }
      if (!bare) steps.push_back({session, below(6) == 0 ? Verb::rollback : Verb::commit});
    }
    return steps;
  }

  std::deque<Step> fills() {
    std::deque<Step> steps;
    for (int count = below(4); count > 0; --count)
      steps.push_back({backfill_session, Verb::fill, Release::old_one, below(keys)});
    return steps;
  }

  std::mt19937_64 random_;
  int value_ = 0;
};

}  // namespace

std::string Step::text() const {
  if (verb < Verb::insert) return fmt::format("session {}: {}", session, name_of(verb));
  if (verb == Verb::fill) return fmt::format("backfill: fill row {}", key);
  return fmt::format("session {}: {} {} row {} ({})", session,
                     release == Release::old_one ? "old" : "new", name_of(verb), key, value);
}

std::string text_of(const Schedule& schedule) {
  std::string text;
  for (const Step& step : schedule) text += "  " + step.text() + '\n';
  return text;
}

Schedule random_schedule(std::uint64_t seed) {
  return Maker(seed).make();
}

}  // namespace segue::test::history
