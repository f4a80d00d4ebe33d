// Who may write just now, as the plan's phases promise it.
#pragma once

#include <vector>

#include "runtime/rehearsal/audit.hpp"
#include "runtime/rehearsal/shape.hpp"
#include "runtime/rehearsal/writer.hpp"

namespace segue::runtime::rehearsal {

std::vector<Permission> permitted(const Shapes& shapes, const Progressed& at);
// Between the transactions of phase 4 a swapped column is neither here nor there.
bool is_in_between(const TableShape& shape, const Progressed& at);
// The notes name the release that has to reconnect when a column's type is another.
bool must_reconnect(const TableShape& shape, const Progressed& at, const std::string& sqlstate);

}  // namespace segue::runtime::rehearsal
