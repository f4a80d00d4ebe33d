// Text as it may stand in HTML.
#pragma once

#include <string>
#include <string_view>

namespace segue::runtime::rehearsal {

// Escaped for an element's text and for a quoted attribute.
std::string html_text(std::string_view text);
// Letters and digits alone: for a class attribute.
std::string class_name(std::string_view text);
// At most `letters` characters (not bytes), with "…" where something was cut.
std::string shortened(std::string_view text, std::size_t letters);

}  // namespace segue::runtime::rehearsal
