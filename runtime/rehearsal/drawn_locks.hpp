// The locks of traced steps, for the timeline.
#pragma once

#include <vector>

#include "runtime/rehearsal/trace.hpp"
#include "runtime/rehearsal/waits.hpp"

namespace segue::runtime::rehearsal {

// Into the lane "lock", beside the stretches of segue's steps that `book` has. Only locks that some
// statement of an app could meet.
void draw_locks(const std::vector<TracedStep>& steps, WaitBook& book);

}  // namespace segue::runtime::rehearsal
