// libpg_query's answer as a tree, and ways to read it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dsl/sql.hpp"
#include "dsl/sql_json_tree.hpp"
#include "dsl/sql_lexer.hpp"

namespace segue::dsl::sql {

// What this door refuses before PostgreSQL's parser sees it: text that is not UTF-8, NUL bytes,
// U&"…" names (the token is not the name), more operators than a parser of bounded depth takes.
std::optional<ParseError> refuse_text(std::string_view text);

// Parses `prefix + text + suffix` as whole statements and gives their list; the offset of an error
// is a byte in `text`.
std::variant<Tree, ParseError> parse_statements(std::string_view text, std::string_view prefix = {},
                                                std::string_view suffix = {});

// A node's `location`; libpg_query leaves out a zero.
std::size_t location_of(const Tree& node);

// The child `key` of `node`, or a null tree.
const Tree& child(const Tree& node, const char* key);

// The strings of a list of String nodes; an A_Star gives "*".
std::vector<std::string> names_of(const Tree& list);

// The tokens of a dotted name of `count` parts whose first begins at `offset`; fewer than `count`
// if the text there is something else.
std::vector<Token> dotted_tokens(std::string_view text, std::size_t offset, std::size_t count);

// One replacement of bytes in a text.
struct Splice {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};
std::string apply_splices(std::string_view text, std::vector<Splice> splices);

}  // namespace segue::dsl::sql
