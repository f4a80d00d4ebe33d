// Which PostgreSQL server programs this machine has; inside the runtime only.
#pragma once

#include <optional>

#include "runtime/server.hpp"

namespace segue::runtime {

// The newest, or the one of that major. Throws std::runtime_error that says what to install.
ServerBinaries choose_server(const std::optional<int>& major);

}  // namespace segue::runtime
