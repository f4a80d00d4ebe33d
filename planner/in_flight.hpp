// Changes that are applied and not contracted, and what another change may not touch meanwhile.
#pragma once

#include <string>
#include <vector>

#include "planner/catalog.hpp"
#include "planner/plan.hpp"

namespace segue::planner {

// The columns that a plan reads or changes, from what it means and what it makes; a use without a
// column is the whole table. Sorted.
std::vector<ColumnUse> claims_of(const Plan& plan);

// A change in flight as another plan sees it.
InFlight in_flight_of(const Plan& plan, int phase);

// What two changes both claim: columns of one table, or a whole table and anything of it.
std::vector<ColumnUse> both_claim(const std::vector<ColumnUse>& one,
                                  const std::vector<ColumnUse>& other);

// "public.users.email", "public.users"
std::string describe(const ColumnUse& claim);

// Whether a plan has to wait, and for whom: one sentence and what to do for each change.
struct Collision {
  std::string change;
  std::string object;
  std::string message;
  std::string advice;
};
std::vector<Collision> collisions(const Plan& plan, const std::vector<InFlight>& others);

}  // namespace segue::planner
