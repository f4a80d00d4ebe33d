// What a `back` of one column gives the old release.
#pragma once

#include <string>

namespace segue::planner {

// Whether it gives a value for a NULL of the new column: it reads the old one, or says what stands
// for a missing value. Such a NULL looks like a row that is not filled yet.
bool answers_for_null(const std::string& back, const std::string& old_column);

}  // namespace segue::planner
