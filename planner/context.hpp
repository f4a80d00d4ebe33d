// What a recipe works with: the change, the catalogue seen through it, and the draft it adds to.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/change.hpp"
#include "dsl/diagnostic.hpp"
#include "dsl/source.hpp"
#include "dsl/sql.hpp"
#include "planner/catalog_index.hpp"
#include "planner/draft.hpp"
#include "planner/plan.hpp"

namespace segue::planner {

// A column as a statement means it, in the state that the file leads to.
struct ResolvedColumn {
  const Table* table = nullptr;
  std::string name;              // its name once the change is contracted, and from phase 1 on
  const Column* base = nullptr;  // what the catalogue says; none for a column that this file adds
  std::string old_name;          // where this file renames it; else empty
  std::string shadow;  // where this file makes a copy that takes its name at the end; else empty

  bool renamed() const { return !old_name.empty(); }
  bool added() const { return base == nullptr; }
};

// Which names an expression may use.
enum class NamesOf { before, after };

class Context {
 public:
  Context(const dsl::Source& source, const dsl::Change& change, const CatalogIndex& catalog,
          const std::set<std::string>& allowed_hazards, std::string change_name);

  const CatalogIndex& catalog;  // with what the file creates
  // Tables that the file renames: new name -> old name.
  std::map<QualifiedName, QualifiedName> renamed_tables;
  // Tables that the file creates, and how many others each has to wait for.
  std::map<QualifiedName, int> created_tables;
  Draft draft;
  std::vector<dsl::Diagnostic> diagnostics;

  // The statement that is being planned; set by make_plan.
  const dsl::Statement* statement = nullptr;
  SourceLine here() const;
  // Whether the application writes what a trigger would.
  bool by_app() const { return statement->options.via == dsl::Via::app; }
  // `via app` where no trigger would write anything; `because` goes on after "means nothing here:
  // ".
  void refuse_by_app(std::string_view because);

  // ---- Mistakes and hazards ----
  void error(dsl::Span span, std::string message, std::string hint = {});
  void error(dsl::Span span, std::string message, std::string hint,
             std::vector<dsl::Related> related);
  void warning(dsl::Span span, std::string message, std::string hint = {});
  void hazard(std::string code, HazardLevel level, std::string object, std::string message,
              std::string advice);

  // ---- Names ----
  // Each reports what is wrong and answers nothing then.
  const Table* table(const dsl::TableName& name);
  // Of a typed table, whose columns no statement changes; `because`: how the statement comes to it.
  void refuse_typed(dsl::Span span, const Table& table, std::string_view because = {});
  // An index, and the table that it is on.
  struct ResolvedIndex {
    const Table* table = nullptr;
    const Index* index = nullptr;
  };
  std::optional<ResolvedIndex> index(const dsl::TableName& name);
  const Type* enumeration(const dsl::TableName& name);
  std::optional<ResolvedColumn> column(const dsl::ColumnName& name);
  std::optional<ResolvedColumn> column(const Table& table, const dsl::Identifier& name);
  // One that is there before the change, for statements that say what becomes of it.
  const Column* existing(const Table& table, const dsl::Identifier& name);
  std::optional<std::vector<ResolvedColumn>> columns(const Table& table,
                                                     const std::vector<dsl::Identifier>& names);
  // The type as it goes into SQL: user types qualified. Empty after an error.
  std::string type(const dsl::TypeName& type);
  bool is_constrained_domain(const dsl::TypeName& type) const;
  // Whether every column that the expression names belongs to the table; parses it once.
  std::optional<dsl::sql::Expression> expression(const Table& table, const dsl::Fragment& fragment,
                                                 NamesOf names, std::string_view what);
  // An expression that may name no column at all (a default).
  std::optional<dsl::sql::Expression> constant_expression(const dsl::Fragment& fragment);
  bool is_volatile(const dsl::sql::Expression& expression) const;

  // A name that the plan makes and nobody has: records that it is now taken.
  std::string own_relation_name(const Table& table, std::string_view what);
  std::string own_constraint_name(const Table& table, std::string_view what);
  // PostgreSQL's default name for a new index or constraint, or the author's own after a check that
  // it is free; empty after an error.
  std::string index_name(const Table& table, const std::optional<dsl::Identifier>& given,
                         const std::vector<std::string>& columns, std::string_view label);
  std::string constraint_name(const Table& table, const std::optional<dsl::Identifier>& given,
                              const std::vector<std::string>& columns, std::string_view label);

  // ---- The draft ----
  TableDraft& draft_of(const Table& table);
  // Another column takes the place of one of the table's.
  void replace_column(const Table& table, Rename rename);
  void add_step(int order, Step step);
  void own(ObjectKind kind, const QualifiedName& table, std::string name);
  void note(std::vector<std::string>& notes, std::string sentence);  // once each

  // Whether a statement of this file says whether the column may be NULL, or what its default is.
  bool decides_null(const QualifiedName& table, const std::string& column) const {
    return decided_null_.contains({table, column});
  }
  bool decides_default(const QualifiedName& table, const std::string& column) const {
    return decided_default_.contains({table, column});
  }
  bool drops(const QualifiedName& table, const std::string& column) const {
    const auto found = dropped_.find(table);
    return found != dropped_.end() && found->second.contains(column) &&
           found->second.find(column)->second.verb == "dropped";
  }

  // Whether new columns of the same row are computed from it.
  bool maps(const QualifiedName& table, const std::string& column) const {
    const auto found = dropped_.find(table);
    if (found == dropped_.end() || !found->second.contains(column)) return false;
    const std::string& verb = found->second.find(column)->second.verb;
    return verb == "split" || verb == "merged";
  }

  // What the file takes away as a whole.
  bool drops_table(const QualifiedName& table) const { return dropped_tables_.contains(table); }
  const std::map<QualifiedName, dsl::Span>& dropped_tables() const { return dropped_tables_; }
  bool drops_index(const QualifiedName& index) const { return dropped_indexes_.contains(index); }
  bool drops_constraint(const QualifiedName& table, const std::string& constraint) const {
    return dropped_constraints_.contains({table, constraint});
  }
  bool makes_table(const QualifiedName& table) const { return created_tables.contains(table); }
  int table_level(const QualifiedName& table) const { return created_tables.at(table); }
  bool makes_primary_key(const QualifiedName& table) const { return new_keys_.contains(table); }
  // Whether a foreign key goes: by itself, or with the table that it is on.
  bool drops_key(const CatalogIndex::IncomingKey& key) const {
    return drops_table(key.table->name) || drops_constraint(key.table->name, key.constraint->name);
  }
  // Whether a split or merge of this file computes the new column.
  bool computes(const QualifiedName& table, const std::string& column) const {
    return computed_.contains({table, column});
  }

  // Whether it comes from another table, whose rows may be there later than the rows that need it.
  bool arrives(const QualifiedName& table, const std::string& column) const {
    return arriving_.contains({table, column});
  }

  // Whether a `check` of this file names the column of the end state.
  bool checks(const QualifiedName& table, const std::string& column) const {
    return checked_.contains({table, column});
  }

  bool makes_column(const QualifiedName& table) const {
    return added_.contains(table) || renames_.contains(table) || shadows_.contains(table);
  }

  // Columns that bear two names up to contract, since a view has their table's place.
  struct TwoNames {
    std::string from;
    std::string to;
    dsl::Span span;  // of the statement
  };
  const std::map<QualifiedName, std::vector<TwoNames>>& two_names() const { return two_names_; }

  // All renames of this file, over all tables by copy: old name -> new name.
  const std::map<QualifiedName, dsl::sql::ColumnMap>& renames() const { return renames_; }
  // What the column of the end state is called before contract.
  std::string new_name(const QualifiedName& table, const std::string& column) const;
  // The author's expression over end-state names, as it reads before contract.
  std::string before_contract(const Table& table, const std::string& expression) const;
  // What a column of the end state is called before contract: a copy's name, where one of another
  // type takes its place then.
  std::string until_contract(const QualifiedName& table, const std::string& column) const;
  bool retypes(const QualifiedName& table, const std::string& column) const {
    return retyped_.contains({table, column});
  }

  const dsl::Source& source() const { return source_; }
  const dsl::Change& change() const { return change_; }
  const std::string& change_name() const { return change_name_; }

  // Names that function bodies mention; parsed once per function.
  const dsl::sql::BodyNames& body_names(const Function& function);

 private:
  friend class Survey;  // fills the maps below before the first recipe runs

  const dsl::Source& source_;
  const dsl::Change& change_;
  std::set<std::string> allowed_;
  std::string change_name_;
  std::map<QualifiedName, dsl::sql::ColumnMap> renames_;
  std::map<QualifiedName, std::vector<TwoNames>> two_names_;
  std::map<QualifiedName, dsl::sql::ColumnMap>
      shadows_;  // copies that take over the name at the end
  std::set<std::pair<QualifiedName, std::string>> retyped_;  // by copy; old names
  std::map<QualifiedName, std::map<std::string, std::string, std::less<>>>
      renamed_from_;  // new -> old
  std::map<QualifiedName, std::map<std::string, dsl::Span, std::less<>>> added_;
  struct Gone {
    dsl::Span span;
    std::string verb;  // "dropped", "split", "merged"
  };
  std::map<QualifiedName, std::map<std::string, Gone, std::less<>>> dropped_;
  std::set<std::pair<QualifiedName, std::string>> computed_;
  std::set<std::pair<QualifiedName, std::string>> arriving_;
  std::map<QualifiedName, dsl::Span> new_keys_;  // primary keys
  std::map<QualifiedName, dsl::Span> dropped_tables_;
  std::map<QualifiedName, dsl::Span> dropped_indexes_;
  std::map<std::pair<QualifiedName, std::string>, dsl::Span> dropped_constraints_;
  std::set<std::string> said_;  // hazards
  std::set<std::pair<const std::vector<std::string>*, std::string>> noted_;
  std::set<std::pair<QualifiedName, std::string>> decided_null_;
  std::set<std::pair<QualifiedName, std::string>> decided_default_;
  std::set<std::pair<QualifiedName, std::string>> checked_;
  std::set<QualifiedName> taken_relations_;
  std::map<QualifiedName, std::set<std::string>> taken_constraints_;
  std::unordered_map<const Function*, dsl::sql::BodyNames> bodies_;
  std::set<std::string> builtin_types_;
  std::set<QualifiedName> user_types_;
};

// Checks what concerns several statements at once: renames, added and dropped columns, and
// statements that contradict each other. Runs before the recipes.
void survey(Context& context);
void survey_aside(Context& context);

// ---- Recipes: one file each, in planner/recipes/
// ---------------------------------------------------

void plan(Context& context, const dsl::RenameColumn& intent);
void plan(Context& context, const dsl::RenameTable& intent);
void plan(Context& context, const dsl::AddColumn& intent);
void plan(Context& context, const dsl::RequireColumn& intent);
void plan(Context& context, const dsl::RelaxColumn& intent);
void plan(Context& context, const dsl::DropColumn& intent);
void plan(Context& context, const dsl::RetypeColumn& intent);
void plan(Context& context, const dsl::WidenKey& intent);
void plan(Context& context, const dsl::MoveColumn& intent);
void plan(Context& context, const dsl::DropIndex& intent);
void plan(Context& context, const dsl::DropConstraint& intent);
void plan(Context& context, const dsl::DropTable& intent);
void plan(Context& context, const dsl::SetDefault& intent);
void plan(Context& context, const dsl::AddIndex& intent);
void plan(Context& context, const dsl::AddUnique& intent);
void plan(Context& context, const dsl::AddPrimaryKey& intent);
void plan(Context& context, const dsl::AddCheck& intent);
void plan(Context& context, const dsl::AddReference& intent);
void plan(Context& context, const dsl::ExtendType& intent);
void plan(Context& context, const dsl::CreateObject& intent);
void plan(Context& context, const dsl::SplitColumn& intent);
void plan(Context& context, const dsl::MergeColumns& intent);
void plan(Context& context, const dsl::RunSql& intent);

// A rename whose old and new name are one column; `intent` was looked at by the recipe of rename.
void plan_via_view(Context& context, const dsl::RenameColumn& intent, const Table& table,
                   const Column& column);

// What each statement means, told from the statement alone and not from the steps: one overload
// each, in planner/meaning/. Runs after the recipes, over a change without mistakes.
Meaning meaning_of(Context& context);

// What hangs on renamed columns, for all renames of a table at once; runs after the recipes.
void carry_indexes(Context& context, TableDraft& draft);
void carry_constraints(Context& context, TableDraft& draft);
void carry_dependents(Context& context, TableDraft& draft);
void carry_views(Context& context);

}  // namespace segue::planner
