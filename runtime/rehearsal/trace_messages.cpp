#include "runtime/rehearsal/trace_messages.hpp"

namespace segue::runtime::rehearsal {

namespace {

constexpr std::string_view debug = "DEBUG:  ";

// The first quoted name at or after `from`; moves behind it.
std::string quoted_at(std::string_view text, std::size_t& from) {
  const std::size_t open = text.find('"', from);
  if (open == std::string_view::npos) return "";
  const std::size_t close = text.find('"', open + 1);
  if (close == std::string_view::npos) return "";
  from = close + 1;
  return std::string(text.substr(open + 1, close - open - 1));
}

}  // namespace

bool is_debug(std::string_view notice) {
  return notice.starts_with(debug);
}

std::optional<WorkMessage> parse_work(std::string_view notice) {
  if (!is_debug(notice)) return std::nullopt;
  notice.remove_prefix(debug.size());
  notice = notice.substr(0, notice.find('\n'));
  using Kind = WorkMessage::Kind;
  WorkMessage message;
  message.text = notice;
  std::size_t at = 0;
  if (notice.starts_with("rewriting table \"")) {
    message.kind = Kind::rewrites;
  } else if (notice.starts_with("verifying table \"")) {
    message.kind = Kind::verifies;
  } else if (notice.starts_with("validating foreign key constraint \"")) {
    message.kind = Kind::validates_key;
  } else if (notice.starts_with("building index \"")) {
    message.kind = Kind::builds;
    message.name = quoted_at(notice, at);
    message.table = quoted_at(notice, at);
    message.text = notice.substr(0, at);
    return message;
  } else if (notice.find("sufficient to prove") != std::string_view::npos ||
             notice.find("implied by existing constraints") != std::string_view::npos) {
    message.kind = Kind::is_proven;
  } else {
    return std::nullopt;
  }
  message.name = quoted_at(notice, at);
  return message;
}

}  // namespace segue::runtime::rehearsal
