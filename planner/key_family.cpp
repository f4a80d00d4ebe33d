#include "planner/key_family.hpp"

#include <algorithm>

#include "planner/catalog_index.hpp"
#include "planner/type_shape.hpp"

namespace segue::planner {

int integer_width(const Context& context, const std::string& type) {
  const TypeShape shape = shape_of_type(type);
  if (shape.array || is_integer(shape)) return integer_width(shape);
  for (const Type& known : context.catalog.catalog().types) {
    if (known.kind == TypeKind::domain && quoted(known.name) == shape.name)
      return integer_width(context, known.base);
  }
  return 0;
}

std::vector<FamilyColumn> key_family(const Context& context, const Table& table,
                                     const Column& column, const std::string& type) {
  const int wanted = integer_width(context, type);
  std::vector<FamilyColumn> family{{&table, &column, nullptr}};
  for (std::size_t i = 0; i < family.size(); ++i) {
    const FamilyColumn target = family[i];
    for (const CatalogIndex::IncomingKey& key :
         context.catalog.foreign_keys_to(target.table->name)) {
      const Constraint& constraint = *key.constraint;
      if (!constraint.inherited_from.empty() || context.drops_key(key)) continue;
      std::vector<std::string> targets = constraint.target_columns;
      // A table that the file creates may leave them out.
      if (const Constraint* primary = target.table->primary_key();
          targets.empty() && primary != nullptr)
        targets = primary->columns;
      for (std::size_t at = 0; at < std::min(targets.size(), constraint.columns.size()); ++at) {
        if (targets[at] != target.column->name) continue;
        const Column* found = key.table->column(constraint.columns[at]);
        const int width = found == nullptr ? 0 : integer_width(context, found->type);
        const bool known = std::any_of(family.begin(), family.end(), [&](const FamilyColumn& one) {
          return one.table == key.table && one.column == found;
        });
        if (width > 0 && width < wanted && !known)
          family.push_back({key.table, found, &constraint});
      }
    }
  }
  return family;
}

}  // namespace segue::planner
