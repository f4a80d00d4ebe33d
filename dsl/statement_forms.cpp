#include "dsl/statement_forms.hpp"

#include <algorithm>
#include <array>

#include "dsl/change.hpp"

namespace segue::dsl {
namespace {

using enum Clause;

struct Refusal {
  std::string_view keyword;
  std::string_view reason;
};

// Words of other tools, of SQL, or of changes that segue does not make.
constexpr auto refusals = std::to_array<Refusal>({
    {"exclude",
     "PostgreSQL has no online way to add an exclusion constraint: it builds the index under a "
     "lock that stops all writers"},
    {"alter", ""},
    {"update", ""},
    {"insert", ""},
    {"delete", ""},
    {"select", ""},
});

}  // namespace

std::string_view keyword_of(Clause clause) {
  switch (clause) {
    case change:
      return "change";
    case title:
      return "title";
    case flag:
      return "flag";
    case soak:
      return "soak";
    case tripwire:
      return "tripwire";
    case after:
      return "after";
    case required:
      return "required";
    case default_value:
      return "default";
    case unique:
      return "unique";
    case check:
      return "check";
    case references:
      return "references";
    case on_delete:
      return "on delete";
    case on_update:
      return "on update";
    case deferrable:
      return "deferrable";
    case as:
      return "as";
    case using_method:
      return "using";
    case conversion:
      return "using";
    case include:
      return "include";
    case where:
      return "where";
    case with:
      return "with";
    case comment:
      return "comment";
    case backfill:
      return "backfill";
    case back:
      return "back";
    case repair:
      return "repair";
    case undo:
      return "undo";
    case because:
      return "because";
    case via:
      return "via";
    case batch:
      return "batch";
    case workers:
      return "workers";
  }
  return "";
}

std::string_view word_of(Via via) {
  switch (via) {
    case Via::copy:
      return "copy";
    case Via::view:
      return "view";
    case Via::app:
      break;
  }
  return "app";
}

std::span<const StatementForm> statement_forms() {
  static const std::vector<StatementForm> forms = {
      {"change", "change NAME", {change, title, flag, soak, tripwire, after}},
      {"rename", "rename table.column -> new_name", {via, batch, workers}},
      {"rename table", "rename table TABLE -> new_name", {batch, workers}},
      {"add",
       "add table.column TYPE",
       {required, default_value, unique, check, references, on_delete, on_update, deferrable,
        comment, backfill, via, batch, workers}},
      {"require", "require table.column", {backfill, via, batch, workers}},
      {"relax", "relax table.column", {batch, workers}},
      {"drop", "drop table.column", {back, via, batch, workers}},
      {"drop index", "drop index NAME", {batch, workers}},
      {"drop constraint", "drop constraint table.NAME", {batch, workers}},
      {"drop table", "drop table TABLE", {batch, workers}},
      {"retype", "retype table.column -> TYPE", {conversion, back, as, via, batch, workers}},
      {"default", "default table.column EXPRESSION", {batch, workers}},
      {"index", "index table(column, …)", {as, using_method, include, where, with, batch, workers}},
      {"unique", "unique table(column, …)", {as, batch, workers}},
      {"primary key", "primary key table(column, …)", {batch, workers}},
      {"check", "check table (CONDITION)", {as, repair, via, batch, workers}},
      {"reference",
       "reference table(column, …) -> other_table(column, …)",
       {on_delete, on_update, deferrable, as, repair, via, batch, workers}},
      {"create", "create table NAME (…)", {}},
      {"sql", "sql PHASE $$ … $$", {undo, because, batch, workers}},
      {"extend type", "extend type TYPE with 'value'", {batch, workers}},
      {"split",
       "split table.column -> new_column TYPE = EXPRESSION, …",
       {via, batch, workers, back}},
      {"widen", "widen table.column -> TYPE", {batch, workers}},
      {"move",
       "move table.column -> other_table.column on (other_table.key = table.key)",
       {via, batch, workers}},
      {"merge",
       "merge table(column, …) -> new_column TYPE = EXPRESSION",
       {via, batch, workers, back}},
  };
  return forms;
}

const StatementForm* find_form(std::string_view keyword) {
  const auto forms = statement_forms();
  const auto found = std::ranges::find(forms, keyword, &StatementForm::keyword);
  return found == forms.end() ? nullptr : &*found;
}

bool begins_form(std::string_view word) {
  return std::ranges::any_of(statement_forms(), [&](const StatementForm& form) {
    return form.keyword.substr(0, form.keyword.find(' ')) == word;
  });
}

std::vector<std::string> statement_keywords() {
  std::vector<std::string> words;
  for (const auto& form : statement_forms().subspan(1)) words.emplace_back(form.keyword);
  return words;
}

std::string_view refusal_of(std::string_view keyword) {
  const auto* found = std::ranges::find(refusals, keyword, &Refusal::keyword);
  return found == refusals.end() ? "" : found->reason;
}

std::vector<std::string> refused_keywords() {
  std::vector<std::string> words;
  words.reserve(refusals.size());
  for (const auto& refusal : refusals) words.emplace_back(refusal.keyword);
  return words;
}

}  // namespace segue::dsl
