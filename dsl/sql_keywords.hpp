// Which words PostgreSQL keeps for itself.
#pragma once

#include <string_view>

namespace segue::dsl::sql {

// How far a word is PostgreSQL's own. `none` also for its unreserved keywords, which need no quotes
// anywhere.
enum class KeywordKind {
  none,
  column_name,       // a column or a table may bear it unquoted, a function or type not
  type_or_function,  // a function or type may bear it unquoted, a column or table not
  reserved,
};

// `word` in lower case.
KeywordKind keyword_kind(std::string_view word);

}  // namespace segue::dsl::sql
