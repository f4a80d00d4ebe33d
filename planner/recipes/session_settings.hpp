// What a session has set must not decide what a value becomes: a CHECK that holds for one session
// has to hold for all.
#pragma once

#include <string>
#include <vector>

#include "planner/catalog.hpp"

namespace segue::planner {

struct TypedName {
  std::string name;  // empty: the expression's own value
  std::string type;
};

// The SET clauses of a function that computes `text`, an expression over columns of `table` and of
// `beside`. Empty where nothing in it asks for a setting, as each costs every call; all of them
// where that is not certain.
std::string pinned_settings(const Catalog& catalog, const Table& table, const std::string& text,
                            const std::vector<TypedName>& beside);

}  // namespace segue::planner
