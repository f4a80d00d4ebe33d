#pragma once

inline std::string forgotten_include() {
  return {};
}
