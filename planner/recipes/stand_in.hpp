// A view in a table's place: for a while the table bears another name, and whoever goes on naming
// it by the old one reads and writes through the view.
#pragma once

#include <string>
#include <vector>

#include "planner/context.hpp"

namespace segue::planner {

struct StandIn {
  const Table* table = nullptr;  // its columns; not its name
  QualifiedName view;            // the name that the table had
  QualifiedName aside;           // the name that it has while the view is there
  struct Extra {
    std::string column;  // of the table
    std::string name;    // a second name for it, in the view
  };
  std::vector<Extra> extra;
};

// One transaction each: the table gets the other name and the view takes its place, with the
// table's owner, grants and comments; and back again.
std::string put_stand_in(const Context& context, const StandIn& stand_in);
std::string take_stand_in_away(const StandIn& stand_in);
std::string stand_in_exists(const StandIn& stand_in);

// Phase 4: what came to hang on the view stops the phase before it does anything.
void look_for_users(Context& context, const StandIn& stand_in, int order);

// What a view cannot do in a table's place, and what cannot stand it. `passing`: the table's other
// name is the plan's own and goes again.
void stand_in_hazards(Context& context, const StandIn& stand_in, bool passing);

}  // namespace segue::planner
