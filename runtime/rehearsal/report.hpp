// A rehearsal as files: for the pull request, for machines, for a browser.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runtime/rehearsal/result.hpp"

namespace segue::runtime::rehearsal {

inline constexpr const char* markdown_file = "REHEARSAL.md";
inline constexpr const char* json_file = "rehearsal.json";
inline constexpr const char* html_file = "rehearsal.html";

// Summary, the failing stories first, steps with declared and traced locks, the timeline as
// Mermaid, what was tried and how often, the seed.
std::string to_markdown(const Rehearsal& rehearsal);

// All of it, and a seal over it: what `apply --require-rehearsal` goes by.
nlohmann::ordered_json to_json(const Rehearsal& rehearsal);

// One page that opens from disk: no script, nothing from elsewhere.
std::string to_html(const Rehearsal& rehearsal);

// The timeline alone, as an SVG element: phases, segue's steps, their locks, and how long the
// apps' statements took meanwhile.
std::string to_svg(const Rehearsal& rehearsal);

}  // namespace segue::runtime::rehearsal
