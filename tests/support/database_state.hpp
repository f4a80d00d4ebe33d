// The comparison of whole databases that a rehearsal rests on, for tests.
#pragma once

#include "runtime/rehearsal/database_state.hpp"

namespace segue::test {

using runtime::rehearsal::compare;
using runtime::rehearsal::DatabaseState;
using runtime::rehearsal::read_state;

}  // namespace segue::test
