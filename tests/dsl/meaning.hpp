// A change in one text without places, to compare two of them.
#pragma once

#include <string>

#include "dsl/change.hpp"

namespace segue::dsl::testing_support {

std::string meaning(const Change& change);

}  // namespace segue::dsl::testing_support
