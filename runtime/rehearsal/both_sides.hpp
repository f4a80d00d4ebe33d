// `via app`: the release that writes what is old and what is new by itself, as no trigger does.
//
// It is derived from the old one's statements: beside the old columns it writes what the change
// makes of them. How the application's own release computes that is its own to test.
#pragma once

#include "runtime/rehearsal/oracle.hpp"
#include "runtime/rehearsal/shape.hpp"
#include "runtime/rehearsal/statement.hpp"

namespace segue::runtime::rehearsal {

// What it writes beside, into the statement: the model has attempted that just now. Nothing where
// the statement is of another release.
void write_both(Oracle& oracle, Statement& statement);

}  // namespace segue::runtime::rehearsal
