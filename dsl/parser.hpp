// Text to Change and back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dsl/change.hpp"
#include "dsl/diagnostic.hpp"
#include "dsl/source.hpp"

namespace segue::dsl {

struct ParseResult {
  std::optional<Change> change;  // only when there is no error
  std::vector<Diagnostic> diagnostics;
};

// Reads one change file. After a statement that does not parse it goes on with the next, so that
// all mistakes of a file come at once.
ParseResult parse(const Source& source);

// The one canonical form of a change, comments kept; formatting it again gives the same bytes.
// `change` must come from parse(source).
std::string format(const Source& source, const Change& change);

// The change's name where its header gives none: the file's name without directory and ending
// ("changes/0007_display_name.segue" gives "0007_display_name").
std::string name_from_path(std::string_view path);

}  // namespace segue::dsl
