// Column alias lists as PostgreSQL prints them: `FROM public.users u(id, mail)`. It lists every
// column of the relation there, so that a view over such a list reads otherwise once its table has
// one column more.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace segue::planner {

// A printed query without these columns in its alias lists.
std::string without_aliases_of(std::string_view query, const std::set<std::string>& columns);

}  // namespace segue::planner
