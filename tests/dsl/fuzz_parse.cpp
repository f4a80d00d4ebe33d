// libFuzzer: whatever the bytes, parse answers; what parses formats to a fixed point.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dsl/parser.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace segue::dsl;
  const Source source("fuzz", std::string(reinterpret_cast<const char*>(data), size));
  const auto result = parse(source);
  render(source, result.diagnostics);
  if (!result.change) return 0;
  const auto once = format(source, *result.change);
  const Source again("formatted", once);
  const auto second = parse(again);
  if (!second.change || format(again, *second.change) != once) std::abort();
  return 0;
}
