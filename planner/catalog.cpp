#include "planner/catalog.hpp"

namespace segue::planner {}
