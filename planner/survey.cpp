// What concerns several statements at once: who renames, adds and drops what, and who contradicts
// whom.
#include <fmt/format.h>

#include <map>
#include <variant>

#include "dsl/overloaded.hpp"
#include "planner/context.hpp"
#include "planner/key_family.hpp"
#include "planner/names.hpp"
#include "planner/type_change.hpp"

namespace segue::planner {

namespace {

using dsl::Overloaded;

std::string shown(std::string_view name) {
  return fmt::format("\"{}\"", name);
}

}  // namespace

class Survey {
 public:
  explicit Survey(Context& context) : context_(context) {}

  void run() {
    for (const dsl::Statement& statement : context_.change_.statements) {
      context_.statement = &statement;
      std::visit(Overloaded{[&](const dsl::RenameColumn& intent) { rename(statement, intent); },
                            [&](const dsl::AddColumn& intent) { add(statement, intent); },
                            [&](const dsl::DropColumn& intent) { drop(statement, intent); },
                            [&](const dsl::RetypeColumn& intent) { retype(statement, intent); },
                            [&](const dsl::DropIndex& intent) { drop(statement, intent); },
                            [&](const dsl::DropConstraint& intent) { drop(statement, intent); },
                            [&](const dsl::DropTable& intent) { drop(statement, intent); },
                            [&](const dsl::AddPrimaryKey& intent) { add(statement, intent); },
                            [&](const dsl::SplitColumn& intent) {
                              map(statement, intent.column.table, {intent.column.column},
                                  intent.into, "split");
                            },
                            [&](const dsl::MoveColumn& intent) { move(statement, intent); },
                            [&](const dsl::MergeColumns& intent) {
                              map(statement, intent.table, intent.columns, {intent.into}, "merged");
                            },
                            [](const auto&) {}},
                 statement.intent);
    }
    // Which columns a key takes along depends on what else the file drops.
    for (const dsl::Statement& statement : context_.change_.statements) {
      context_.statement = &statement;
      if (const auto* intent = std::get_if<dsl::WidenKey>(&statement.intent))
        widen(statement, *intent);
    }
    for (const dsl::Statement& statement : context_.change_.statements) {
      context_.statement = &statement;
      std::visit(Overloaded{[&](const dsl::RequireColumn& intent) {
                              once(statement, intent.column, Property::nullability);
                              if (intent.backfill)
                                wait_for_contract(intent.column.table, intent.column.column,
                                                  "let `using` say what a NULL becomes, and leave "
                                                  "out `backfill`");
                            },
                            [&](const dsl::RelaxColumn& intent) {
                              once(statement, intent.column, Property::nullability);
                            },
                            [&](const dsl::SetDefault& intent) {
                              once(statement, intent.column, Property::default_value);
                            },
                            [&](const dsl::AddCheck& intent) { check(intent); },
                            [&](const dsl::AddColumn& intent) {
                              if (intent.required)
                                once(statement, intent.column, Property::nullability, true);
                              if (intent.default_value)
                                once(statement, intent.column, Property::default_value, true);
                            },
                            [](const auto&) {}},
                 statement.intent);
    }
    survey_aside(context_);
    context_.statement = nullptr;
  }

 private:
  enum class Property { nullability, default_value };

  // The table without complaint: the recipe complains when its turn comes.
  const Table* quiet(const dsl::TableName& name) const {
    return name.schema ? context_.catalog.table({name.schema->name, name.name.name})
                       : context_.catalog.table_by_search_path(name.name.name);
  }

  void contradiction(dsl::Span span, const std::string& message, dsl::Span other,
                     std::string other_message) {
    context_.error(span, message, "one file leads to one end state: leave one of them out",
                   {{other, std::move(other_message)}});
  }

  // Two statements that each decide what becomes of one existing column.
  bool claim(const Table& table, const std::string& column, dsl::Span span,
             const std::string& verb) {
    const auto [place, fresh] = claims_.try_emplace({table.name, column}, Claim{span, verb});
    if (fresh) return true;
    contradiction(span,
                  fmt::format("column {} of {} is {} here and {} by another statement",
                              shown(column), quoted(table.name), verb, place->second.verb),
                  place->second.span, fmt::format("{} here", place->second.verb));
    return false;
  }

  // Two statements that give one name.
  bool give(const Table& table, const dsl::Identifier& name) {
    const auto [place, fresh] = given_.try_emplace({table.name, name.name}, name.span);
    if (fresh) return true;
    contradiction(
        name.span,
        fmt::format("two statements make a column {} in {}", shown(name.name), quoted(table.name)),
        place->second, "the other one");
    return false;
  }

  void rename(const dsl::Statement& statement, const dsl::RenameColumn& intent) {
    const Table* table = quiet(intent.column.table);
    if (table == nullptr || table->column(intent.column.column.name) == nullptr) return;
    const std::string& from = intent.column.column.name;
    if (!claim(*table, from, statement.span, "renamed") || !give(*table, intent.to)) return;
    if (statement.options.via == dsl::Via::view) {
      context_.two_names_[table->name].push_back({from, intent.to.name, statement.span});
      return;
    }
    context_.renames_[table->name].emplace(from, intent.to.name);
    context_.renamed_from_[table->name].emplace(intent.to.name, from);
  }

  void add(const dsl::Statement&, const dsl::AddColumn& intent) {
    const Table* table = quiet(intent.column.table);
    if (table == nullptr || !give(*table, intent.column.column)) return;
    context_.added_[table->name].emplace(intent.column.column.name, intent.column.span);
  }

  void drop(const dsl::Statement& statement, const dsl::DropColumn& intent) {
    const Table* table = quiet(intent.column.table);
    if (table == nullptr || table->column(intent.column.column.name) == nullptr) return;
    if (!claim(*table, intent.column.column.name, statement.span, "dropped")) return;
    context_.dropped_[table->name].emplace(intent.column.column.name,
                                           Context::Gone{statement.span, "dropped"});
  }

  void map(const dsl::Statement& statement, const dsl::TableName& name,
           const std::vector<dsl::Identifier>& olds, const std::vector<dsl::ComputedColumn>& news,
           const std::string& verb) {
    const Table* table = quiet(name);
    if (table == nullptr) return;
    for (const dsl::Identifier& old : olds) {
      if (table->column(old.name) == nullptr || !claim(*table, old.name, statement.span, verb))
        return;
    }
    for (const dsl::Identifier& old : olds)
      context_.dropped_[table->name].emplace(old.name, Context::Gone{statement.span, verb});
    for (const dsl::ComputedColumn& made : news) {
      if (!give(*table, made.name)) continue;
      context_.added_[table->name].emplace(made.name.name, made.name.span);
      context_.computed_.emplace(table->name, made.name.name);
    }
  }

  void move(const dsl::Statement& statement, const dsl::MoveColumn& intent) {
    const Table* from = quiet(intent.column.table);
    const Table* to = quiet(intent.to.table);
    const std::string& column = intent.column.column.name;
    if (from == nullptr || to == nullptr || from->column(column) == nullptr ||
        !claim(*from, column, statement.span, "moved"))
      return;
    context_.dropped_[from->name].emplace(column, Context::Gone{statement.span, "moved"});
    if (!give(*to, intent.to.column)) return;
    context_.added_[to->name].emplace(intent.to.column.name, intent.to.column.span);
    context_.computed_.emplace(to->name, intent.to.column.name);
    if (statement.options.via != dsl::Via::app)
      context_.arriving_.emplace(to->name, intent.to.column.name);
  }

  void retype(const dsl::Statement& statement, const dsl::RetypeColumn& intent) {
    const Table* table = quiet(intent.column.table);
    const std::string& from = intent.column.column.name;
    const Column* column = table == nullptr ? nullptr : table->column(from);
    if (column == nullptr || !claim(*table, from, statement.span, "retyped")) return;
    if (intent.as) {
      if (!give(*table, *intent.as)) return;
      context_.renames_[table->name].emplace(from, intent.as->name);
      context_.renamed_from_[table->name].emplace(intent.as->name, from);
      context_.retyped_.insert({table->name, from});
      return;
    }
    const TypeChange change = type_change(context_, *table, *column, intent);
    if (change.type.empty() || change.catalogue_only) return;
    shadow(*table, from, change.type);
  }

  // A copy that takes the column's name at the end.
  void shadow(const Table& table, const std::string& column, const std::string& type) {
    std::string name = own_name(context_.change_name_, fmt::format("{} as {}", column, type));
    while (table.column(name) != nullptr) name = own_name(context_.change_name_, name + "+");
    context_.shadows_[table.name].emplace(column, name);
    context_.retyped_.insert({table.name, column});
  }

  void widen(const dsl::Statement& statement, const dsl::WidenKey& intent) {
    const Table* table = quiet(intent.column.table);
    const Column* column = table == nullptr ? nullptr : table->column(intent.column.column.name);
    // The recipe says what is wrong with the type when its turn comes.
    const std::size_t said = context_.diagnostics.size();
    const std::string type = context_.type(intent.type);
    context_.diagnostics.resize(said);
    if (column == nullptr || type.empty()) return;
    const int from = integer_width(context_, column->type);
    if (from == 0 || from >= integer_width(context_, type)) return;
    for (const FamilyColumn& member : key_family(context_, *table, *column, type)) {
      const auto [place, fresh] =
          widened_.try_emplace({member.table->name, member.column->name}, type);
      // A column may reference two keys that the file widens.
      if (!fresh && place->second == type && member.by != nullptr) continue;
      if (claim(*member.table, member.column->name, statement.span, "widened"))
        shadow(*member.table, member.column->name, type);
    }
  }

  void check(const dsl::AddCheck& intent) {
    const Table* table = quiet(intent.table);
    const auto parsed = dsl::sql::parse_expression(intent.condition.text);
    const auto* expression = std::get_if<dsl::sql::Expression>(&parsed);
    if (table == nullptr || expression == nullptr) return;
    for (const dsl::sql::ColumnUse& use : expression->columns)
      context_.checked_.insert({table->name, use.name});
    if (intent.repair)
      wait_for_contract(intent.table, intent.repair->column,
                        "let `using` say what becomes of values that break the rule");
  }

  // A column that is swapped at the end has its new type only then: what writes it would have to
  // write both types.
  void wait_for_contract(const dsl::TableName& name, const dsl::Identifier& column,
                         const std::string& instead) {
    const Table* table = quiet(name);
    if (table == nullptr) return;
    const auto shadows = context_.shadows_.find(table->name);
    if (shadows == context_.shadows_.end() || !shadows->second.contains(column.name)) return;
    context_.error(
        column.span,
        fmt::format("column {} of {} has its new type only when this change is contracted",
                    shown(column.name), quoted(table->name)),
        claims_.at({table->name, column.name}).verb == "widened"
            ? "write this in a change before or after this one"
            : instead);
  }

  void add(const dsl::Statement& statement, const dsl::AddPrimaryKey& intent) {
    const Table* table = quiet(intent.table);
    if (table == nullptr) return;
    const auto [place, fresh] = context_.new_keys_.try_emplace(table->name, statement.span);
    if (!fresh)
      contradiction(statement.span,
                    fmt::format("two statements make the primary key of {}", quoted(table->name)),
                    place->second, "the other one");
  }

  // One object, dropped once.
  template <typename Key>
  void drop_once(std::map<Key, dsl::Span>& dropped, Key key, const dsl::Statement& statement,
                 const std::string& what) {
    const auto [place, fresh] = dropped.try_emplace(std::move(key), statement.span);
    if (!fresh)
      contradiction(statement.span, fmt::format("{} is dropped twice", what), place->second,
                    "the other one");
  }

  void drop(const dsl::Statement& statement, const dsl::DropIndex& intent) {
    const std::string& name = intent.index.name.name;
    std::vector<std::string> schemas = context_.catalog.catalog().search_path;
    if (intent.index.schema) schemas = {intent.index.schema->name};
    for (const std::string& schema : schemas) {
      for (const Table& table : context_.catalog.catalog().tables) {
        if (table.name.schema != schema || table.index(name) == nullptr) continue;
        drop_once(context_.dropped_indexes_, QualifiedName{schema, name}, statement,
                  fmt::format("index {}", shown(name)));
        return;
      }
    }
  }

  void drop(const dsl::Statement& statement, const dsl::DropConstraint& intent) {
    const Table* table = quiet(intent.constraint.table);
    const std::string& name = intent.constraint.column.name;
    if (table == nullptr || table->constraint(name) == nullptr) return;
    drop_once(context_.dropped_constraints_, std::pair{table->name, name}, statement,
              fmt::format("constraint {}", shown(name)));
  }

  void drop(const dsl::Statement& statement, const dsl::DropTable& intent) {
    const Table* table = quiet(intent.table);
    if (table == nullptr) return;
    drop_once(context_.dropped_tables_, table->name, statement,
              fmt::format("table {}", quoted(table->name)));
  }

  void once(const dsl::Statement& statement, const dsl::ColumnName& column, Property property,
            bool own = false) {
    const Table* table = quiet(column.table);
    if (table == nullptr) return;
    auto& decided =
        property == Property::nullability ? context_.decided_null_ : context_.decided_default_;
    decided.insert({table->name, column.column.name});
    const auto [place, fresh] =
        properties_.try_emplace({table->name, column.column.name, property}, statement.span);
    if (fresh) return;
    const std::string what =
        property == Property::nullability ? "whether it may be NULL" : "its default";
    contradiction(own ? statement.keyword : statement.span,
                  fmt::format("two statements decide {} for column {} of {}", what,
                              shown(column.column.name), quoted(table->name)),
                  place->second, "the other one");
  }

  struct Claim {
    dsl::Span span;
    std::string verb;
  };

  Context& context_;
  std::map<std::pair<QualifiedName, std::string>, Claim> claims_;
  std::map<std::pair<QualifiedName, std::string>, std::string> widened_;  // to which type
  std::map<std::pair<QualifiedName, std::string>, dsl::Span> given_;
  std::map<std::tuple<QualifiedName, std::string, Property>, dsl::Span> properties_;
};

void survey(Context& context) {
  Survey(context).run();
}

}  // namespace segue::planner
