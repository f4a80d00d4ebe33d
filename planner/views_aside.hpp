// Views over a column whose type changes. PostgreSQL changes no type of a view's column, so these
// step aside for the moment of the change and come back, in one transaction.
#pragma once

#include <string>
#include <vector>

#include "planner/context.hpp"

namespace segue::planner {

struct ViewsAside {
  std::vector<const View*> views;  // each before those that read it
  // Those that cannot: they stand over the column, or over a view that does.
  struct Left {
    const View* view = nullptr;
    bool direct = false;     // reads the column itself
    bool droppable = false;  // by a statement of its own
    std::string reason;
  };
  std::vector<Left> left;
};

// All views over columns that a copy of another type takes the place of under their own name.
ViewsAside views_over_retyped(const Context& context);

// All views over a column that takes another type in the catalogue alone, its values the same ones.
ViewsAside views_over(const Context& context, const Table& table, const std::string& column);

// Keeps what it takes to make the views again in a setting of the session (or of the transaction),
// and drops them. `what` they step aside for tells one setting of the change from another.
std::string set_views_aside(const Context& context, const std::vector<const View*>& views,
                            const std::string& what, bool in_transaction);
// Makes them again, over whatever bears the column's name by now.
std::string bring_views_back(const Context& context, const std::string& what);

}  // namespace segue::planner
