#include "planner/type_change.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "planner/carry.hpp"
#include "planner/row_types.hpp"
#include "planner/views_aside.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// What a text becomes by an explicit cast alone.
bool explicit_from_text(const TypeShape& type) {
  static constexpr std::array<std::string_view, 24> names{
      "int2",      "int4",        "int8",    "numeric", "float4",   "float8", "bool", "date",
      "timestamp", "timestamptz", "time",    "timetz",  "interval", "uuid",   "json", "jsonb",
      "inet",      "cidr",        "macaddr", "bytea",   "money",    "point",  "bit",  "varbit"};
  return std::find(names.begin(), names.end(), type.name) != names.end();
}

std::string words(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '(' || c == ')' || std::isspace(byte) != 0) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += static_cast<char>(std::tolower(byte));
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// No modifier, or one that takes in whatever the old one did.
bool at_least(const TypeShape& from, const TypeShape& to) {
  if (to.modifiers.empty()) return true;
  return !from.modifiers.empty() && to.modifiers.front() >= from.modifiers.front();
}

// Fractions of a second are kept to the microsecond: six digits are all.
bool at_least_as_fine(const TypeShape& from, const TypeShape& to) {
  return at_least(from, to) || to.modifiers.front() >= 6;
}

bool wider_numeric(const TypeShape& from, const TypeShape& to) {
  if (to.modifiers.empty()) return true;
  if (from.modifiers.empty()) return false;
  const auto scale = [](const TypeShape& type) {
    return type.modifiers.size() > 1 ? type.modifiers[1] : 0;
  };
  return scale(from) == scale(to) && to.modifiers.front() >= from.modifiers.front();
}

struct Cost {
  bool catalogue = false;
  bool with_index = false;  // even where a plain index holds the column
};

// The rows of the measured table, by pairs of types.
Cost cost_of(const TypeShape& from, const TypeShape& to) {
  if (from.array || to.array || from.fields || to.fields) return {};
  const std::string& name = from.name;
  if (name == to.name) {
    if (name == "varchar" || name == "varbit") return {at_least(from, to), true};
    if (name == "numeric") return {wider_numeric(from, to), true};
    if (name == "timestamp" || name == "timestamptz" || name == "time" || name == "timetz" ||
        name == "interval") {
      return {at_least_as_fine(from, to), true};
    }
    return {};
  }
  if (name == "varchar" && to.name == "text") return {true, true};
  if (name == "text" && to.name == "varchar") return {to.modifiers.empty(), true};
  if (is_citext(from))
    return {(to.name == "text" || to.name == "varchar") && to.modifiers.empty(), false};
  if (is_citext(to)) return {name == "text" || name == "varchar", false};
  if (name == "bit" && to.name == "varbit") return {to.modifiers.empty(), false};
  if (name == "cidr" && to.name == "inet") return {true, false};
  if (name == "xml")
    return {(to.name == "text" || to.name == "varchar") && to.modifiers.empty(), false};
  return {};
}

bool between_zones(const TypeShape& from, const TypeShape& to) {
  return !from.array && !to.array &&
         ((from.name == "timestamp" && to.name == "timestamptz") ||
          (from.name == "timestamptz" && to.name == "timestamp"));
}

// By a BEGIN ATOMIC body, or a policy or rule of another table.
bool read_elsewhere(const CatalogIndex& catalog, const QualifiedName& table,
                    const std::string& column) {
  const auto& bodies = catalog.bodies_over(table);
  const auto& readers = catalog.readers_of(table);
  return std::any_of(bodies.begin(), bodies.end(),
                     [&](const Function* body) { return uses(body->uses, table, column); }) ||
         std::any_of(readers.begin(), readers.end(), [&](const CatalogIndex::Reader& reader) {
           return uses(reader.uses(), table, column);
         });
}

// What would make PostgreSQL scan, rebuild or refuse, were the type changed in place; views aside.
bool stands_in_the_way(Context& context, const Table& root, const std::string& column,
                       bool plain_index_is_free) {
  for (const Table* table : tree_of(context.catalog, root)) {
    for (const Index& index : table->indexes) {
      if (holds(index.expression_columns, column)) return true;
      const bool key = std::any_of(index.keys.begin(), index.keys.end(),
                                   [&](const IndexKeyPart& part) { return part.column == column; });
      if (key && (!plain_index_is_free || !index.predicate.empty())) return true;
      if (key && !index.constraint.empty()) {
        const Constraint* owner = table->constraint(index.constraint);
        if (owner == nullptr || owner->kind == ConstraintKind::exclude) return true;
      }
    }
    for (const Constraint& constraint : table->constraints) {
      const bool scans = constraint.kind == ConstraintKind::check ||
                         constraint.kind == ConstraintKind::foreign_key;
      if (scans && holds(constraint.columns, column)) return true;
    }
    for (const CatalogIndex::IncomingKey& key : context.catalog.foreign_keys_to(table->name)) {
      if (holds(key.constraint->target_columns, column)) return true;
    }
    for (const Trigger& trigger : table->triggers) {
      if (holds(trigger.update_of, column) || holds(trigger.when_columns, column)) return true;
    }
    for (const Policy& policy : table->policies) {
      if (holds(policy.columns, column)) return true;
    }
    for (const Rule& rule : table->rules) {
      if (holds(rule.columns, column)) return true;
    }
    for (const PublicationUse& publication : table->publications) {
      if (holds(publication.columns, column) || holds(publication.filter_columns, column))
        return true;
    }
    for (const ExtendedStatistics& statistics : table->statistics) {
      if (holds(statistics.columns, column) || holds(statistics.expression_columns, column))
        return true;
    }
    if (read_elsewhere(context.catalog, table->name, column)) return true;
    // PostgreSQL changes no type below a column elsewhere that holds rows of the table.
    if (!column_of_rows(context.catalog, table->name).empty()) return true;
    const bool computed = std::any_of(table->columns.begin(), table->columns.end(),
                                      [](const Column& one) { return !one.generated.empty(); });
    if (computed) return true;
  }
  return false;
}

// `using` says no more than a cast does: the column, or the column cast to the new type.
bool only_casts(const std::string& text, const Column& column, const TypeShape& to) {
  const auto parsed = dsl::sql::parse_expression(text);
  const auto* expression = std::get_if<dsl::sql::Expression>(&parsed);
  if (expression == nullptr || expression->columns.size() != 1 || !expression->functions.empty() ||
      expression->has_subquery)
    return false;
  const dsl::sql::ColumnUse& use = expression->columns.front();
  if (use.name != column.name) return false;
  std::string rest = text.substr(0, use.begin) + text.substr(use.name_end);
  // The outer parentheses; those of a type's modifiers stay.
  const auto trim = [&] {
    while (!rest.empty() && std::isspace(static_cast<unsigned char>(rest.front())) != 0)
      rest.erase(0, 1);
    while (!rest.empty() && std::isspace(static_cast<unsigned char>(rest.back())) != 0)
      rest.pop_back();
  };
  trim();
  while (!rest.empty() && rest.front() == '(' && rest.back() == ')') {
    rest = rest.substr(1, rest.size() - 2);
    trim();
  }
  if (rest.empty()) return true;
  if (!rest.starts_with("::")) return false;
  const auto type = dsl::sql::parse_type(rest.substr(2));
  if (std::get_if<dsl::sql::Type>(&type) == nullptr) return false;
  const TypeShape cast = shape_of_type(rest.substr(2));
  // The author may leave the schema to search_path.
  const bool same_name = cast.name == to.name || to.name.ends_with("." + cast.name);
  return same_name && cast.array == to.array &&
         (cast.modifiers.empty() || cast.modifiers == to.modifiers);
}

// Casts that no value makes fail and that give the same in every session.
bool is_total(const TypeShape& from, const TypeShape& to, Context& context) {
  if (from.array || to.array || to.fields || !to.modifiers.empty()) return false;
  if (is_integer(from) && is_integer(to)) return integer_width(from) <= integer_width(to);
  if (is_integer(from)) return to.name == "numeric" || is_string(to);
  if (from.name == "float4" && to.name == "float8") return true;
  if (from.name == "jsonb" && to.name == "json") return true;
  if (to.name != "text" && to.name != "varchar") return false;
  const auto& types = context.catalog.catalog().types;
  const bool enumeration = std::any_of(types.begin(), types.end(), [&](const Type& type) {
    return type.kind == TypeKind::enumeration && quoted(type.name) == from.name;
  });
  return is_string(from) || enumeration || from.name == "uuid" || from.name == "bool" ||
         from.name == "numeric" || from.name == "json" || from.name == "jsonb";
}

const Type* domain_of(const Context& context, const TypeShape& shape) {
  if (shape.array) return nullptr;
  const auto& types = context.catalog.catalog().types;
  const auto found = std::find_if(types.begin(), types.end(), [&](const Type& type) {
    return type.kind == TypeKind::domain && quoted(type.name) == shape.name;
  });
  return found == types.end() ? nullptr : &*found;
}

bool is_enum(const TypeShape& shape, Context& context) {
  const auto& types = context.catalog.catalog().types;
  return std::any_of(types.begin(), types.end(), [&](const Type& type) {
    return type.kind == TypeKind::enumeration && quoted(type.name) == shape.name;
  });
}

// False only where it is certain; whatever is left PostgreSQL says when the phase runs.
bool casts_by_itself(const TypeShape& from, const TypeShape& to, Context& context) {
  if (from.array != to.array) return to.name == "text" || to.name == "varchar";
  if (from.array || from.name == to.name || is_string(to) || is_citext(to)) return true;
  if (is_enum(to, context)) return false;
  if (is_string(from)) return !explicit_from_text(to);
  if (is_number(from) != is_number(to)) {
    const bool known = explicit_from_text(from) && explicit_from_text(to);
    const bool money = from.name == "money" || to.name == "money";
    return !known || money;
  }
  return true;
}

}  // namespace

bool rules_hold(const TypeChange& change) {
  if (!change.identity) return false;
  if (keys_match(change.from, change.to)) return true;
  if (change.from.array || change.to.array) return false;
  const auto kind = [](const TypeShape& type) -> std::string_view {
    if (is_number(type)) return "number";
    if (is_string(type) || is_citext(type) || type.name == "name") return "text";
    if (type.name == "json" || type.name == "jsonb") return "json";
    if (type.name == "date" || type.name == "timestamp") return "moment";
    if (type.name == "cidr" || type.name == "inet") return "address";
    if (type.name == "bit" || type.name == "varbit") return "bits";
    return "";
  };
  return !kind(change.from).empty() && kind(change.from) == kind(change.to);
}

TypeChange type_change(Context& context, const Table& table, const Column& column,
                       const dsl::RetypeColumn& intent) {
  TypeChange change;
  const std::size_t said = context.diagnostics.size();
  change.type = context.type(intent.type);
  // The recipe says it when its turn comes.
  context.diagnostics.resize(said);
  if (change.type.empty()) return change;
  change.from = shape_of_type(column.type);
  while (const Type* domain = domain_of(context, change.from)) {
    change.of_domain = true;
    change.from = shape_of_type(domain->base);
  }
  change.to = shape_of_type(change.type);
  change.assignable = casts_by_itself(change.from, change.to, context);
  change.identity = !intent.conversion || only_casts(intent.conversion->text, column, change.to);
  change.total = change.identity && !between_zones(change.from, change.to) &&
                 is_total(change.from, change.to, context);
  if (intent.as || column.in_partition_key) return change;
  if (between_zones(change.from, change.to)) {
    // Under UTC the plain change of type says what `at time zone 'UTC'` says, without a rewrite.
    const bool utc =
        intent.conversion && words(intent.conversion->text) ==
                                 words(quote_identifier(column.name) + " at time zone 'utc'");
    change.utc = utc && at_least_as_fine(change.from, change.to);
    const ViewsAside views = views_over(context, table, column.name);
    // What a view computes from the column means another thing over the other type.
    change.catalogue_only = change.utc && views.views.empty() && views.left.empty() &&
                            !stands_in_the_way(context, table, column.name, false);
    if (!change.catalogue_only) change.utc = false;
    return change;
  }
  const Cost cost = cost_of(change.from, change.to);
  const bool same_collation = column.collation.empty() || !has_collation(change.to);
  change.catalogue_only = change.identity && cost.catalogue && same_collation &&
                          !change.of_domain &&
                          !stands_in_the_way(context, table, column.name, cost.with_index);
  if (!change.catalogue_only) return change;
  ViewsAside views = views_over(context, table, column.name);
  const bool any = !views.views.empty() || !views.left.empty();
  change.catalogue_only = !any || (views.left.empty() && keys_match(change.from, change.to));
  change.aside = std::move(views.views);
  return change;
}

}  // namespace segue::planner
