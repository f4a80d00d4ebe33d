// Who uses the row type that every table and view brings with it.
#pragma once

#include <string>
#include <vector>

#include "planner/catalog_index.hpp"

namespace segue::planner {

// The user types in a printed type, or in a list of a function's arguments.
std::vector<QualifiedName> types_named(const std::string& printed);
bool names_type(const std::string& printed, const QualifiedName& type);

// A column whose values hold rows of the relation, also within an array, a domain or a composite
// type: "public.u.x". Empty: none. Where there is one, PostgreSQL changes no type of a column of
// the relation, and adds none with a default.
std::string column_of_rows(const CatalogIndex& catalog, const QualifiedName& relation);

// Whether there is one for the table or anything below it.
bool rows_held_elsewhere(const CatalogIndex& catalog, const Table& root);

// Something that a view cannot be dropped under: "function public.f(public.v)". Empty: none.
std::string user_of_view(const CatalogIndex& catalog, const View& view);

}  // namespace segue::planner
