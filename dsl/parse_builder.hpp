// What the grammar's actions write into: one statement at a time becomes a value. Private to dsl.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dsl/change.hpp"
#include "dsl/diagnostic.hpp"
#include "dsl/source.hpp"
#include "dsl/statement_forms.hpp"

namespace segue::dsl {

// Where a clause of a statement stands; the formatter needs it to keep comments in place.
struct ClausePlace {
  Clause clause;
  Span span;
};

// A file with what the public Change leaves out.
struct ParsedFile {
  Change change;
  std::vector<ClausePlace> header_clauses;
  std::vector<std::vector<ClausePlace>> clauses;  // one list for each statement
  std::vector<Diagnostic> diagnostics;
};

ParsedFile parse_file(const Source& source);

class ParseBuilder {
 public:
  ParseBuilder(const Source& source, ParsedFile& out) : source_(source), out_(out) {}

  // `form`: the keyword in statement_forms(), or any word that begins no statement.
  void begin_statement(Span keyword, std::string form);
  std::uint32_t statement_begin() const { return begin_; }
  // The bracket of the list that is being read.
  std::uint32_t open_list() const { return open_list_; }
  const std::string& form() const { return form_; }

  // ---- what the parts of a statement report ----
  void comment(Span span);
  void identifier(Span span);
  void label(Span span);
  void table(Span span);
  void column(Span span);
  void columns();
  void text(Span span);
  void integer(Span span);
  void unit(Span span) { word_ = span; }
  void way(Span span) { word_ = span; }
  void action(Span span) { word_ = span; }
  void side(Span span) { word_ = span; }
  void enum_label(Span span);
  void sql_text(Span span);
  void sql_phase(Span span);
  void sql_script(Span span);
  void type(Span span);
  void fragment(Span span);
  void condition(Span span);
  void list_opened(Span span) { open_list_ = span.begin; }
  void no_default() { fragment_.reset(); }
  void key_expression(Span span);
  void collation(Span span) { key_.collation = source_.slice(span); }
  void operator_class(Span span);
  void direction(Span span);
  void nulls_order(Span span);
  void index_key();
  void parameter_name(Span span);
  void parameter_value(Span span);
  void reference_source();
  void move_source() { moved_ = std::exchange(column_, {}); }
  void computed_column();
  void back_value();

  void clause(Clause clause, Span span);
  void header_clause(Clause clause, Span span);
  // The head and the clauses of a statement are read.
  void finish(Span span);

  void error(Span span, std::string message, std::string hint = {},
             std::vector<Related> related = {});
  // Takes back what was said of a fragment that ends at `end`: the author meant it to go on.
  void forget_fragment_error(std::uint32_t end);

 private:
  Identifier take_name();
  ForeignKeyTarget& target();
  void check_name(const Identifier& identifier, bool quoted);
  std::optional<Fragment> checked_fragment(Span span);
  void check_list(const Fragment& fragment);
  void check_references_clauses();
  std::uint32_t option_value(Clause clause, Span span, std::uint32_t most);
  void via(Span span);
  ExtendType extend_type();
  Intent intent();
  std::chrono::seconds soak(Span span);

  const Source& source_;
  ParsedFile& out_;

  std::uint32_t begin_ = 0;
  std::uint32_t open_list_ = 0;
  std::string form_;
  Span keyword_;
  std::vector<ClausePlace> places_;

  // The part read last, until a clause or the statement takes it.
  std::vector<Identifier> names_;
  std::vector<Identifier> labels_;
  TableName table_;
  std::vector<Identifier> columns_;
  std::optional<Fragment> fragment_;
  std::optional<Fragment> condition_;
  std::string text_;
  std::uint64_t integer_ = 0;
  Span integer_span_;
  Span word_;
  IndexKey key_;
  std::vector<StorageParameter> parameters_;

  // The statement so far.
  ColumnName column_;
  ColumnName moved_;
  std::vector<EnumLabel> enum_labels_;
  Fragment sql_;
  RunSql run_;
  std::optional<SqlText> script_;
  std::optional<TypeName> type_;
  std::vector<IndexKey> keys_;
  TableName source_table_;
  std::vector<Identifier> source_columns_;
  std::vector<ComputedColumn> computed_;
  std::vector<BackValue> back_values_;
  AddColumn add_;
  AddIndex index_;
  std::optional<ForeignKeyTarget> target_;
  std::optional<Fragment> backfill_;
  std::optional<Fragment> back_;
  std::optional<Fragment> conversion_;
  std::optional<Identifier> as_;
  std::optional<Repair> repair_;
  Options options_;

  std::size_t fragment_error_ = SIZE_MAX;
  std::uint32_t fragment_error_end_ = 0;
  std::unordered_map<std::string, std::optional<Diagnostic>> known_types_;
};

}  // namespace segue::dsl
