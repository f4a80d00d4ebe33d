// SHA-256 as the project uses it.
#pragma once

#include <string>
#include <string_view>

namespace segue::codegen {

// Lower-case hexadecimal, 64 characters.
std::string sha256(std::string_view bytes);

}  // namespace segue::codegen
