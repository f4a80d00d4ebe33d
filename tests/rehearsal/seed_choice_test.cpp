#include "seed_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace segue::test {
namespace {

using ::testing::ElementsAre;

TEST(SeedChoice, ASpreadUsesEachSeedAndGivesEachPlanSeveral) {
  for (const std::uint64_t seeds : {7U, 102U, 200U, 1000U}) {
    SeedChoice choice{1, seeds, 3};
    std::set<std::uint64_t> used;
    std::size_t rehearsals = 0;
    constexpr std::size_t plans = 102;
    for (std::size_t plan = 0; plan < plans; ++plan) {
      const auto mine = choice.of_plan(plan, plans);
      EXPECT_GE(std::set(mine.begin(), mine.end()).size(), 3U) << seeds << ", plan " << plan;
      used.insert(mine.begin(), mine.end());
      rehearsals += mine.size();
    }
    EXPECT_EQ(used.size(), seeds);
    EXPECT_EQ(*used.begin(), 1U);
    EXPECT_LE(rehearsals, std::max<std::size_t>(3 * plans, seeds + plans)) << seeds;
  }
}

TEST(SeedChoice, WithoutASpreadEachPlanHasAll) {
  EXPECT_THAT(seeds_in("3").of_plan(5, 9), ElementsAre(1, 2, 3));
  EXPECT_THAT(seeds_in("4-6").of_plan(5, 9), ElementsAre(4, 5, 6));
  EXPECT_THAT(SeedChoice{}.of_plan(5, 9), ElementsAre(1));
}

TEST(SeedChoice, ASpreadMayBeginAnywhere) {
  SeedChoice choice = seeds_in("1001-1004");
  choice.each = 2;
  EXPECT_THAT(choice.of_plan(0, 3), ElementsAre(1001, 1002));
  EXPECT_THAT(choice.of_plan(1, 3), ElementsAre(1003, 1004));
  EXPECT_THAT(choice.of_plan(2, 3), ElementsAre(1001, 1002));
}

}  // namespace
}  // namespace segue::test
