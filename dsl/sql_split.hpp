// A file of SQL as its statements, without parsing them: also what an older grammar does not know.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace segue::dsl::sql {

struct StatementText {
  std::string_view text;   // from its first token on, without the final ';'
  std::uint32_t line = 1;  // where that token is
  bool is_meta = false;    // a line for psql, such as `\connect app`
};

// Knows strings (E'…' too), quoted names, dollar quotes, nested comments, brackets, and the bodies
// of BEGIN ATOMIC functions, as psql does. What is not closed goes on to the end of the text.
std::vector<StatementText> split_statements(std::string_view text);

}  // namespace segue::dsl::sql
