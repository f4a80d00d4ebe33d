// Who uses the row type that every table and view brings with it.
#pragma once

#include <string>

#include "planner/catalog.hpp"

namespace segue::planner {

// Whether a printed type, or a list of a function's arguments, holds the relation's row type.
bool names_type(const std::string& printed, const QualifiedName& type);

// A column whose values hold rows of the relation, also within an array, a domain or a composite
// type: "public.u.x". Empty: none.
std::string column_of_rows(const Catalog& catalog, const QualifiedName& relation);

// Whether there is one for the table or anything below it: PostgreSQL changes no type of a column
// then, and adds none with a default.
bool rows_held_elsewhere(const CatalogIndex& catalog, const Table& root);

// Something that a view cannot be dropped under: "function public.f(public.v)". Empty: none.
std::string user_of_view(const Catalog& catalog, const View& view);

}  // namespace segue::planner
