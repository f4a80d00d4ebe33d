#include <fmt/format.h>

#include <algorithm>

#include "workload.hpp"

namespace shop {

namespace {

constexpr std::size_t kept_messages = 10;

std::string quoted_json(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

void Report::add(const Report& other) {
  seconds += other.seconds;
  statements += other.statements;
  errors += other.errors;
  lost_writes += other.lost_writes;
  longest_ms = std::max(longest_ms, other.longest_ms);
  old_statements += other.old_statements;
  new_statements += other.new_statements;
  for (const auto& message : other.messages) keep(message);
}

void Report::keep(const std::string& message) {
  if (messages.size() < kept_messages) messages.push_back(message);
}

std::string Report::json() const {
  std::string list;
  for (const auto& message : messages) list += (list.empty() ? "" : ", ") + quoted_json(message);
  return fmt::format(
      R"({{"seconds": {:.1f}, "statements": {}, "old_statements": {}, "new_statements": {}, )"
      R"("errors": {}, "lost_writes": {}, "longest_ms": {:.1f}, "messages": [{}]}})",
      seconds, statements, old_statements, new_statements, errors, lost_writes, longest_ms, list);
}

}  // namespace shop
