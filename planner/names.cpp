#include "planner/names.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cstdint>
#include <set>
#include <string>

#include "dsl/sql.hpp"
#include "dsl/utf8.hpp"

namespace segue::planner {

namespace {

using dsl::clip;

constexpr std::size_t limit = dsl::sql::max_identifier_bytes;

// FNV-1a, 32 bits: a name needs to differ, not to resist anybody.
std::uint32_t hash(std::string_view text) {
  std::uint32_t value = 2166136261U;
  for (const char c : text) {
    value ^= static_cast<unsigned char>(c);
    value *= 16777619U;
  }
  return value;
}

}  // namespace

std::string object_name(std::string_view name1, std::string_view name2, std::string_view label) {
  std::size_t overhead = 0;
  if (!name2.empty()) overhead += 1;
  if (!label.empty()) overhead += label.size() + 1;
  const std::size_t available = limit - overhead;
  std::size_t size1 = name1.size();
  std::size_t size2 = name2.size();
  while (size1 + size2 > available) {
    if (size1 > size2) {
      --size1;
    } else {
      --size2;
    }
  }
  std::string name{clip(name1, size1)};
  if (!name2.empty()) name.append("_").append(clip(name2, size2));
  if (!label.empty()) name.append("_").append(label);
  return name;
}

std::string choose_name(std::string_view name1, std::string_view name2, std::string_view label,
                        const NameTaken& taken) {
  std::string name = object_name(name1, name2, label);
  for (int pass = 1; taken(name); ++pass) {
    name = object_name(name1, name2, fmt::format("{}{}", label, pass));
  }
  return name;
}

std::string index_name_addition(const std::vector<std::string>& columns) {
  std::string addition;
  std::set<std::string> seen;
  for (const std::string& column : columns) {
    if (!addition.empty()) addition += '_';
    std::string name = column;
    for (int number = 1; !seen.insert(name).second; ++number) {
      const std::string tail = std::to_string(number);
      name = fmt::format("{}{}", clip(column, limit - tail.size()), tail);
    }
    addition += clip(name, limit);
    if (addition.size() >= limit + 1) break;
  }
  return addition;
}

std::string own_name(std::string_view change, std::string_view what) {
  const std::string tail = fmt::format("_{:08x}", hash(fmt::format("{}\n{}", change, what)));
  constexpr std::string_view prefix = "segue_";
  // Letters, digits and underscores only: a name that needs no quotes is easier to read and to
  // type.
  std::string plain;
  for (const char c : what) {
    const auto byte = static_cast<unsigned char>(c);
    const bool keeps = byte >= 0x80U || std::isalnum(byte) != 0;
    if (keeps) {
      plain += static_cast<char>(std::tolower(byte));
    } else if (!plain.empty() && plain.back() != '_') {
      plain += '_';
    }
  }
  return fmt::format("{}{}{}", prefix, clip(plain, limit - prefix.size() - tail.size()), tail);
}

}  // namespace segue::planner
