// What the parser's grammar consists of, for the test that holds it and grammar.md together.
#pragma once

#include <cstddef>
#include <set>
#include <string>

namespace segue::dsl {

struct GrammarInfo {
  std::set<std::string> rules;     // those that grammar.md has to name
  std::set<std::string> keywords;  // every keyword that a rule matches
  std::size_t problems = 0;        // what PEGTL's analysis finds: rules that could loop forever
};

GrammarInfo grammar_info();

}  // namespace segue::dsl
