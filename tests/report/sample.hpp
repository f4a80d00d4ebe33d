// Rehearsals for tests of the report.
#pragma once

#include "runtime/rehearsal/result.hpp"

namespace segue::test {

// One that passed: every kind of thing in it, names that need escaping too.
runtime::rehearsal::Rehearsal passed_rehearsal();
// The same with a broken promise and a step that did more than it said.
runtime::rehearsal::Rehearsal failed_rehearsal();

}  // namespace segue::test
