// The statements and clauses that the language has: one table for the parser's hints, the formatter
// and the check against grammar.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace segue::dsl {

// What may follow the head of a statement or make up a header. In the order of the canonical form.
enum class Clause {
  change,
  title,
  flag,
  soak,
  tripwire,
  after,
  required,
  default_value,
  unique,
  check,
  references,
  on_delete,
  on_update,
  deferrable,
  as,
  using_method,
  include,
  where,
  with,
  comment,
  via,
  batch,
  workers,
  conversion,
  backfill,
  back,
  repair,
  undo,
  because,
};

// The clause's keyword as written in the canonical form: "on delete".
std::string_view keyword_of(Clause clause);

struct StatementForm {
  std::string_view keyword;  // one word or two: "drop index"
  std::string_view usage;  // its head, as a message shows it
  std::vector<Clause> clauses;
};

// All statements, the header first (its keyword is "change").
std::span<const StatementForm> statement_forms();
const StatementForm* find_form(std::string_view keyword);
// Whether a form's first word is `word`.
bool begins_form(std::string_view word);

// Words that begin a statement of this language, in the order of the reference.
std::vector<std::string> statement_keywords();

// Why segue refuses a word that an author may well expect to begin a statement; empty for others.
std::string_view refusal_of(std::string_view keyword);
std::vector<std::string> refused_keywords();

}  // namespace segue::dsl
