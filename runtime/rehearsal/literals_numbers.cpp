// Numbers at the ends of their types, and what looks equal and is not.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/rehearsal/literals.hpp"

namespace segue::runtime::rehearsal {

namespace {

constexpr int first_with_infinite_numeric = 14;

TypeValues integers(const char* minimum, const char* maximum) {
  return {{"0", "1", "-1", "7", "42", "100", minimum, maximum},
          {[](std::uint64_t n) { return fmt::format("{}", n); },
           [](std::uint64_t n) { return fmt::format("-{}", n); }}};
}

TypeValues numerics(const TypeText& type, int major) {
  TypeValues literals;
  if (type.modifiers.empty()) {
    literals.edges = {"0",     "1",    "-1",    "1.0", "1.00", "0.5",
                      "0.005", "-0.1", "99.99", "100", "NaN",  "12345678901234567890.123456789"};
    if (major >= first_with_infinite_numeric) {
      literals.edges.insert(literals.edges.end(), {"Infinity", "-Infinity"});
    }
    literals.shapes = {[](std::uint64_t n) { return fmt::format("{}.{:02}", n, n % 100); },
                       [](std::uint64_t n) { return fmt::format("{}", n); }};
    return literals;
  }
  const int precision = type.modifiers[0];
  const int scale = type.modifiers.size() > 1 ? type.modifiers[1] : 0;
  const int whole = std::max(precision - scale, 0);
  const std::string fraction =
      scale > 0 ? "." + std::string(static_cast<std::size_t>(scale), '9') : "";
  const std::string most =
      (whole > 0 ? std::string(static_cast<std::size_t>(whole), '9') : "0") + fraction;
  literals.edges = {"0", most, "-" + most, "NaN"};
  if (whole > 0) literals.edges.insert(literals.edges.end(), {"1", "-1", "1.0", "1.00", "7"});
  if (scale > 0) literals.edges.insert(literals.edges.end(), {"0.1", "-0.1"});
  if (scale > 1) literals.edges.insert(literals.edges.end(), {"0.05", "0.50"});
  // Below 10^whole, or below 1 in steps of the last digit.
  std::uint64_t room = 1;
  for (int i = 0; i < std::min(whole, 15); ++i) room *= 10;
  literals.shapes = {[room, scale](std::uint64_t n) {
                       return scale > 1 ? fmt::format("{}.{:02}", n % room, n / room % 100)
                                        : fmt::format("{}", n % room);
                     },
                     [room](std::uint64_t n) { return fmt::format("{}", n % room); }};
  return literals;
}

TypeValues floats(bool real) {
  TypeValues literals;
  literals.edges = {"0",
                    "-0",
                    "1",
                    "-1",
                    "1.5",
                    "0.1",
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    real ? "3.4028235e+38" : "1.7976931348623157e+308",
                    real ? "1e-37" : "1e-307"};
  literals.shapes = {[](std::uint64_t n) { return fmt::format("{}.5", n); },
                     [](std::uint64_t n) { return fmt::format("{}", n); }};
  return literals;
}

}  // namespace

std::optional<TypeValues> number_literals(const TypeText& type, int server_major) {
  const std::string_view base = type.base;
  if (base == "smallint") {
    TypeValues literals = integers("-32768", "32767");
    literals.shapes = {[](std::uint64_t n) { return fmt::format("{}", n % 32768); },
                       [](std::uint64_t n) { return fmt::format("-{}", n % 32768); }};
    return literals;
  }
  if (base == "integer") return integers("-2147483648", "2147483647");
  if (base == "bigint") {
    TypeValues literals = integers("-9223372036854775808", "9223372036854775807");
    literals.edges.insert(literals.edges.end(), {"2147483648", "-2147483649"});
    return literals;
  }
  if (base == "numeric") return numerics(type, server_major);
  if (base == "real") return floats(true);
  if (base == "double precision") return floats(false);
  if (base == "money") {
    return TypeValues{{"0", "1.00", "-1.00", "0.01", "92233720368547758.07"},
                      {[](std::uint64_t n) { return fmt::format("{}.{:02}", n, n % 100); }}};
  }
  if (base == "oid" || base == "xid" || base == "cid") {
    return TypeValues{{"0", "1", "4294967295"},
                      {[](std::uint64_t n) { return fmt::format("{}", n); }}};
  }
  return std::nullopt;
}

}  // namespace segue::runtime::rehearsal
