// What renames columns in a query, level by level; sql_query.cpp has the rules of a SELECT,
// sql_query_from.cpp those of FROM, sql_query_names.cpp what a name in an expression means.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/sql.hpp"
#include "dsl/sql_scope.hpp"
#include "dsl/sql_tree.hpp"

namespace segue::dsl::sql {

using Names = std::vector<std::string>;
using Outputs = std::optional<Names>;  // none: not known
using Entries = std::vector<RangeEntry>;

// Never leaves rename_in_query: the query holds something that cannot be decided.
struct Doubt {
  std::string reason;
};

std::string in_quotes(std::string_view name);
bool holds(const Names& names, std::string_view name);
void append(Entries& to, const Entries& from);
bool holds_target(const Entries& entries);

class QueryRenamer {
 public:
  QueryRenamer(std::string_view text, const std::string& schema, const std::string& table,
               const ColumnMap& renames, const RelationLookup& lookup)
      : text_(text), schema_(schema), table_(table), renames_(renames), lookup_(lookup) {}

  RewrittenQuery run(const Tree& select_statement);
  // The results that are a column to be renamed and nothing else; nothing where it stands anywhere
  // besides.
  std::optional<std::vector<std::size_t>> shown(const Tree& select_statement);

 private:
  // ---- one SELECT ----

  Outputs select(const Tree& node, const QueryScope* outer, const CteScope* outer_ctes);
  // The names of its ORDER BY are output names, which stay.
  Outputs set_operation(const Tree& node, const Tree& left, const QueryScope* outer,
                        const CteScope& ctes);
  Outputs values(const Tree& lists, const QueryScope& scope);
  void with_clause(const Tree& node, const QueryScope* outer, CteScope& ctes);
  // What a recursive query calls its columns: its first arm's names, none if a star is among them.
  static Outputs first_outputs(const Tree& query);
  static Outputs renamed_outputs(Outputs outputs, const Names& aliases);

  // ---- FROM ----

  // `scope` holds what stands to the left, for LATERAL.
  Entries from(const Tree& item, const QueryScope& scope);
  static std::string alias_of(const Tree& node);
  static Names alias_columns(const Tree& node);
  RangeEntry relation(const Tree& node, const QueryScope& scope);
  RangeEntry subselect(const Tree& node, const QueryScope& scope);
  static RangeEntry function(const Tree& node);
  Entries join(const Tree& node, const QueryScope& scope);
  void check_join(const Entries& left, const Entries& right, const Names& shared, bool natural);

  // ---- SELECT list, GROUP BY, ORDER BY ----

  Outputs target_list(const Tree& targets, const QueryScope& scope);
  // Whether the column that gives the target its name is among the splices since `before`.
  bool names_renamed_column(const Tree& value, std::size_t before) const;
  // The end of the target expression that begins at `offset`.
  std::size_t target_end(std::size_t offset) const;
  static bool ends_target(const std::string& word);
  void star(const Names& names, const QueryScope& scope, Outputs& outputs);
  static std::optional<std::string> bare_name(const Tree& node);
  // ORDER BY and DISTINCT ON: a bare name is an output name first, and output names stay.
  void sort_item(const Tree& node, const QueryScope& scope, const Names& outputs);
  // GROUP BY: a bare name is a column of this level first, then an output name.
  void group_item(const Tree& node, const QueryScope& scope, const Names& outputs);

  // ---- expressions ----

  void expression(const Tree& node, const QueryScope& scope);
  void field_selection(const Tree& node) const;
  // xmlforest(full_name) names its element after the column.
  void xml_argument(const Tree& node) const;
  void column(const Tree& node, const QueryScope& scope);
  bool is_new_name(std::string_view name) const;
  void unqualified(const std::string& name, const Token& token, const QueryScope& innermost);
  // `name` means a column of `found`, a FROM item of the level `home`.
  void resolved(const std::string& name, const Token& token, const RangeEntry& found,
                const QueryScope& innermost, const QueryScope* home, bool qualify);
  const RangeEntry* find_qualified(const Names& names, const QueryScope* scope) const;
  void replace(const Token& token, std::string text);

  std::string_view text_;
  const std::string& schema_;
  const std::string& table_;
  const ColumnMap& renames_;
  const RelationLookup& lookup_;
  std::vector<Splice> splices_;
  bool column_must_be_qualified_ = false;
};

}  // namespace segue::dsl::sql
