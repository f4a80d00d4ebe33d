// Random histories of both releases under dual-write, while the backfill runs and after it, against
// a model that knows no trigger.
//
// SEGUE_SEED starts the seeds; SEGUE_HISTORIES is how many.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <random>

#include "history/history_fixture.hpp"

namespace segue::test::history {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

using Histories = History;

TEST_F(Histories, LoseNothing) {
  const std::uint64_t first = from_environment("SEGUE_SEED", std::random_device()());
  const std::uint64_t histories = from_environment("SEGUE_HISTORIES", 300);
  fmt::print("SEGUE_SEED={}\n", first);
  const std::string at_work = database();
  const std::string done = database(true);
  // Every fourth history of a kind of change comes after phase 3.
  const std::size_t kinds = subjects().size();
  std::vector<std::unique_ptr<Player>> players;
  for (std::size_t i = 0; i < 4 * kinds; ++i) {
    const Subject& one = subjects()[i % kinds];
    const bool filled = i / kinds == 3;
    if (i < kinds || filled)
      players.push_back(std::make_unique<Player>(one, table(one, filled ? done : at_work, filled)));
  }
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t seed = first; seed < first + histories; ++seed) {
    const bool filled = seed / kinds % 4 == 3;
    Player& player = *players[seed % kinds + (filled ? kinds : 0)];
    const Schedule schedule = random_schedule(seed);
    const std::string problem = player.play(schedule);
    if (problem.empty()) continue;
    const Schedule shortest = player.shrink(schedule);
    FAIL() << "SEGUE_SEED=" << seed << ", " << subjects()[seed % kinds].name
           << (filled ? " after phase 3: " : " while it is filled: ") << player.play(shortest)
           << "\n"
           << text_of(shortest);
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::uint64_t statements = 0;
  std::uint64_t waits = 0;
  for (const auto& player : players) {
    statements += player->statements();
    waits += player->waits();
  }
  fmt::print("{} histories of {} kinds, {} statements, {} of them waited for another, {:.1f} s\n",
             histories, kinds, statements, waits, seconds);
}

}  // namespace
}  // namespace segue::test::history
