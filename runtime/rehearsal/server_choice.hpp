// Which of this machine's PostgreSQL majors stands in for the target's.
#pragma once

#include <optional>
#include <string>

namespace segue::runtime::rehearsal {

struct ServerChoice {
  int major = 0;
  std::string note;  // where it is not the one that was wanted: says so
};

// What was asked for (--pg), else the target's (0: not known), else the newest that is installed.
// The nearest where that is not installed, a newer one before an older. Throws std::runtime_error
// where none is.
ServerChoice choose_major(std::optional<int> asked, int target_major);

}  // namespace segue::runtime::rehearsal
