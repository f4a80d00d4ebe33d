// Which seeds each of many plans is rehearsed with: all of them, or so few that the whole is done
// in bounded time and no seed is left out.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace segue::test {

struct SeedChoice {
  std::uint64_t first = 1;
  std::uint64_t last = 1;
  std::size_t each = 0;  // seeds for a plan; 0: every one

  std::uint64_t count() const { return last - first + 1; }

  // Neighbours, so that they take turns at what a rehearsal plays with every sixth seed only.
  std::vector<std::uint64_t> of_plan(std::size_t plan, std::size_t plans) const {
    std::uint64_t many = count();
    std::uint64_t from = 0;
    if (each > 0) {
      const std::uint64_t wanted = std::max<std::uint64_t>(each, (count() + plans - 1) / plans);
      many = std::min(count(), wanted);
      from = plan * many;
    }
    std::vector<std::uint64_t> seeds;
    for (std::uint64_t i = 0; i < many; ++i) seeds.push_back(first + (from + i) % count());
    return seeds;
  }
};

// "N": from 1 to N; "M-N".
inline SeedChoice seeds_in(const std::string& text) {
  const auto dash = text.find('-');
  if (dash == std::string::npos) return {1, std::stoull(text)};
  return {std::stoull(text), std::stoull(text.substr(dash + 1))};
}

// What the environment asks for: SEGUE_REHEARSAL_SEEDS plays all of them with every plan,
// SEGUE_REHEARSAL_SPREAD each of them with some, SEGUE_REHEARSAL_EACH (3) with a plan.
inline SeedChoice seeds_asked_for() {
  if (const char* spread = std::getenv("SEGUE_REHEARSAL_SPREAD")) {
    SeedChoice choice = seeds_in(spread);
    const char* each = std::getenv("SEGUE_REHEARSAL_EACH");
    constexpr std::size_t several = 3;
    choice.each = each == nullptr ? several : std::stoull(each);
    return choice;
  }
  const char* all = std::getenv("SEGUE_REHEARSAL_SEEDS");
  return all == nullptr ? SeedChoice{} : seeds_in(all);
}

}  // namespace segue::test
