// What segue tells an author about a text: where, what, and what to do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/source.hpp"

namespace segue::dsl {

enum class Severity { error, warning };

// A second place that a message speaks of, such as the other of two statements that contradict.
struct Related {
  Span span;
  std::string message;
};

// One mistake or warning. User mistakes are values, never exceptions.
struct Diagnostic {
  Severity severity = Severity::error;
  Span span;
  std::string message;
  std::string hint;  // empty: none
  std::vector<Related> related;
};

// As printed on a terminal, ends with a newline:
//
//   changes/7.segue:3:14: error: unknown column "full_nmae" in public.users
//     rename users.full_nmae -> display_name
//                  ^~~~~~~~~
//     hint: did you mean "full_name"?
std::string render(const Source& source, const Diagnostic& diagnostic);
std::string render(const Source& source, const std::vector<Diagnostic>& diagnostics);

bool has_errors(const std::vector<Diagnostic>& diagnostics);

// The candidate nearest to `word` (edit distance with transpositions, case ignored), if it is near
// enough to be a likely slip: at most a third of the word's length, at least one edit allowed.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace segue::dsl
